#!/usr/bin/env python3
"""SavedModels made of the corpus, loaded, called, differentiated and trained by TensorFlow 2.

  saved_model_corpus.py [--corpus FOLDER] [--own] [--only TEXT] [--every N]

Outputs have to be those of the frozen graph, gradients those that a session takes of the checkpoint, trainable
variables those of the plan. Files that TensorFlow does not import or run are counted and not judged.
"""

from __future__ import annotations

import argparse
import collections
import sys
import tempfile
from pathlib import Path
from typing import Any

import cases
import pool
import thaw_tool

STEPS = ("loads", "variables", "runs", "gradients", "trains")
NOT_OURS = ("No gradient defined", "nothing to differentiate", "LookupError")


class Corpus:
    """Answers, counted."""

    def __init__(self, out: Any = sys.stdout) -> None:
        self.counts: collections.Counter[str] = collections.Counter()
        self.short: list[str] = []
        self.out = out

    def handle(self, job: dict[str, Any], worker: pool.Worker) -> None:
        """One file."""
        case = job["case"]
        with tempfile.TemporaryDirectory() as folder:
            prefix, saved = Path(folder) / "c" / "model.ckpt", Path(folder) / "saved"
            thawed = thaw_tool.thaw(case.path, prefix, "--saved-model", str(saved))
            if not thawed.report:
                self.counts["nothing to thaw" if thawed.exit == 3 else "thaw failed"] += 1
                if thawed.exit != 3:
                    self.short.append(f"{case.name}: exit {thawed.exit}: {thawed.error[:200]}")
                return
            answer = worker.ask(
                {
                    "saved_model": True,
                    "path": str(case.path),
                    "truth": case.truth,
                    "prefix": str(prefix),
                    "folder": str(saved),
                    "report": thawed.report,
                },
                180,
            )
        self._count(case.name, answer)

    def _count(self, name: str, answer: dict[str, Any]) -> None:
        self.counts["thawed"] += 1
        if "died" in answer:
            self.short.append(f"{name}: {answer['died']}")
            return
        if answer["import_error"]:
            self.counts["not imported by TensorFlow"] += 1
            if answer.get("loads") != "ok":
                self.counts["of these not loaded either"] += 1
                return
        self.counts["objects" if answer["objects"] else "plain"] += 1
        self.counts["bit-equal"] += bool(answer.get("bit_equal"))
        for step in STEPS:
            told = answer.get(step, "")
            self.counts[step] += told == "ok"
            if told in ("", "ok"):
                continue
            if any(words in told for words in NOT_OURS):
                self.counts[f"{step}: {next(w for w in NOT_OURS if w in told)}"] += 1
            else:
                session = f" (session: {answer['session']})" if "session" in answer else ""
                self.short.append(f"{name}: {step}: {told}{session}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    parser.add_argument("--own", action="store_true", help="the own models instead")
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--every", type=int, default=1, help="one case in so many")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not options.own and not options.corpus.is_dir():
        print(f"no corpus at {options.corpus}: its SavedModels are not judged")
        return 0
    chosen = cases.own(cases.OWN) if options.own else cases.corpus(options.corpus)
    chosen = [case for case in chosen if options.only in case.name][:: options.every]
    corpus = Corpus()
    pool.run([{"case": case} for case in chosen], corpus.handle, options.workers, {})
    print("\n".join(sorted(corpus.short)))
    print("SavedModels:", dict(corpus.counts))
    return 1 if corpus.short else 0


if __name__ == "__main__":
    sys.exit(main())
