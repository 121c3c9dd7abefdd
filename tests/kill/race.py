#!/usr/bin/env python3
"""Several Thaws publish one prefix at once, and are killed now and then, while a reader looks all the time.

The reader may only ever see the old checkpoint, one of the new ones, or none; its second look at a name never
meets other bytes behind the same index. The same for a SavedModel and for a file, which are never absent.
"""

from __future__ import annotations

import argparse
import collections
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import conftest  # noqa: F401  (where the models are)
from bundle import Corrupt, read_bundle
from commands import MODEL, model
from outputs import Forbidden
from world import lay, tree_of, with_another_bit

KINDS = {"checkpoint": ("-o", "out/m"), "SavedModel": ("--saved-model", "out/s"), "file": ("-o", "out/f.pb")}
ENDINGS = (".index", ".data-00000-of-00001")


class Race:
    """The models in `in`, what each writes by itself, and one of them in `out` to begin with."""

    def __init__(self, thaw: Path, kind: str, size: str, runs: int, folder: Path) -> None:
        self.thaw, self.kind, self.folder, self.out = str(thaw.resolve()), kind, folder, folder / "out"
        (folder / "in").mkdir(parents=True)
        frozen = model(size)
        (folder / MODEL).write_bytes(frozen)
        self._finish([self.thaw, MODEL, "-o", "first/m", "-q", "--no-sync"])
        weights = (folder / "first" / "m.data-00000-of-00001").read_bytes()
        self.words, self.allowed = [], []
        for number in range(runs):
            other = frozen if number == 0 else with_another_bit(frozen, weights[: -8 * number])
            (folder / "in" / f"{number}.pb").write_bytes(other)
            self.words.append(self._command(number))
            lay({}, self.out)
            self._finish(self.words[-1])
            self.allowed.append(self._seen())
        if len(set(map(str, self.allowed))) != runs:
            raise SystemExit("the models do not differ")

    def _command(self, number: int) -> list[str]:
        source, begin = f"in/{number}.pb", []
        if self.kind == "file":
            self._finish([self.thaw, source, "-o", f"in/{number}/m", "-q", "--no-sync"])
            source, begin = f"in/{number}/m", ["freeze"]
        return [self.thaw, *begin, source, *KINDS[self.kind], "--force", "-q", "--no-sync"]

    def _finish(self, words: list[str]) -> None:
        subprocess.run(words, cwd=self.folder, check=True, capture_output=True)

    def start(self, number: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.words[number], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def _seen(self) -> object:
        """What a reader gets: values by name, or bytes."""
        if self.kind == "checkpoint":
            return read_bundle(self.out / "m")
        if self.kind == "file":
            return (self.out / "f.pb").read_bytes()
        return tree_of(self.out / "s")

    def look(self) -> str:
        """What a reader sees now; raises Forbidden."""
        before = self._identity()
        try:
            seen = self._seen()
        except (FileNotFoundError, Corrupt):
            seen = None
        if before is None or before != self._identity():
            return "changing"  # while it was read: a reader has to look again
        if seen in self.allowed:
            return f"number {self.allowed.index(seen)}"
        raise Forbidden(f"a reader saw what nobody wrote: {seen!r:.200}")

    def _identity(self) -> tuple[int, int, int] | None:
        """Which index, file or folder it is: that it was replaced is no fault of what was read."""
        place = self.out / {"checkpoint": "m.index", "file": "f.pb", "SavedModel": "s"}[self.kind]
        try:
            told = place.stat()
        except FileNotFoundError:
            if self.kind != "checkpoint":
                raise Forbidden(f"there was no {self.kind}") from None
            return None
        return told.st_dev, told.st_ino, told.st_ctime_ns

    def run(self, looks: int, chance: random.Random) -> collections.Counter[str]:
        """What a reader saw when it looked so often, and how the runs ended."""
        seen: collections.Counter[str] = collections.Counter()
        running = {number: self.start(number) for number in range(len(self.words))}
        for _ in range(looks):
            seen[f"seen: {self.look()}"] += 1
            for number, process in running.items():
                if chance.random() < 0.02:
                    process.kill()
                if process.poll() is not None:
                    seen[self._ended(process)] += 1
                    running[number] = self.start(number)
        for process in running.values():
            process.wait()
        self._check_end()
        return seen

    def _ended(self, process: subprocess.Popen[bytes]) -> str:
        _, told = process.communicate()
        if process.returncode not in (0, -9):
            raise Forbidden(f"exit code {process.returncode}: {told.decode()}")
        return "published" if process.returncode == 0 else "killed"

    def _check_end(self) -> None:
        """The last run, alone, puts away what the killed ones left."""
        self._finish(self.words[0])
        names = {"checkpoint": {"checkpoint", *("m" + ending for ending in (*ENDINGS, ".meta"))}, "SavedModel": {"s"}, "file": {"f.pb"}}
        left = {path.name for path in self.out.iterdir()}
        if self._seen() != self.allowed[0] or left != names[self.kind]:
            raise Forbidden(f"the last run left {sorted(left)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--thaw", type=Path, required=True, help="the program")
    parser.add_argument("--seconds", type=float, default=60, help="for each kind of output and number of runs")
    parser.add_argument("--runs", type=int, nargs="*", default=[2, 4], help="how many at once")
    parser.add_argument("--size", default="medium", help="of the model: small, medium, large")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for kind in KINDS:
        for runs in options.runs:
            with tempfile.TemporaryDirectory(prefix="thaw-race-") as folder:
                race = Race(options.thaw, kind, options.size, runs, Path(folder))
                chance, seen = random.Random(options.seed), collections.Counter()
                ends = time.monotonic() + options.seconds
                try:
                    while time.monotonic() < ends:
                        seen += race.run(200, chance)
                except Forbidden as problem:
                    print(f"{kind}, {runs} at once: {problem}", file=sys.stderr)
                    return 1
            print(f"{kind}, {runs} at once: " + ", ".join(f"{count} {what}" for what, count in sorted(seen.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
