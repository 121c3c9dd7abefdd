"""All rows, and what there is to be a row of."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import bundles
import files
import graph
import others
import resources
import saved_models
import tensors
import text
import v1
import wire
from case import Case, Elsewhere

HERE = Path(__file__).parent
MODULES = (wire, graph, tensors, text, saved_models, bundles, v1, files, resources, others)
CASES: list[Case] = [case for module in MODULES for case in module.CASES]
ELSEWHERE: list[Elsewhere] = [row for module in MODULES for row in module.ELSEWHERE]
NOT_APPLICABLE: dict[str, str] = {cls: why for module in MODULES for cls, why in module.NOT_APPLICABLE.items()}
TRIED = {case.cls for case in CASES}


def titles() -> dict[str, str]:
    """Every class of the catalogue, with what it is."""
    return dict(line.split("\t") for line in (HERE / "classes.tsv").read_text().splitlines())


def kinds() -> dict[str, str]:
    """How each class is held: "here", "elsewhere", "not applicable" or "not tried"."""
    held = dict.fromkeys(titles(), "not tried")
    held |= dict.fromkeys(NOT_APPLICABLE, "not applicable")
    held |= {row.cls: "elsewhere" for row in ELSEWHERE}
    return held | dict.fromkeys(TRIED, "here")


def table() -> list[str]:
    """The rows of the table in docs/robustness.md."""
    held = kinds()
    names = ("here", "elsewhere", "not applicable", "not tried")
    rows = []
    for letter in [*dict.fromkeys(cls[0] for cls in held), ""]:
        counts = Counter(kind for cls, kind in held.items() if cls.startswith(letter))
        inputs = sum(case.cls.startswith(letter) for case in CASES)
        cells = [letter or "all", sum(counts.values()), *(counts[name] for name in names), inputs]
        rows.append("| " + " | ".join(map(str, cells)) + " |")
    return rows


def not_tried() -> list[str]:
    return [cls for cls, kind in kinds().items() if kind == "not tried"]
