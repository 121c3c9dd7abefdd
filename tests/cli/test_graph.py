"""Options that change the graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import models
from program import REPOSITORY, thaw


def written(desk: Path, *words: str, model: str = "d.pb") -> dict[str, models.Node]:
    run = thaw(model, "-o", "m", "--no-sync", *words, cwd=desk)
    assert run.code == 0, run.err
    return models.nodes((desk / "m.meta").read_bytes())


def planned(desk: Path, *words: str) -> dict[str, Any]:
    run = thaw("d.pb", "-n", "--json", *words, cwd=desk)
    assert run.code == 0, run.err
    told: dict[str, Any] = run.json
    return told


SHAPES = [
    ("x:0[?,4]", [None, 4]),
    ("x[2,4]", [2, 4]),
    ("x:0[None, 4]", [None, 4]),
    ("x:0[-1,4]", [None, 4]),
    ("x:0[7,?]", [7, None]),
]


@pytest.mark.parametrize("option", ["--input", "--inputs"])
@pytest.mark.parametrize("word, shape", SHAPES, ids=[word for word, _ in SHAPES])
def test_input(desk: Path, option: str, word: str, shape: list[int | None]) -> None:
    assert planned(desk, option, word)["inputs"] == [{"name": "x:0", "dtype": "float32", "shape": shape}]


OUTPUTS = [
    (["out"], ["out:0"]),
    (["out:0"], ["out:0"]),
    (["out,first/Relu"], ["out:0", "first/Relu:0"]),
    (["out", "first/Relu"], ["out:0", "first/Relu:0"]),
    (["first/Relu"], ["first/Relu:0"]),
]


@pytest.mark.parametrize("given, outputs", OUTPUTS, ids=[" ".join(given) for given, _ in OUTPUTS])
def test_outputs(desk: Path, given: list[str], outputs: list[str]) -> None:
    words = [word for one in given for word in ("--outputs", one)]
    told = planned(desk, *words)
    assert [one["name"] for one in told["outputs"]] == outputs
    assert len(told["variables"]) == 4


def test_prune(desk: Path) -> None:
    nodes = written(desk, "--outputs", "first/Relu", "--prune")
    assert {"x", "first/kernel", "first/Relu"} <= nodes.keys()
    assert [name for name in nodes if name.startswith("second") or name == "out"] == []


def test_prune_tells_what_went(desk: Path) -> None:
    told = planned(desk, "--outputs", "first/Relu", "--prune")
    gone = {change["node"] for change in told["changes"] if change["rule"] == "P1"}
    assert {"second/MatMul", "second/BiasAdd", "out"} <= gone
    assert sorted(one["node"] for one in told["variables"]) == ["first/bias", "first/kernel"]


@pytest.mark.parametrize(
    "words, devices", [([], {"/device:GPU:0"}), (["--clear-devices"], set())], ids=["left", "cleared"]
)
def test_devices(desk: Path, words: list[str], devices: set[str]) -> None:
    (desk / "gpu.pb").write_bytes(models.dense("/device:GPU:0"))
    nodes = written(desk, *words, model="gpu.pb")
    assert {node.device for node in nodes.values() if node.op == "MatMul" and node.device} == devices
    assert not words or {node.device for node in nodes.values()} == {""}


@pytest.mark.parametrize(
    "words, restores, holds_values",
    [
        ([], False, False),
        (["--init", "nan"], False, False),
        (["--init", "restore"], True, False),
        (["--init", "value"], False, True),
    ],
    ids=lambda told: str(told),
)
def test_initialisers(desk: Path, words: list[str], restores: bool, holds_values: bool) -> None:
    """The saver restores once; the weights are in the .meta only when they were asked for."""
    nodes = written(desk, *words)
    assert (sum(node.op == "RestoreV2" for node in nodes.values()) > 1) == restores
    weights = (desk / "m.data-00000-of-00001").read_bytes()
    assert (weights[12:60] in (desk / "m.meta").read_bytes()) == holds_values


def test_untouched_nodes_are_the_same_bytes(desk: Path) -> None:
    written(desk)
    original = {payload for at, payload in models.fields((desk / "d.pb").read_bytes()) if at == 1}
    frozen = next(payload for at, payload in models.fields((desk / "m.meta").read_bytes()) if at == 2)
    now = {payload for at, payload in models.fields(frozen) if at == 1}
    names = models.nodes(models.meta_graph(b"".join(models.field(1, node) for node in original & now)))
    assert names.keys() == {
        "x",
        "out",
        "first/MatMul",
        "first/BiasAdd",
        "first/Relu",
        "second/MatMul",
        "second/BiasAdd",
    }


@pytest.mark.parametrize("model", ["convolution.pb", "convolution.meta", "convolution.pbmm"])
def test_containers_hold_the_same(tmp_path: Path, model: str) -> None:
    """The same graph, however it was stored, has the same weights and nodes."""
    small = REPOSITORY / "tests" / "data" / "small_models"
    for name, prefix in (("convolution.pb", "a/m"), (model, "b/m")):
        assert thaw(str(small / name), "-q", "-o", prefix, "--no-sync", cwd=tmp_path).code == 0
    data = "m.data-00000-of-00001"
    assert (tmp_path / "a" / data).read_bytes() == (tmp_path / "b" / data).read_bytes()
    one, other = (models.nodes((tmp_path / name / "m.meta").read_bytes()) for name in "ab")
    assert one == other
