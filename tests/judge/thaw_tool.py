"""The command line tool as the checks see it: found, run, its JSON read."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS = 120


def binary() -> Path:
    """$THAW, else the ordinary build."""
    found = Path(os.environ.get("THAW") or REPOSITORY / "build" / "thaw").absolute()
    if not os.access(found, os.X_OK):
        raise SystemExit(f"no thaw at {found}: build it, or name it in $THAW")
    return found


@dataclass
class Thawed:
    """What one run of `thaw MODEL -o PREFIX --json` left."""

    exit: int
    prefix: Path
    report: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def variables(self) -> list[dict[str, Any]]:
        return list(self.report.get("variables", []))

    @property
    def found(self) -> set[str]:
        """The constants that became variables, by their names in the frozen graph."""
        return {v.get("node") or v["name"] for v in self.variables}

    @property
    def unsure(self) -> set[str]:
        return {c["node"] for c in self.report.get("unsure", [])}

    def files(self) -> list[Path]:
        """The files of the set, in a fixed order."""
        return sorted(self.prefix.parent.glob(self.prefix.name + ".*"))


def thaw(model: Path, prefix: Path, *options: str) -> Thawed:
    """Thaws `model`; never raises for what the tool answers."""
    return _run([str(model), *options], prefix)


def save(model: Path, folder: Path, *options: str) -> Thawed:
    """Thaws `model` into a SavedModel, which the answer calls its prefix, and nothing else."""
    return _run([str(model), *options], folder, "--saved-model")


def transplant(model: Path, into: Path, prefix: Path, *options: str) -> Thawed:
    """Puts the model's weights into the target's names; the same."""
    return _run(["transplant", str(model), "--into", str(into), *options], prefix)


def freeze(source: Path, frozen: Path, *options: str) -> Thawed:
    """Freezes a checkpoint or SavedModel into the file `frozen`, which the answer calls its prefix."""
    return _run(["freeze", str(source), *options], frozen)


def _run(words: list[str], prefix: Path, place: str = "-o") -> Thawed:
    command = [str(binary()), *words, place, str(prefix), "--json", "--no-sync"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Thawed(-1, prefix, error=f"no end after {SECONDS} s")
    error = done.stderr.decode(errors="replace").strip()
    if done.returncode not in (0, 1):
        return Thawed(done.returncode, prefix, error=error)
    try:
        report = json.loads(done.stdout)
    except ValueError as broken:
        return Thawed(done.returncode, prefix, error=f"--json is no JSON: {broken}")
    return Thawed(done.returncode, prefix, report[0] if isinstance(report, list) else report, error)
