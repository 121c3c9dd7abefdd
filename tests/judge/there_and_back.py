#!/usr/bin/env python3
"""There and back over a corpus: what is thawed verifies, freezes to the file it was, and differs in nothing.

  there_and_back.py [--corpus FOLDER]

thaw MODEL, thaw verify MODEL PREFIX, thaw verify PREFIX, thaw freeze PREFIX, thaw diff MODEL FROZEN; then TensorFlow's
parser reads both files, and every node, function and version has to be the same message.
"""

from __future__ import annotations

import argparse
import collections
import os
import subprocess
import sys
import tempfile
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import cases
import graph_files
import thaw_tool
from google.protobuf.message import DecodeError


def run(*words: object) -> tuple[int, str]:
    done = subprocess.run(
        [str(thaw_tool.binary()), *map(str, words)], capture_output=True, text=True, timeout=thaw_tool.SECONDS
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def messages(parts: Any) -> list[bytes]:
    return sorted(part.SerializeToString(deterministic=True) for part in parts)


def parsed_difference(model: Path, again: Path) -> str:
    try:
        was, now = graph_files.load(model), graph_files.load(again)
    except (DecodeError, UnicodeDecodeError, ValueError):
        return ""  # a memory-mapped package: TensorFlow's parser has no graph to give
    kinds = []
    if messages(was.node) != messages(now.node):
        kinds.append("nodes")
    if messages(was.library.function) != messages(now.library.function):
        kinds.append("functions")
    if was.versions != now.versions or was.version != now.version:
        kinds.append("versions")
    return "TensorFlow reads other " + ", ".join(kinds) if kinds else ""


def round_trip(model: Path, folder: Path) -> str | None:
    """What is wrong, empty when nothing is; None for a model that is not thawed."""
    prefix, again = folder / "model.ckpt", folder / "again.pb"
    code, told = run(model, "-o", prefix, "-q", "--no-sync")
    if code == 3:
        return None
    steps: list[tuple[object, ...]] = [
        ("verify", model, prefix),
        ("verify", prefix),
        ("freeze", prefix, "-o", again, "--no-sync"),
        ("diff", model, again),
    ]
    if code != 0:
        return f"thaw: exit {code}: {told}"
    for step in steps:
        code, told = run(*step)
        if code != 0:
            return f"{step[0]}: exit {code}: {told}"[:2000]
    return parsed_difference(model, again)


def in_a_folder(file: Path) -> str | None:
    with tempfile.TemporaryDirectory() as scratch:
        return round_trip(file, Path(scratch))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    parser.add_argument("--sample", action="store_true", help="only a fixed part of the corpus")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"there and back: no corpus at {options.corpus}, nothing to do")
        return 0
    rooms = [options.corpus / "frozen", options.corpus / "pairs"]
    files = sorted(f for room in rooms for f in room.rglob("*") if f.suffix in (".pb", ".pbtxt", ".pbmm"))
    if options.sample:
        files = [case.path for case in cases.sample([cases.case(file, options.corpus) for file in files])]
    counts: collections.Counter[str] = collections.Counter()
    for file, wrong in zip(files, ThreadPool(os.cpu_count()).imap(in_a_folder, files), strict=True):
        counts["not thawed" if wrong is None else "wrong" if wrong else "same"] += 1
        if wrong:
            print(f"WRONG {file.relative_to(options.corpus)}: {wrong}")
    print(f"there and back: {counts['same']} same, {counts['wrong']} wrong, {counts['not thawed']} not thawed")
    return 1 if counts["wrong"] or not counts["same"] else 0


if __name__ == "__main__":
    sys.exit(main())
