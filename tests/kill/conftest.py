"""The commands' models and the words for the program are those of the tests from outside."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CLI = str(HERE.with_name("cli"))
if CLI not in sys.path:
    sys.path.insert(0, CLI)

from requirements import quick_place  # noqa: E402


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="thaw-kill-", dir=quick_place()) as folder:
        yield Path(folder)
