#!/usr/bin/env python3
"""Makes the own models: small networks built, trained a step, saved and frozen by TensorFlow.

Each ends in DIR/<name>/ as frozen.pb, feed.npz, truth.json and truth.ckpt.*; a model is made again
when these scripts or TensorFlow change. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent


def fingerprint() -> str:
    """What the models depend on: these scripts and the libraries."""
    digest = hashlib.sha256()
    for source in sorted(HERE.glob("*.py")):
        digest.update(source.read_bytes())
    for package in ("tensorflow-cpu", "keras", "numpy"):
        digest.update(version(package).encode())
    return digest.hexdigest()


def make(target: Path, only: list[str]) -> int:
    """Makes what is missing; the number of models that failed."""
    mark = fingerprint()
    names = only or _listed(target, mark)
    if names and all(_is_marked(target / name, mark) for name in names):
        return 0
    return _make_each(target, mark, only)


def _listed(target: Path, mark: str) -> list[str]:
    """The names of the last complete run, without importing TensorFlow."""
    record = target / "models.txt"
    lines = record.read_text().split() if record.is_file() else []
    return lines[1:] if lines[:1] == [mark] else []


def _make_each(target: Path, mark: str, only: list[str]) -> int:
    import catalogue
    import frozen

    failed = 0
    models = catalogue.load_all()
    for name, build in models.items():
        folder = target / name
        if (only and name not in only) or _is_marked(folder, mark):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            made = build(folder)
            made.about = (build.__doc__ or "").strip()
            frozen.write(made, folder)
            (folder / ".mark").write_text(mark)
        except Exception as error:  # one broken model must not hide the others
            failed += 1
            print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
    if not only and not failed:
        (target / "models.txt").write_text("\n".join([mark, *models]) + "\n")
    return failed


def _is_marked(folder: Path, mark: str) -> bool:
    seal = folder / ".mark"
    return seal.is_file() and seal.read_text() == mark


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("directory", nargs="?", type=Path, default=Path(".cache/models"))
    parser.add_argument("--only", action="append", default=[], help="make this model (repeatable)")
    options = parser.parse_args()
    return 1 if make(options.directory, options.only) else 0


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    sys.exit(main())
