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
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from syscalls import kill_at, system_calls
from world import Forbidden, World

DEMO = Path(__file__).resolve().parents[2] / "demo" / "digits.pb"


def kill_after(world: World, seconds: float) -> None:
    run = subprocess.Popen(world.command("--force"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    run.kill()
    run.wait()


def undisturbed_seconds(world: World) -> float:
    times = []
    for _ in range(5):
        world.reset()
        start = time.monotonic()
        subprocess.run(world.command("--force"), check=True, capture_output=True)
        times.append(time.monotonic() - start)
    return statistics.median(times)


def kills(world: World, options: argparse.Namespace, chance: random.Random):
    """(what it is, a function that does it), without end or, for --every-call, once for each call."""
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


def run(world: World, options: argparse.Namespace) -> int:
    chance = random.Random(options.seed)
    seen: collections.Counter[str] = collections.Counter()
    for number, (what, kill) in enumerate(kills(world, options, chance)):
        world.reset()
        try:
            kill()
            state = world.check_killed()
            if chance.random() < 0.2:  # the run that would heal is killed, too
                kill_after(world, chance.uniform(0, 0.03))
                state += "; twice"
                world.check_killed(again=True)
            world.check_healed()
        except Forbidden as error:
            print(f"kill {number}, {what}: {error}\n  left in {world.folder}", file=sys.stderr)
            return 1
        seen[state] += 1
    for state, count in sorted(seen.items()):
        print(f"{count:6}  {state}")
    print(f"{seen.total()} kills, no forbidden state, every next run left the reference bytes")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--thaw", type=Path, required=True, help="the program")
    parser.add_argument("--model", type=Path, default=DEMO, help="a frozen model with trainable weights")
    parser.add_argument("--count", type=int, default=500, help="how many kills")
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
