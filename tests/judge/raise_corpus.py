#!/usr/bin/env python3
"""Loops and branches of a corpus, raised for TensorFlow 2: loaded, called, differentiated and trained.

  raise_corpus.py [--corpus FOLDER]

As saved_model_corpus.py, on those frozen graphs alone that have any; what was raised is counted, and what stayed is told.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

import cases
import graph_files
import pool
import saved_model_corpus

CONTROL = {"Switch", "RefSwitch", "Enter", "RefEnter"}


class Raised(saved_model_corpus.Corpus):
    """The answers, and what was raised."""

    def _count(self, name: str, answer: dict[str, Any]) -> None:
        super()._count(name, answer)
        made = answer.get("raised", {})
        for kind in ("loops", "conds", "arrays"):
            self.counts[kind + " raised"] += made.get(kind, 0)
        self.short += [f"{name}: not raised: {why}" for why in answer.get("not_raised", [])]


def has_control_flow(path: Path) -> bool:
    """Whether there is anything to raise."""
    try:
        return any(node.op in CONTROL for node in graph_files.load(path).node)
    except (DecodeError, OSError):
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"no corpus at {options.corpus}: its loops and branches are not raised")
        return 0
    chosen = [case for case in cases.corpus(options.corpus) if has_control_flow(case.path)]
    raised = Raised()
    pool.run([{"case": case} for case in chosen], raised.handle, options.workers, {})
    print("\n".join(sorted(raised.short)))
    print("raised:", dict(raised.counts))
    return 1 if raised.short else 0


if __name__ == "__main__":
    sys.exit(main())
