"""The verbs from Python do what the program does."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tfthaw


def names(report: Any) -> list[str]:
    return [variable["name"] for variable in report["variables"]]


@pytest.fixture
def made(digits: Path, tmp_path: Path) -> tfthaw.ThawReport:
    return tfthaw.thaw(digits, tmp_path / "made" / "model.ckpt")


def test_there_and_back(digits: Path, made: tfthaw.ThawReport, tmp_path: Path) -> None:
    assert all(Path(file).exists() for file in made.files) and len(made.files) == 4
    assert tfthaw.verify(digits, made.prefix) and tfthaw.verify(made.prefix)
    frozen = tfthaw.freeze(made.prefix, tmp_path / "again.pb")
    assert not tfthaw.diff(digits, frozen.path)
    assert tfthaw.diff(digits, frozen.path)["weights"]["equal"] == 14


def test_what_differs_is_true(digits: Path, tmp_path: Path) -> None:
    content = bytearray(digits.read_bytes())
    model = tfthaw.load(content)
    model.weights["conv1/kernel"][0, 0, 0, 0] += 1  # a view of our own memory
    found = tfthaw.diff(digits, content)
    assert found and [weight["name"] for weight in found["weights"]["differences"]] == ["conv1/kernel"]
    assert not tfthaw.verify(content, tfthaw.thaw(digits, tmp_path / "model.ckpt").prefix)


RENAMES: dict[str, Any] = {
    "dict": {"conv1/kernel": "first/kernel"},
    "scope": {"conv1/": "first/"},
    "pairs": [(r"conv1/(.*)", r"first/\1"), (r"conv(\d)/(.*)", r"never/\1/\2")],
    "function": lambda name: name.replace("conv1", "first") if "conv1" in name else None,
}


@pytest.mark.parametrize("kind", RENAMES)
def test_renames(kind: str, digits: Path, tmp_path: Path) -> None:
    report = tfthaw.thaw(digits, tmp_path / "model.ckpt", rename=RENAMES[kind])
    assert "first/kernel" in names(report) and "conv1/kernel" not in names(report)
    assert tfthaw.verify(digits, report.prefix, rename=RENAMES[kind])
    assert ("never/2/kernel" in names(report)) == (kind == "pairs")


def test_a_rules_file(digits: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_text("conv1=first  # a scope\n")
    assert "first/kernel" in names(tfthaw.thaw(digits, tmp_path / "model.ckpt", rules=rules))


def test_transplant(digits: Path, made: tfthaw.ThawReport, tmp_path: Path) -> None:
    target = tfthaw.save_checkpoint(
        tmp_path / "target" / "m", {"net/" + name: np.zeros_like(array) for name, array in tfthaw.load(digits).weights.items()}
    )
    report = tfthaw.transplant(digits, target, tmp_path / "mine" / "m")
    assert report and report.prefix == str(tmp_path / "mine" / "m")
    mine = tfthaw.load_checkpoint(report.prefix)
    for name, array in tfthaw.load(digits).weights.items():
        assert np.array_equal(mine["net/" + name], array)
    more = tfthaw.save_checkpoint(tmp_path / "more" / "m", {**mine, "net/extra": [1.0]})
    incomplete = tfthaw.transplant(digits, more, tmp_path / "none" / "m")
    assert not incomplete and not incomplete.files and not (tmp_path / "none").exists()


def test_reports(made: tfthaw.ThawReport, digits: Path) -> None:
    again = pickle.loads(pickle.dumps(made))
    assert type(again) is tfthaw.ThawReport and dict(again) == dict(made) and str(again) == str(made)
    assert made["schema"] == "thaw.thaw/1" and "14 " in str(made)
    assert json.loads(json.dumps(tfthaw.inspect(digits)))["schema"] == "thaw.inspect/1"
    with pytest.raises(TypeError):
        made["prefix"] = "x"  # type: ignore[index]


class Bar:
    total: Any = None
    n = 0

    def update(self, n: int) -> None:
        self.n += n


def test_progress(digits: Path, tmp_path: Path) -> None:
    bar, told = Bar(), []
    report = tfthaw.thaw(digits, tmp_path / "a" / "model.ckpt", progress=bar)
    size = sum(variable["bytes"] for variable in report["variables"])
    assert bar.n == bar.total == size
    tfthaw.thaw(digits, tmp_path / "b" / "model.ckpt", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (size, size) and told == sorted(told)


def test_dry_run(digits: Path, tmp_path: Path) -> None:
    assert not tfthaw.thaw(digits, tmp_path / "model.ckpt", dry_run=True).files
    assert not list(tmp_path.iterdir())


def test_inspect_takes_what_thaw_reads(digits: Path, made: tfthaw.ThawReport) -> None:
    whole = tfthaw.inspect(digits, stats=True, tree=1)
    assert whole["variables"][0]["statistics"] and whole["scopes"]
    assert [v["name"] for v in tfthaw.inspect(digits, match="conv1")["variables"]] == ["conv1/kernel"]
    assert tfthaw.inspect(made.prefix)["checkpoint"]["entries"]
    assert tfthaw.inspect(digits.read_bytes())["source"]["path"] == "memory"


def test_the_mirror(digits: Path, tmp_path: Path) -> None:
    whole = tfthaw.convert_constants_to_variables(digits, tmp_path / "a" / "m", ["probabilities"])
    some = tfthaw.convert_constants_to_variables(digits, tmp_path / "b" / "m", variable_names_whitelist=["conv1/kernel"])
    less = tfthaw.convert_constants_to_variables(digits, tmp_path / "c" / "m", variable_names_denylist=["conv1/kernel"])
    assert names(some) == ["conv1/kernel"]
    assert set(names(whole)) - set(names(less)) == {"conv1/kernel"}
