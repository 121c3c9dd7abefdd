"""Starts the program `thaw` that lies in the package."""

from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["main"]


def main() -> None:
    """Becomes the program: its exit status, signals and streams are the caller's."""
    program = Path(__file__).with_name("bin") / "thaw"
    os.execv(program, ["thaw", *sys.argv[1:]])
