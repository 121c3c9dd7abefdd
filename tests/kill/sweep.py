#!/usr/bin/env python3
"""Disturbs every kind of command that writes at every point, and tells how often and what became of it.

    kills         SIGKILL at every system call; every fifth run that would heal is killed, too
    failures      every system call of the program fails with every error that is plausible
    allocations   every allocation fails, once alone and once with all that follow; and all transfers are short
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import functools
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import conftest  # noqa: F401  (where the models are)
import failures
import kills
import shim
from commands import READING, WRITING, Command
from outputs import outcome_of
from requirements import quick_place
from world import World

KINDS = ("kills", "failures", "allocations")
SHOWN = 10  # wrong outcomes of one world


def outcomes(world: World, kind: str, options: argparse.Namespace, is_small: bool) -> Iterator[tuple[str, str]]:
    if kind == "kills":
        yield from kills.sweep(world, options.stride)
    elif kind == "failures":
        yield from failures.sweep(world, options.stride, every_error=is_small)
    else:
        one = shim.Shim(options.library, world)
        for most in (1, 1000) if is_small else (1000,):
            yield f"transfers of {most}", outcome_of(functools.partial(one.check_short, most))
        yield from one.sweep(options.stride if is_small else options.stride * 7)


def swept(job: tuple[str, Command, str, bool, argparse.Namespace]) -> tuple[str, collections.Counter[str], list[str]]:
    """A line on one world: its name, how often each outcome, and what is wrong."""
    kind, command, size, replaces, options = job
    folder = Path(tempfile.mkdtemp(prefix="thaw-sweep-", dir=options.folder))
    try:
        world = World(options.thaw, command, size, replaces, folder / "desk", options.sync)
        seen: collections.Counter[str] = collections.Counter()
        wrong = []
        for what, outcome in outcomes(world, kind, options, size in ("small", "keras")):
            seen["WRONG" if outcome.startswith("WRONG") else "the same after short transfers" if "transfers" in what else outcome] += 1
            if outcome.startswith("WRONG"):
                wrong.append(f"  {what}\n    {outcome}")
    finally:
        shutil.rmtree(folder)
    return f"{kind}: {world.name}", seen, wrong


def jobs(kind: str, options: argparse.Namespace) -> Iterator[tuple[str, Command, str, bool, argparse.Namespace]]:
    commands = WRITING if kind == "kills" else WRITING + READING
    for command, replaces in itertools.product(commands, (False, True)):
        if options.only not in command.name or (replaces and not command.outputs):
            continue
        for size in command.sizes:
            if size in options.sizes or (size == "keras" and "small" in options.sizes):
                yield kind, command, size, replaces, options


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--thaw", type=Path, required=True, help="the program")
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=KINDS)
    parser.add_argument("--sizes", nargs="*", choices=("small", "medium", "large"), default=["small", "medium", "large"])
    parser.add_argument("--only", default="", help="commands whose name holds this")
    parser.add_argument("--stride", type=int, default=1, help="each so-many-th point only")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--folder", type=Path, help="where to work; /dev/shm where there is one")
    parser.add_argument("--no-sync", dest="sync", action="store_false")
    options = parser.parse_args()
    options.thaw = options.thaw.resolve()
    if "allocations" not in options.kinds and not shutil.which("strace"):
        print("strace is missing: skipped")
        return 0
    options.folder = options.folder or quick_place()
    with tempfile.TemporaryDirectory(prefix="thaw-shim-") as place:
        options.library = shim.built(Path(place)) if "allocations" in options.kinds else None
        return told(options)


def told(options: argparse.Namespace) -> int:
    totals: dict[str, collections.Counter[str]] = {kind: collections.Counter() for kind in options.kinds}
    with concurrent.futures.ProcessPoolExecutor(options.jobs) as pool:
        for name, seen, wrong in pool.map(swept, [job for kind in options.kinds for job in jobs(kind, options)]):
            totals[name.partition(":")[0]] += seen
            print(f"{seen.total():6}  {name}: {kills.told(seen)}", flush=True)
            for line in wrong[:SHOWN]:
                print(line, flush=True)
    for kind, seen in totals.items():
        print(f"{seen.total():6}  {kind} in all, {seen['WRONG']} with a wrong outcome: {kills.told(seen)}")
    return 1 if any(seen["WRONG"] for seen in totals.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
