"""Every class of malformed input that is known, given to the program; and that no class is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

import classes
from case import Case
from measured import ERROR, MEMORY, PER_BYTE, described, files, keep_contract, measured


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in classes.CASES])
def test_is_survived(case: Case, tmp_path: Path) -> None:
    case.make(tmp_path)
    before = dict(files(tmp_path))
    run = measured(case.words, tmp_path, **case.how)
    keep_contract(run, case.codes, MEMORY + case.memory + PER_BYTE * described(tmp_path), case.id)
    said = run.err if run.code > 1 else run.out + run.err
    for word in case.says:
        assert word in said, f"nothing of {word!r}: exit {run.code}\n{run.out[-1500:]}\n{run.err[-1500:]}"
    after = dict(files(tmp_path))
    assert [name for name in before if before[name] != after.get(name)] == [], "these have changed"
    if run.code:
        assert sorted(after.keys() - before.keys()) == [], "these were left behind"
