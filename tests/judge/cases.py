"""What is judged: the corpus by family, its sample, and the own models."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from thaw_tool import REPOSITORY

CORPUS = REPOSITORY.parent / "shared" / "corpus"
OWN = REPOSITORY / ".cache" / "models"
UNIT_TESTS = {"frozen/dl4j": 12, "frozen/utensor": 10}  # one file in so many is in the sample


@dataclass
class Case:
    """One frozen graph; own models come with their truth."""

    path: Path
    name: str
    family: str
    truth: dict[str, Any] = field(default_factory=dict)


def corpus(folder: Path) -> list[Case]:
    """Every frozen GraphDef of the corpus."""
    files = [p for part in ("frozen", "pairs") for p in sorted((folder / part).rglob("*.pb"))]
    files = [p for p in files if p.name != "saved_model.pb"]
    return [case(p, folder) for p in files]


def case(path: Path, folder: Path) -> Case:
    """A file of the corpus in this folder."""
    relative = path.relative_to(folder)
    return Case(path, str(relative), "/".join(relative.parts[:2]))


def sample(cases: list[Case]) -> list[Case]:
    """Every real network, and a fixed few of the operator tests."""
    chosen, seen = [], dict.fromkeys(UNIT_TESTS, 0)
    for case in cases:
        every = UNIT_TESTS.get(case.family, 1)
        if every > 1:
            seen[case.family] += 1
        if every == 1 or seen[case.family] % every == 0:
            chosen.append(case)
    return chosen


def own(folder: Path) -> list[Case]:
    """The own models, made when they are missing."""
    make = REPOSITORY / "tests" / "models" / "make.py"
    done = subprocess.run([sys.executable, str(make), str(folder)], stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.decode(errors="replace"))
    found = []
    for truth in sorted(folder.glob("*/truth.json")):
        facts = json.loads(truth.read_text())
        found.append(Case(truth.with_name("frozen.pb"), f"own/{truth.parent.name}", "own", facts))
    return found
