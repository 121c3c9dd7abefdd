"""What the TensorFlow tests share: the tool, the own models, and small frozen graphs made by hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import cases


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of own models, made when missing; $THAW_MODELS names another place for it."""
    folder = Path(os.environ.get("THAW_MODELS") or cases.OWN)
    cases.own(folder)
    return folder


@pytest.fixture(scope="session")
def mlp(models: Path) -> Path:
    return models / "mlp" / "frozen.pb"
