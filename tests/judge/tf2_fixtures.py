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
    """Verdicts, counted."""

    def __init__(self) -> None:
        self.counts: collections.Counter[str] = collections.Counter()
        self.short: list[str] = []
        self.misnamed: list[str] = []

    def handle(self, job: dict[str, Any], worker: pool.Worker) -> None:
        """One network."""
        answer = worker.ask(job, 300)
        if "died" in answer:
            self.short.append(f"{job['kind']} {job['tf2']}: {answer['died']}")
        for verdict in answer.get("verdicts", []):
            self.counts["networks"] += 1
            self._count(f"{job['kind']} {verdict['name']}", verdict)

    def _count(self, name: str, verdict: dict[str, Any]) -> None:
        for told in ("thaw", "import_error", "run_error"):
            if verdict.get(told):
                self.short.append(f"{name}: {told}: {verdict[told]}")
        if "loads" not in verdict:
            return
        for told in ("bit_equal", "objects", "against_original", "named", "derived"):
            self.counts[told] += int(verdict.get(told, 0))
        self.counts["weights"] += verdict.get("named", 0) + len(verdict.get("misnamed", []))
        self.misnamed += [f"{name}: {one}" for one in verdict.get("misnamed", [])]
        for step in STEPS:
            found = verdict.get(step, "not reached")
            self.counts[step] += found == "ok"
            if found != "ok" and not (step == "values" and FOLDS in name):
                self.short.append(f"{name}: {step}: {found}")


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
    counts = Counts()
    if options.folder:
        found = sorted(path.parent for path in options.folder.glob("*/truth.json"))
        chosen = [path for path in found if options.only in path.name]
        pool.run([{"tf2": str(path), "kind": ""} for path in chosen], counts.handle, options.workers, {})
    else:
        for kind, legacy in KERAS.items():
            pool.run(jobs(options, kind), counts.handle, options.workers, {"TF_USE_LEGACY_KERAS": legacy})
    print("\n".join(sorted(counts.short) + (sorted(counts.misnamed) if options.names else [])))
    print("TensorFlow 2:", dict(counts.counts))
    return 1 if counts.short else 0


if __name__ == "__main__":
    sys.exit(main())
