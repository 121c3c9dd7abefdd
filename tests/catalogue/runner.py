"""Runs a program for the tests and tells what it used: a line of JSON in, a line of JSON out.

A process of its own, and a small one: Linux counts the most memory of a child from its parent's on.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
from typing import Any

SECONDS = 60  # by the clock: only what waits for something that never comes takes so long
MOST_READ = 1 << 22


def before(limits: dict[str, int], closed: list[int]) -> None:
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, name), (most, most))
    for descriptor in closed:
        os.close(descriptor)


def waited(process: subprocess.Popen[bytes]) -> tuple[int, resource.struct_rusage, bool]:
    """Its exit code (a signal's number with a minus), what it used, and whether it came to an end by itself."""
    ended = bool(select.select([os.pidfd_open(process.pid)], [], [], SECONDS)[0])
    if not ended:
        os.kill(process.pid, signal.SIGKILL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used, ended


def run(
    words: list[str], cwd: str, env: dict[str, str], limits: dict[str, int], closed: list[int], out: str, stdin: str
) -> dict[str, Any]:
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complained, open(stdin, "rb") as read:
        output = open(out, "wb") if out else told
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env=env,
            stdin=read,
            stdout=output,
            stderr=complained,
            preexec_fn=lambda: before(limits, closed),
        )
        code, used, ended = waited(process)
        shown = []
        for stream in (told, complained):
            stream.seek(0)
            shown.append(stream.read(MOST_READ).decode("utf-8", "surrogateescape"))
    return {
        "code": code,
        "ended": ended,
        "cpu": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss * 1024,
        "out": shown[0],
        "err": shown[1],
    }


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
