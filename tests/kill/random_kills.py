#!/usr/bin/env python3
"""Kills runs that replace a checkpoint, at random moments and at random system calls.

After each kill the old checkpoint must be whole under its name or under NAME.replaced, or the new one
under its name, as read by a reader of its own (bundle.py) and to the last byte; the next run must leave
exactly what a run that nobody disturbed leaves. System calls need strace.
"""

from __future__ import annotations

import argparse
import collections
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from syscalls import kill_at, system_calls
from world import Forbidden, World

DEMO = Path(__file__).resolve().parents[2] / "demo" / "digits.pb"


def kill_after(world: World, seconds: float, number: signal.Signals = signal.SIGKILL) -> int:
    run = subprocess.Popen(world.command("--force"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    run.send_signal(number)
    return run.wait()


def undisturbed_seconds(world: World) -> float:
    times = []
    for _ in range(5):
        world.reset()
        start = time.monotonic()
        subprocess.run(world.command("--force"), check=True, capture_output=True)
        times.append(time.monotonic() - start)
    return statistics.median(times)


def kills(world: World, options: argparse.Namespace, chance: random.Random) -> Iterator[tuple[str, Callable[[], None]]]:
    """What it is, and a function that does it."""
    calls = system_calls(world) if options.strace else []
    if options.every_call:
        for call, number in calls:
            yield f"at {call} {number}", lambda call=call, number=number: kill_at(world, call, number)
        return
    seconds = undisturbed_seconds(world)
    for i in range(options.count):
        if calls and i % 2 == 0:
            call, number = chance.choice(calls)
            yield f"at {call} {number}", lambda call=call, number=number: kill_at(world, call, number)
        else:
            after = chance.uniform(0, 1.2 * seconds)
            yield f"after {after * 1000:.2f} ms", lambda after=after: kill_after(world, after)


def check_kill(world: World, kill: Callable[[], None], chance: random.Random) -> str:
    world.reset()
    kill()
    state = world.check_killed()
    if chance.random() < 0.2:  # the run that would heal is killed, too
        kill_after(world, chance.uniform(0, 0.03))
        state += "; twice"
        world.check_killed(again=True)
    world.check_healed()
    return state


def check_interrupt(world: World, seconds: float, number: signal.Signals) -> str:
    """SIGINT and SIGTERM are answered: nothing but one of the two checkpoints stays."""
    world.reset()
    code = kill_after(world, seconds, number)
    files = world.files()
    # Negative: it came before the program could listen.
    if files == world.old and code in (128 + number, -number):
        return f"old, after {number.name}"
    if files == world.new and code == 0:
        return f"new, in spite of {number.name}"
    raise Forbidden(f"exit code {code} after {number.name}, and {sorted(files)}")


def run(world: World, options: argparse.Namespace) -> int:
    chance = random.Random(options.seed)
    seen: collections.Counter[str] = collections.Counter()
    checks: list[tuple[str, Callable[[], str]]] = []
    for what, kill in kills(world, options, chance):
        checks.append((f"killed {what}", lambda kill=kill: check_kill(world, kill, chance)))
    seconds = undisturbed_seconds(world)
    for i in range(options.interrupts):
        number = (signal.SIGINT, signal.SIGTERM)[i % 2]
        after = chance.uniform(0, 1.2 * seconds)
        checks.append((f"{number.name} after {after * 1000:.2f} ms",
                       lambda after=after, number=number: check_interrupt(world, after, number)))
    for number, (what, check) in enumerate(checks):
        try:
            seen[check()] += 1
        except Forbidden as error:
            print(f"run {number}, {what}: {error}\n  left in {world.folder}", file=sys.stderr)
            return 1
    for state, count in sorted(seen.items()):
        print(f"{count:6}  {state}")
    print(f"{seen.total()} runs, no forbidden state, every next run left the reference bytes")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--thaw", type=Path, required=True, help="the program")
    parser.add_argument("--model", type=Path, default=DEMO, help="a frozen model with trainable weights")
    parser.add_argument("--count", type=int, default=500, help="how many kills")
    parser.add_argument("--interrupts", type=int, default=50, help="how many times SIGINT or SIGTERM")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every-call", action="store_true", help="each system call of a run once, instead of --count")
    parser.add_argument("--no-strace", dest="strace", action="store_false", help="only at random moments")
    parser.add_argument("--sync", action="store_true", help="with syncs (slower; kills do not need them)")
    parser.add_argument("--folder", type=Path, help="where to work (a new folder below the temporary one)")
    options = parser.parse_args()
    if options.strace and not shutil.which("strace"):
        print("strace is missing: killing at random moments only", file=sys.stderr)
        options.strace = False
    work = options.folder or Path(tempfile.mkdtemp(prefix="thaw-kills-"))
    world = World(options.thaw.resolve(), options.model.resolve(), work / "out", options.sync)
    result = run(world, options)
    if result == 0:
        shutil.rmtree(work)
    return result


if __name__ == "__main__":
    sys.exit(main())
