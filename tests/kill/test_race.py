"""Two runs at once over one output, some of them killed, and a reader; `make soak` lets more of them run for longer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from program import binary
from race import KINDS, Race

LOOKS = 40


@pytest.mark.parametrize("kind", KINDS)
def test_only_whole_results_are_seen(kind: str, place: Path) -> None:
    seen = Race(Path(binary()), kind, "small", 2, place).run(LOOKS, random.Random(1))
    assert sum(count for what, count in seen.items() if what.startswith("seen")) == LOOKS
