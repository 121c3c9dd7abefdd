"""The package as it lies in the tree; `make python` puts its module there. THAW_INSTALLED=1: the installed one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
if not os.environ.get("THAW_INSTALLED"):
    sys.path.insert(0, str(ROOT / "python"))


@pytest.fixture(scope="session")
def digits() -> Path:
    """A small frozen convolutional network."""
    return ROOT / "demo" / "digits.pb"
