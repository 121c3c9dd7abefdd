"""Every class of malformed input that is known, given to the program; and that no class is passed over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import classes
from case import Case, Elsewhere
from measured import MEMORY, PER_BYTE, described, files, keep_contract, measured
from program import REPOSITORY


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in classes.CASES])
def test_is_survived(case: Case, tmp_path: Path) -> None:
    case.make(tmp_path)
    before = dict(files(tmp_path))
    run = measured(case.words, tmp_path, **case.how)
    keep_contract(run, case.codes, MEMORY + case.memory + PER_BYTE * described(tmp_path), case.id)
    said = run.err if run.code > 1 else run.out + run.err
    for word in (*case.says, *([case.blames] if run.code > 1 else [])):
        assert word in said, f"nothing of {word!r}: exit {run.code}\n{run.out[-1500:]}\n{run.err[-1500:]}"
    after = dict(files(tmp_path))
    assert [name for name in before if before[name] != after.get(name)] == [], "these have changed"
    if run.code:
        assert sorted(after.keys() - before.keys()) == [], "these were left behind"


def test_no_class_is_passed_over() -> None:
    """Each is tried, held by a test that is there, or said to be not applicable or not tried."""
    known = classes.titles().keys()
    assert len(known) == 273
    held = classes.TRIED | {row.cls for row in classes.ELSEWHERE} | classes.NOT_APPLICABLE.keys()
    assert held <= known
    assert classes.TRIED.isdisjoint(classes.NOT_APPLICABLE), "a class that is tried is applicable"


@pytest.mark.parametrize("row", classes.ELSEWHERE, ids=lambda row: row.cls)
def test_other_test_is_there(row: Elsewhere) -> None:
    assert row.part in (REPOSITORY / row.test).read_text()


def test_document_tells_the_same() -> None:
    told = (REPOSITORY / "docs" / "robustness.md").read_text()
    rows = [line for line in told.splitlines() if re.match(r"\| ([A-Z]|all) \|", line)]
    assert rows == classes.table()
    assert re.search(r"\| letter \|.*\n\| --- \|.*\n\| W \|", told)
    assert f"Not tried: {', '.join(classes.not_tried()) or 'none'}." in told.replace("\n", " ")
