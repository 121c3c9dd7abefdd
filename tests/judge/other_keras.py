"""Scripts in a process of their own, with the Keras of their choice: TensorFlow has one in each process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import warm


def run(script: str | Path, *words: str | Path, legacy: str, seconds: int) -> str:
    """What it printed; `legacy` "1" is tf_keras, "0" Keras 3."""
    python = warm.python() if legacy == "0" else sys.executable  # the warm one has Keras 3
    command = [python, str(script), *map(str, words)]
    environment = {**os.environ, "TF_USE_LEGACY_KERAS": legacy}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=seconds, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
