"""What the tests here need besides the program."""

import os
import shutil
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is missing")


def quick_place() -> str | None:
    """Where files cost little; None for the usual place of temporaries."""
    return str(MEMORY) if os.access(MEMORY, os.W_OK) else None
