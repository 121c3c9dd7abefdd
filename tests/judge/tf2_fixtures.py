#!/usr/bin/env python3
"""Networks of TensorFlow 2 frozen, thawed to SavedModels, and held against what they were: bits, gradients, names.

  tf2_fixtures.py [--only TEXT] [--recipes A,B] [FOLDER]

Without FOLDER it makes the networks of Keras 3, of tf_keras and of tf.Module, and freezes each in every way
(tf2_nets.py); with it the networks are those in its folders (tf2_trial.py says how). What falls short has a line.
"""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path
from typing import Any

import pool

STEPS = ("loads", "variables", "runs", "gradients", "trains", "values")
KERAS = {"keras3": "0", "tf_keras": "1"}
NOT_THERE = {"rms_norm"}  # in tf_keras
# Grappler computed these weights from several, which are gone.
FOLDS = "folded"


class Counts:
    """Verdicts, counted; what falls short is told at once."""

    def __init__(self, names: bool) -> None:
        self.names = names
        self.counts: collections.Counter[str] = collections.Counter()

    def tell(self, line: str) -> None:
        self.counts["short"] += 1
        print(line, flush=True)

    def handle(self, job: dict[str, Any], worker: pool.Worker) -> None:
        """One network."""
        answer = worker.ask(job, 900)
        if "died" in answer:
            self.tell(f"{job['kind']} {job['tf2']}: {answer['died']}")
        for verdict in answer.get("verdicts", []):
            self.counts["networks"] += 1
            self._count(f"{job['kind']} {verdict['name']}", verdict)

    def _count(self, name: str, verdict: dict[str, Any]) -> None:
        if not verdict.get("weights", True):
            self.counts["without weights"] += 1  # and refused for that
            return
        for told in ("thaw", "import_error", "run_error"):
            if verdict.get(told):
                self.tell(f"{name}: {told}: {verdict[told]}")
        if "loads" not in verdict:
            return
        for told in ("bit_equal", "objects", "against_original", "named", "derived"):
            self.counts[told] += int(verdict.get(told, 0))
        self.counts["weights"] += verdict.get("named", 0) + len(verdict.get("misnamed", []))
        for one in verdict.get("misnamed", []) if self.names else ():
            print(f"{name}: {one}", flush=True)
        for step in STEPS:
            found = verdict.get(step, "not reached")
            self.counts[step] += found == "ok"
            if found != "ok" and not (step == "values" and FOLDS in name):
                self.tell(f"{name}: {step}: {found}")


def jobs(options: argparse.Namespace, kind: str) -> list[dict[str, Any]]:
    import tf2_nets

    recipes = options.recipes.split(",") if options.recipes else list(tf2_nets.RECIPES)
    names = [*tf2_nets.NETS, *tf2_nets.MODULES] if kind == "keras3" else [n for n in tf2_nets.NETS if n not in NOT_THERE]
    chosen = [name for name in names if not options.only or name in options.only.split(",")]
    return [{"tf2": name, "recipes": recipes, "kind": kind} for name in chosen]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="networks that are there already")
    parser.add_argument("--only", default="", help="only these networks")
    parser.add_argument("--recipes", default="", help="only these ways to freeze them")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--names", action="store_true", help="list names that are not the variables', too")
    options = parser.parse_args()
    counts = Counts(options.names)
    if options.folder:
        found = sorted(path.parent for path in options.folder.glob("*/truth.json"))
        chosen = [path for path in found if options.only in path.name]
        pool.run([{"tf2": str(path), "kind": ""} for path in chosen], counts.handle, options.workers, {})
    else:
        for kind, legacy in KERAS.items():
            pool.run(jobs(options, kind), counts.handle, options.workers, {"TF_USE_LEGACY_KERAS": legacy})
    print("TensorFlow 2:", dict(counts.counts))
    return 1 if counts.counts["short"] else 0


if __name__ == "__main__":
    sys.exit(main())
