#!/usr/bin/env python3
"""A worker of the judge: one job per line on standard input, one verdict per line on standard output.

TensorFlow can abort the whole process on a bad graph; then only this worker is lost.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

import numpy as np


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever libraries print goes to stderr
    for line in sys.stdin:
        try:
            answer = judge(json.loads(line))
        except Exception:
            answer = {"died": "a fault of the judge: " + traceback.format_exc()[-600:]}
        print(json.dumps(answer), file=answers, flush=True)


def judge(job: dict[str, Any]) -> dict[str, Any]:
    """The original once, then each thawed set against it; or a frozen graph against TensorFlow's."""
    if "frozen" in job:
        import freeze_trial

        return freeze_trial.trial(job)
    if "saved_model" in job:
        import saved_model_trial

        return saved_model_trial.trial(job)
    if "tf2" in job:
        import tf2_trial

        return tf2_trial.trial(job)
    if "mutated" in job:
        import mutated_trial

        return mutated_trial.trial(job)
    import original
    import thaw_tool
    import trial

    truth = job.get("truth", {})
    feed = None
    if truth:
        with np.load(Path(job["path"]).parent / "feed.npz") as stored:
            feed = {name + ":0": stored[name] for name in stored.files}
    seen = original.examine(Path(job["path"]), feed, truth)
    answer: dict[str, Any] = {
        "import_error": seen.import_error,
        "reference_slots": seen.reference_slots,
        "run_error": seen.behaviour.error,
        "comparable": seen.behaviour.comparable,
        "styles": {},
    }
    for style, made in job["styles"].items():
        thawed = thaw_tool.Thawed(0, Path(made["prefix"]), made["report"])
        with tempfile.TemporaryDirectory() as scratch:
            refreezes = truth.get("refreezes", True)
            answer["styles"][style] = trial.trial(seen, thawed, Path(scratch), refreezes).as_dict()
    return answer


if __name__ == "__main__":
    main()
