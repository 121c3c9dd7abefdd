#!/usr/bin/env python3
"""Thaw against TensorFlow on mutated checkpoints and graphs, all from seeds: a value that both read has the same bits.

    tests/judge/mutated.py [--count 5000] [--first 0] [--only checkpoint|graph] [--keep FOLDER]

Thaw may refuse what TensorFlow reads, and read what TensorFlow refuses, on grounds that are known (mutated_grounds.py):
these are counted. Any other ground, and any value that differs, is a fault.
"""

from __future__ import annotations

import argparse
import collections
import importlib
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mutated_grounds
import mutated_seeds
import pool

BATCH = 50
PATIENCE = 3600.0  # seconds by the clock for a batch; each step has a limit of its own
KINDS = ("checkpoint", "graph")
# What a mutant counts as: the gravest of what its tensors are.
ORDER = ("different", "only_thaw", "only_tensorflow", "same", "neither")


@dataclass
class Tally:
    """What became of the mutants of one kind."""

    mutants: collections.Counter[str] = field(default_factory=collections.Counter)
    tensors: collections.Counter[str] = field(default_factory=collections.Counter)
    grounds: dict[str, collections.Counter[str]] = field(default_factory=lambda: collections.defaultdict(collections.Counter))
    faults: list[str] = field(default_factory=list)

    def take(self, kind: str, seed: int, answers: dict[str, Any]) -> bool:
        """Whether nothing is wrong with this mutant."""
        named = f"{kind} {seed} ({answers['make'].get('what', '')})"
        ours = importlib.import_module(f"mutated_{kind}").OURS
        died = [f"{named}: {step}: {answers[step]['died']}" for step in ours if "died" in answers[step]]
        if died:
            self.faults += died
            return False
        verdicts = importlib.import_module(f"mutated_{kind}").compared(answers)
        self.mutants[next((one for one in ORDER if one in verdicts), "neither")] += 1
        before = len(self.faults)
        for verdict, tensors in verdicts.items():
            self.tensors[verdict] += len(tensors)
            if verdict == "different":
                self.faults += [f"{named}: differs: {what}" for what in tensors[:3]]
            for ground in sorted({mutated_grounds.ground(kind, verdict, what) for what in tensors} - {""}):
                self.grounds[verdict][ground] += 1
                if ground.startswith("?"):
                    self.faults.append(f"{named}: {verdict}: {ground}")
        return len(self.faults) == before


def judge(kind: str, seeds: range, sound: Path, folder: Path, keep: bool, workers: int) -> Tally:
    tally = Tally()

    def handle(job: pool.Job, worker: pool.Worker) -> None:
        told = worker.ask(job, PATIENCE)
        if "died" in told:
            tally.faults.append(f"{kind} {job['seeds'][0]} and on: {told['died']}")
            return
        for seed, answers in zip(job["seeds"], told["answers"], strict=True):
            if tally.take(kind, seed, answers) or not keep:
                shutil.rmtree(folder / kind / str(seed), ignore_errors=True)

    batches = [list(seeds[i : i + BATCH]) for i in range(0, len(seeds), BATCH)]
    place = str(folder / kind)
    jobs = ({"mutated": kind, "seeds": one, "sound": str(sound), "folder": place} for one in batches)
    pool.run(jobs, handle, workers, {})
    return tally


def show(kind: str, tally: Tally) -> None:
    counted = tally.mutants
    for verdict, words in (("only_tensorflow", "only TensorFlow reads"), ("only_thaw", "only Thaw reads")):
        for ground, count in tally.grounds[verdict].most_common():
            print(f"{kind}: {words}: {count:5} {ground}")
    told = ", ".join(f"{count} {ground}" for ground, count in tally.grounds["verified_alone"].most_common())
    if told:
        print(f"{kind}: of these `verify` passes: {told}")
    print(
        f"{kind}s: {counted.total()} mutants ({tally.tensors['same']} values equal): {counted['same']} read the same, "
        f"{counted['neither']} refused by both, {counted['only_tensorflow']} only TensorFlow reads, "
        f"{counted['only_thaw']} only Thaw reads, different: {counted['different']}"
    )


def run(count: int, first: int, kinds: tuple[str, ...], keep: Path | None = None, workers: int = 2) -> list[str]:
    """Judges `count` mutants, as many of each kind; answers with what is wrong."""
    folder = keep or Path(tempfile.mkdtemp(prefix="mutated-"))
    faults: list[str] = []
    try:
        mutated_seeds.make(folder / "sound")
        for kind in kinds:
            seeds = range(first, first + count // len(kinds))
            tally = judge(kind, seeds, folder / "sound", folder, keep is not None, workers)
            show(kind, tally)
            faults += tally.faults
    finally:
        if not keep:
            shutil.rmtree(folder)
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0, help="the seed of the first one")
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--keep", type=Path, help="where the files of faults stay")
    options = parser.parse_args()
    faults = run(options.count, options.first, (options.only,) if options.only else KINDS, options.keep)
    for fault in faults:
        print(fault)
    print(f"mutated: {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
