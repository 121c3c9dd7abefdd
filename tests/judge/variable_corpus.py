#!/usr/bin/env python3
"""Every SavedModel and MetaGraphDef of a corpus, thawed: what becomes of it, and of what is refused, why.

  variable_corpus.py [--corpus FOLDER]

thaw MODEL --verify, thaw verify MODEL PREFIX, thaw verify PREFIX; then TensorFlow imports and restores the result.
"""

from __future__ import annotations

import argparse
import collections
import subprocess
import sys
import tempfile
from pathlib import Path

import cases
import thaw_tool

RESTORE = """
import sys, imported
graph, saver = imported.import_set(sys.argv[1])
imported.restored(graph, saver, sys.argv[1])
"""


def run(*words: object) -> tuple[int, str]:
    done = subprocess.run(
        [str(thaw_tool.binary()), *map(str, words)], capture_output=True, text=True, timeout=thaw_tool.SECONDS
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def restore(prefix: Path) -> str:
    """The last line of what TensorFlow says against it; empty when it takes it."""
    words = [sys.executable, "-c", RESTORE, str(prefix)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parent, timeout=300)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no word"])[-1][:300]


def outcome(model: Path, folder: Path) -> tuple[str, str]:
    """"thawed", "refused" or "wrong", and what there is to say."""
    prefix = folder / "out" / "model.ckpt"
    code, told = run(model, "-o", prefix, "-q", "--verify", "--no-sync")
    if code in (2, 3):
        return "refused", told
    if code != 0:
        return "wrong", f"thaw: exit {code}: {told}"
    for step in (("verify", model, prefix), ("verify", prefix), ("inspect", prefix)):
        code, told = run(*step)
        if code != 0:
            return "wrong", f"{step[0]}: exit {code}: {told}"[:2000]
    said = restore(prefix)
    return ("wrong", f"TensorFlow: {said}") if said else ("thawed", "")


def models_of(corpus: Path) -> list[Path]:
    return sorted([*corpus.rglob("*.meta"), *(file.parent for file in corpus.rglob("saved_model.pb*"))])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"models with variables: no corpus at {options.corpus}, nothing to do")
        return 0
    counts: collections.Counter[str] = collections.Counter()
    for model in models_of(options.corpus):
        with tempfile.TemporaryDirectory() as scratch:
            kind, told = outcome(model, Path(scratch))
        counts[kind] += 1
        print(f"{kind:8} {model.relative_to(options.corpus)}{': ' + told if told else ''}", flush=True)
    print(f"models with variables: {counts['thawed']} thawed, {counts['refused']} refused, {counts['wrong']} wrong")
    return 1 if counts["wrong"] or not counts["thawed"] else 0


if __name__ == "__main__":
    sys.exit(main())
