"""Runs with allocations that fail and with short transfers, by a library that is loaded before the C library."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from outputs import Forbidden, outcome_of
from syscalls import SECONDS
from world import World, expect_three_parts, tree_of

SOURCE = Path(__file__).with_name("shim.c")
CODES = (3, 4)


def built(folder: Path) -> Path:
    """The library, made anew in `folder`."""
    library = folder / "shim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-fno-builtin", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


@dataclass(frozen=True)
class Shim:
    library: Path
    world: World

    def run(self, **wishes: int) -> tuple[subprocess.CompletedProcess[str], list[int]]:
        """What a run did, and how many allocations and short transfers there were."""
        count = self.world.folder / "count"
        count.unlink(missing_ok=True)
        env = {**os.environ, "LD_PRELOAD": str(self.library), "SHIM_COUNT": str(count),
               **{f"SHIM_{name.upper()}": str(value) for name, value in wishes.items()}}
        done = subprocess.run(self.world.words(), cwd=self.world.folder, env=env, capture_output=True, text=True,
                              errors="replace", timeout=SECONDS, check=False)
        return done, [int(word) for word in count.read_text().split()] if count.exists() else [0, 0]

    def check_failing(self, at: int, rest: bool) -> str:
        """The `at`-th allocation fails, and with `rest` all that follow."""
        self.world.reset()
        done, _ = self.run(fail=at, fail_rest=int(rest))
        if done.returncode == 0:
            self.world.check_is(self.world.after, "a run that ended well")
            return "did not matter"
        if done.returncode not in CODES:
            raise Forbidden(f"exit code {done.returncode}: {done.stderr.strip()}")
        expect_three_parts(done.stderr)
        if "memory" not in done.stderr and "complete" not in done.stderr:  # a folder that could not be cleared away
            raise Forbidden(f"the reason is not told: {done.stderr.strip()}")
        if tree_of(self.world.out) == self.world.before:
            return "all as it was"
        return self._left(rest)

    def _left(self, rest: bool) -> str:
        """Past the commit point the result stays; without any memory a run leaves what a killed one would."""
        state = self.world.state()
        if not state.startswith("new") and not rest:
            raise Forbidden(f"left {state}: {', '.join(sorted(tree_of(self.world.out)))}")
        self.world.check_healed()
        return "published, and told of the failure" if state.startswith("new") else "told, and left as by a kill"

    def check_short(self, most: int) -> str:
        """All reads and writes are cut: the result is the same."""
        self.world.reset()
        done, (_, cut) = self.run(short=most)
        if done.returncode != 0 or cut == 0:
            raise Forbidden(f"exit code {done.returncode} after {cut} short transfers: {done.stderr.strip()}")
        self.world.check_is(self.world.after, "a run with short transfers")
        return f"{cut} short transfers"

    def sweep(self, stride: int = 1, rest: tuple[bool, ...] = (False, True)) -> Iterator[tuple[str, str]]:
        """Each allocation that fails with its outcome, or with what is wrong."""
        self.world.reset()
        _, (allocations, _) = self.run()
        for at in range(1, allocations + 1, stride):
            for after in rest:
                what = f"allocation {at}{' and all after it' if after else ''}"
                yield what, outcome_of(partial(self.check_failing, at, after))
