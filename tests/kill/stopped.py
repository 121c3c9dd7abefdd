"""A run that is stopped when one of its system calls is done, while somebody does something to its files."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from syscalls import SECONDS, Call, Run


def stop_at(words: list[str], folder: Path, call: Call, meanwhile: Callable[[], None]) -> Run:
    """`meanwhile` is called when the run stands still."""
    log = folder / "strace.log"
    log.unlink(missing_ok=True)
    stop = ["-e", f"trace={call.name}", "-e", f"inject={call.name}:signal=STOP:when={call.number}"]
    tracer = subprocess.Popen(["strace", "-f", "-o", str(log), *stop, *words], cwd=folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    traced = _stopped(tracer, log)
    if traced:
        meanwhile()
        os.kill(traced, signal.SIGCONT)
    out, err = tracer.communicate(timeout=SECONDS)
    return Run(tracer.returncode, out, err, bool(traced))


def _stopped(tracer: subprocess.Popen[str], log: Path) -> int:
    """The number of the run once it stands still; 0: it was over before."""
    while tracer.poll() is None:
        told = log.read_text(errors="replace") if log.exists() else ""
        if "--- stopped by SIGSTOP ---" in told:
            return int(told.split(maxsplit=1)[0])
        time.sleep(0.001)
    return 0
