"""All rows, and what there is to be a row of."""

from __future__ import annotations

from pathlib import Path

import bundles
import files
import graph
import saved_models
import tensors
import wire
from case import Case, Elsewhere

HERE = Path(__file__).parent
MODULES = (wire, graph, tensors, saved_models, bundles, files)
CASES: list[Case] = [case for module in MODULES for case in module.CASES]
ELSEWHERE: list[Elsewhere] = [row for module in MODULES for row in module.ELSEWHERE]
NOT_APPLICABLE: dict[str, str] = {cls: why for module in MODULES for cls, why in module.NOT_APPLICABLE.items()}


def titles() -> dict[str, str]:
    """Every class of the catalogue, with what it is."""
    lines = (HERE / "classes.tsv").read_text().splitlines()
    return dict(line.split("\t") for line in lines)
