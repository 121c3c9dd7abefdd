"""Scripts that tests start run in a Python that has TensorFlow already (warm_server.py), where there is one."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOCKET = "THAW_WARM_PYTHON"


def python() -> str:
    """The program to start scripts with: this Python itself where no server runs."""
    return str(HERE / "warm_python") if SOCKET in os.environ else sys.executable


@contextlib.contextmanager
def server() -> Iterator[None]:
    """For this process and those that it starts. It gets ready beside them."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:
        place = Path(folder) / "socket"
        process = subprocess.Popen([sys.executable, str(HERE / "warm_server.py"), str(place)], stderr=subprocess.DEVNULL)
        try:
            while process.poll() is None and not place.exists():
                time.sleep(0.01)
            os.environ[SOCKET] = str(place)
            yield
        finally:
            os.environ.pop(SOCKET, None)
            process.kill()
            process.wait()
