"""Runs that are killed at a system call: what they leave is old or new and whole, and the next run heals it."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from functools import partial

from outputs import outcome_of
from syscalls import Call, kill_at, recorded
from world import World

# They change which file has which name.
NAMING = ("rename", "renameat2", "linkat", "unlink", "rmdir", "mkdir")


def kill(world: World, call: Call, also: Call | None = None) -> str:
    """The state after a kill before `call`; `also`: the run that would heal is killed there, too."""
    world.reset()
    run = kill_at(world.words(), world.folder, call, world.command.lacks)
    if not run.reached:
        return "not reached"
    if run.code != -9:
        raise Forbidden(f"exit code {run.code} in spite of a kill")
    state = world.state()
    if also:
        kill_at(world.words(force=True), world.folder, also, world.command.lacks)
        world.state(again=True)
    world.check_healed()
    return state


def sweep(world: World, stride: int = 1, telling: bool = False) -> Iterator[tuple[str, str]]:
    """Each kill with the state it left, or with what is wrong; every fifth is killed again while it heals.

    With a stride, `telling` takes all calls that change a name, too.
    """
    world.reset()
    calls = recorded(world.words(), world.folder, world.command.lacks)
    for at, call in enumerate(calls):
        if (at % stride and not (telling and call.name in NAMING)) or call.name in world.command.lacked:
            continue
        also = calls[at * 7 % len(calls)] if at % 5 == 0 else None
        what = f"killed at {calls[at]}" + (f" and {also}" if also else "")
        yield what, outcome_of(partial(kill, world, calls[at], also))


def told(seen: collections.Counter[str]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(seen.items()))
