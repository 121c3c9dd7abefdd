#!/usr/bin/env python3
"""Lets every system call of a run that replaces a checkpoint fail once, with every error that is plausible.

The run must end with exit code 4 and a message of three parts, and leave the old checkpoint as it was; or,
where the failure does not matter or came after the new checkpoint was published, leave that one whole.
"""

from __future__ import annotations

import argparse
import collections
import shutil
import sys
import tempfile
from pathlib import Path

from random_kills import DEMO
from syscalls import fail_at, system_calls
from world import Forbidden, World, expect_three_parts

ERRORS = {
    "openat": ("EACCES", "EMFILE", "ENOSPC"),
    "write": ("ENOSPC", "EIO", "EDQUOT", "EINTR"),
    "fallocate": ("ENOSPC", "EOPNOTSUPP", "EINTR"),
    "ftruncate": ("EIO",),
    "fdatasync": ("EIO", "ENOSPC"),
    "fsync": ("EIO", "EINVAL"),
    "close": ("EIO",),
    "linkat": ("EPERM", "EIO", "ENOSPC", "EMLINK"),
    "rename": ("EIO", "EACCES", "ENOSPC"),
    "unlink": ("EIO", "EACCES"),
    "flock": ("ENOLCK", "EINTR"),
    "getdents64": ("EIO",),
    "mkdir": ("EACCES", "ENOSPC"),
}


def check(world: World, call: str, number: int, error: str) -> str:
    world.reset()
    run = fail_at(world, call, number, error)
    files = world.files()
    if run.returncode == 0:
        if files != world.new:
            raise Forbidden(f"exit code 0, and {sorted(files)}")
        return "did not matter"
    # The input and what was staged are read, too.
    if run.returncode not in ((3, 4) if call in ("openat", "close") else (4,)):
        raise Forbidden(f"exit code {run.returncode}: {run.stderr.strip()}")
    expect_three_parts(run.stderr)
    if files == world.old:
        return "old checkpoint as it was"
    if call == "unlink" or world.check_killed().startswith("new"):
        state = world.check_killed()
        world.check_healed()
        return f"{state}, leftovers healed by the next run"
    raise Forbidden(f"left {sorted(files)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--thaw", type=Path, required=True, help="the program")
    parser.add_argument("--model", type=Path, default=DEMO, help="a frozen model with trainable weights")
    parser.add_argument("--no-sync", dest="sync", action="store_false")
    options = parser.parse_args()
    if not shutil.which("strace"):
        print("strace is missing: skipped")
        return 0
    work = Path(tempfile.mkdtemp(prefix="thaw-failing-"))
    world = World(options.thaw.resolve(), options.model.resolve(), work / "out", options.sync)
    seen: collections.Counter[str] = collections.Counter()
    wrong = 0
    for call, number in system_calls(world):
        for error in ERRORS[call]:
            try:
                seen[check(world, call, number, error)] += 1
            except Forbidden as problem:
                wrong += 1
                print(f"{error} at {call} {number}: {problem}", file=sys.stderr)
    for outcome, count in sorted(seen.items()):
        print(f"{count:6}  {outcome}")
    print(f"{seen.total() + wrong} failures, {wrong} with a wrong outcome")
    shutil.rmtree(work)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
