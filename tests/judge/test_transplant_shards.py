"""Checkpoints in several files as targets, of both formats, as TensorFlow's own Saver writes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thaw_tool
from strict_tf import config, tf, v1

PARTS = 3
WEIGHTS = {
    "a": np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32),
    "b": np.random.default_rng(2).normal(size=(3, 6)).astype(np.float32),
}


def build() -> dict[str, Any]:
    """`a` on one device, `b` cut in three on both, and a head that the model lacks."""
    made = {}
    with v1.device("/cpu:0"):
        made["a"] = v1.get_variable("a", [4, 3], use_resource=False)
    with v1.device("/cpu:1"):
        made["head"] = v1.get_variable("head", [5], initializer=v1.random_uniform_initializer(), use_resource=False)
    place = iter(["/cpu:0", "/cpu:1", "/cpu:1"])
    with v1.variable_scope("", partitioner=v1.fixed_size_partitioner(PARTS, axis=1)):
        with v1.device(lambda op: next(place) if op.type.startswith("Variable") else "/cpu:0"):
            made["b"] = v1.get_variable("b", [3, 6], use_resource=False)
    return made


def opened(graph: Any) -> Any:
    options = config()
    options.device_count["CPU"] = 2
    return v1.Session(graph=graph, config=options)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "frozen.pb"
    with tf.Graph().as_default() as graph:
        read = {n: tf.identity(tf.constant(w, name=n), n + "/read") for n, w in WEIGHTS.items()}
        x = v1.placeholder(tf.float32, [None, 4], "x")
        tf.identity(x @ read["a"] @ read["b"], "y")
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def save(folder: Path, version: int) -> np.ndarray:
    """Returns the head's value."""
    folder.mkdir()
    with tf.Graph().as_default() as graph, opened(graph) as runs:
        made = build()
        runs.run(v1.global_variables_initializer())
        v1.train.Saver(sharded=True, write_version=version).save(runs, str(folder / "model.ckpt"))
        return runs.run(made["head"])


VERSIONS = {"first": v1.train.SaverDef.V1, "second": v1.train.SaverDef.V2}
WORDS = {
    "first": ["model.ckpt", "model.ckpt-?????-of-00002", "model.ckpt-00001-of-00002", "."],
    "second": ["model.ckpt", "model.ckpt.index", "model.ckpt.data-00001-of-00002", "."],
}


@pytest.mark.parametrize(("version", "word"), [(v, w) for v in VERSIONS for w in WORDS[v]])
def test_all_its_files_are_the_target(version: str, word: str, frozen: Path, tmp_path: Path) -> None:
    folder = tmp_path / "target"
    head = save(folder, VERSIONS[version])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert sum("of-00002" in name for name in before) == 2
    made = thaw_tool.transplant(frozen, folder / word, tmp_path / "out" / "m", "--missing", "keep", "--verify")
    assert made.exit == 0, made.error or made.report["findings"]
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
    with tf.Graph().as_default() as graph, opened(graph) as runs:
        again = build()
        v1.train.Saver(sharded=True).restore(runs, str(made.prefix))
        assert np.array_equal(runs.run(again["a"]), WEIGHTS["a"])
        assert np.array_equal(runs.run(tf.convert_to_tensor(again["b"])), WEIGHTS["b"])
        # The .meta beside it names an initialiser that draws; what the file holds is kept.
        assert np.array_equal(runs.run(again["head"]), head)


def test_a_file_that_is_missing_is_named(frozen: Path, tmp_path: Path) -> None:
    folder = tmp_path / "target"
    save(folder, v1.train.SaverDef.V1)
    (folder / "model.ckpt-00000-of-00002").unlink()
    made = thaw_tool.transplant(frozen, folder / "model.ckpt", tmp_path / "out" / "m")
    assert made.exit == 3
    assert "model.ckpt-00000-of-00002" in made.error
