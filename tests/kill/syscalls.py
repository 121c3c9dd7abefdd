"""The system calls of a run that replaces a checkpoint, and runs that are disturbed at one of them."""

from __future__ import annotations

import collections
import re
import subprocess

from world import World

LINE = re.compile(r"^\d+ +(\w+)\((.*)")
# From here on a run meets its output folder; what comes before differs with the loader and the machine.
CHANGING = ("openat", "write", "fallocate", "ftruncate", "fdatasync", "fsync", "close", "linkat", "rename", "unlink",
            "flock", "getdents64", "mkdir")


def system_calls(world: World) -> list[tuple[str, int]]:
    """Each call that can change something from the first that names the output, as (name, n-th of that name)."""
    world.reset()
    log = world.folder.parent / "strace.log"
    subprocess.run(["strace", "-f", "-o", str(log), *world.command("--force")], check=True, capture_output=True)
    counts: collections.Counter[str] = collections.Counter()
    calls, began = [], False
    for line in log.read_text(errors="replace").splitlines():
        match = LINE.match(line)
        if not match or match[1] == "execve":
            continue
        counts[match[1]] += 1
        began = began or str(world.folder) in match[2]
        if began and match[1] in CHANGING:
            calls.append((match[1], counts[match[1]]))
    return calls


def kill_at(world: World, call: str, number: int) -> None:
    _inject(world, f"inject={call}:signal=KILL:when={number}")


def fail_at(world: World, call: str, number: int, error: str) -> subprocess.CompletedProcess[str]:
    return _inject(world, f"inject={call}:error={error}:when={number}")


def _inject(world: World, what: str) -> subprocess.CompletedProcess[str]:
    log = world.folder.parent / "strace.log"
    return subprocess.run(["strace", "-f", "-o", str(log), "-e", what, *world.command("--force")],
                          capture_output=True, text=True, check=False)
