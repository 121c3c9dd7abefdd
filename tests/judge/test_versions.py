"""What versions.py asks of every TensorFlow, of the one that is installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import versions
import versions_cases
import warm
from versions_cases import made


@pytest.fixture(scope="module")
def told(models: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    folder = tmp_path_factory.mktemp("versions")
    return versions.tried(warm.python(), folder / "tried", made(folder / "thawed", models, few=True))


def test_both_ways(told: dict[str, dict[str, str]]) -> None:
    assert [line for line in versions.table({"this": told})[2:]] == []
    assert set(told) == {*versions_cases.FEW, "written by it"}
    assert len(told["written by it"]) == 11 and len(told["mlp"]) == 6


def test_a_value_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    wanted = [np.ones(3, np.float32), np.zeros(2)]
    assert versions_cases.missing(wanted, [*wanted, np.ones(1)]) == "ok"
    assert versions_cases.missing(wanted, [np.ones(3), np.zeros(2)]) == "1 of 2 values are not there"
    assert versions.table({"1.0": {"a": {"meta": "ok"}, "b": {"meta": "no"}}})[-1] == "1.0: b: meta: no"
