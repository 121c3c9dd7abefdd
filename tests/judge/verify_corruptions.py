#!/usr/bin/env python3
"""Damages sound checkpoints at random, from fixed seeds; `thaw verify` has to find each damage and say where.

    tests/judge/verify_corruptions.py --corpus ../shared/corpus [--count 200] [--seed 1] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import cases
import corruptions
import entry_corruptions  # noqa: F401  (adds its own)
import graph_corruptions  # noqa: F401  (the same)
import meta_corruptions  # noqa: F401  (the same)
import sound_checkpoints
import thaw_tool
from corruptions import Sound

MODELS = 8  # of the corpus
SMALL = 300_000  # bytes of a model: this is about places, not about sizes


def verify(sound: Sound, folder: Path) -> tuple[int, dict[str, Any], str]:
    words = [str(sound.model)] if sound.model else []
    command = [str(thaw_tool.binary()), "verify", *words, str(folder / sound.word), "--json"]
    done = subprocess.run(command, capture_output=True, timeout=thaw_tool.SECONDS, check=False)
    error = done.stderr.decode(errors="replace").strip()
    try:
        return done.returncode, json.loads(done.stdout), error
    except ValueError:
        return done.returncode, {}, error


def subjects(folder: Path, corpus: Path | None) -> list[Sound]:
    """Thawed and written; every one of them has to pass as it is."""
    models = sorted((thaw_tool.REPOSITORY / "tests" / "data" / "small_models").glob("*.pb"))
    if corpus:
        fitting = [c.path for c in cases.sample(cases.corpus(corpus)) if 2000 < c.path.stat().st_size < SMALL]
        random.Random(7).shuffle(fitting)
        models += fitting[: 3 * MODELS]
    found = []
    for i, model in enumerate(models):
        made = sound_checkpoints.thawed(model, f"{i}_{model.stem}", folder / f"{i}_{model.stem}")
        if made and len(found) < MODELS * 2:
            found.append(made)
    return found + sound_checkpoints.written(folder)


def trial(seed: int, sounds: list[Sound], folder: Path) -> tuple[str, str] | None:
    """The corruption's name, and what is wrong with what verify says of it; None where it does not apply."""
    rng = random.Random(seed)
    name = sorted(corruptions.ALL)[seed % len(corruptions.ALL)]
    for sound in rng.sample(sounds, len(sounds)):
        place = folder / f"{seed}_{name}"
        shutil.copytree(sound.folder, place)
        where = corruptions.ALL[name](rng, place, sound)
        if where is None:
            shutil.rmtree(place)
            continue
        code, report, error = verify(sound, place)
        warned = name in corruptions.WARNINGS
        fault = ""
        if code not in ((0, 1) if warned else (1,)):
            fault = f"exit code {code}: {error}"
        elif not corruptions.found(where, report, warned):
            fault = f"not found at {where}: {json.dumps(report['problems'])[:600]} {report['warnings']}"
        if not fault:
            shutil.rmtree(place)
        return f"{name} of {sound.name}", fault
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where the files that were not found stay")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="verify-"))
    try:
        failed = run(options, folder)
    finally:
        if not options.keep:
            shutil.rmtree(folder)
    sys.exit(failed)


def run(options: argparse.Namespace, folder: Path) -> bool:
    sounds = subjects(folder / "sound", options.corpus)
    alarms = 0
    for sound in sounds:
        code, report, error = verify(sound, sound.folder)
        if code != 0:
            alarms += 1
            print(f"false alarm: {sound.name}: exit code {code}: {error} {json.dumps(report.get('problems'))[:600]}")
    tried: collections.Counter[str] = collections.Counter()
    faults = []
    seed = options.seed
    while sum(tried.values()) < options.count:
        done = trial(seed, sounds, folder)
        seed += 1
        if done is None:
            continue
        tried[done[0].split()[0]] += 1
        if done[1]:
            faults.append(done)
            print(f"seed {seed - 1}: {done[0]}: {done[1]}")
    for name in sorted(corruptions.ALL):
        print(f"{tried[name]:4} {name}")
    print(
        f"{len(sounds)} sound, {alarms} false alarms; {sum(tried.values())} damaged, {len(faults)} not found"
    )
    return bool(alarms or faults)


if __name__ == "__main__":
    main()
