"""Training graphs and SavedModels of TensorFlow 1, frozen: node for node what TensorFlow's freezer makes."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cases
import frozen_by_tensorflow
import graph_files
import imported
import thaw_tool
from strict_tf import session, tf, v1

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models"))
import catalogue  # noqa: E402

NAMES = sorted(catalogue.load_all())
PAIRS = cases.CORPUS / "pairs"


def assert_frozen_alike(prefix: Path, outputs: list[str], kept: list[str], folder: Path) -> Any:
    options = [f"--keep-variables={name}" for name in kept]
    made = thaw_tool.freeze(prefix, folder / "again.pb", "--outputs", ",".join(outputs), "--verify", *options)
    assert made.exit == 0, made.error
    found = graph_files.load(made.prefix)
    expected = frozen_by_tensorflow.tensorflow_freezes(prefix, outputs, kept)
    assert frozen_by_tensorflow.differences(expected, found) == ""
    return found


@pytest.mark.parametrize("name", NAMES)
def test_own_models_are_frozen_as_tensorflow_freezes_them(name: str, models: Path, tmp_path: Path) -> None:
    folder = models / name
    if not (folder / "truth.ckpt.meta").exists():
        pytest.skip("the model was not saved with its graph")
    truth = json.loads((folder / "truth.json").read_text())
    nodes = {node.name for node in imported.meta_graph(folder / "truth.ckpt").graph_def.node}
    if not nodes.issuperset(graph_files.source(name) for name in truth["outputs"]):
        pytest.skip("the frozen graph was changed after freezing")
    if name == "reference_slot":
        return assert_no_use(folder / "truth.ckpt", truth["outputs"])
    assert_frozen_alike(folder / "truth.ckpt", truth["outputs"], truth["left_over"], tmp_path)


def test_changed_values_are_all_that_changes(models: Path, tmp_path: Path) -> None:
    """Thawed, trained in TensorFlow, and frozen: the graph of the beginning, other numbers."""
    frozen = models / "mlp" / "frozen.pb"
    thawed = thaw_tool.thaw(frozen, tmp_path / "thawed" / "model.ckpt")
    with tf.Graph().as_default() as graph:
        saver = v1.train.import_meta_graph(f"{thawed.prefix}.meta")
        out = graph.get_tensor_by_name("out:0")
        step = v1.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_mean(tf.square(out - 0.3)))
        trained = v1.train.Saver(v1.global_variables())
        with session(graph) as runs:
            saver.restore(runs, str(thawed.prefix))
            with np.load(frozen.parent / "feed.npz") as stored:
                runs.run(step, {f"{name}:0": stored[name] for name in stored.files})
            trained.save(runs, str(tmp_path / "trained.ckpt"))
    made = thaw_tool.freeze(tmp_path / "trained.ckpt", tmp_path / "again.pb", "--outputs", "out")
    assert made.exit == 0, made.error
    before, after = ({n.name: n for n in graph_files.load(p).node} for p in (frozen, made.prefix))
    assert before.keys() == after.keys()
    for node in after.values():
        node.attr.pop("_output_shapes", None)  # Saver.save notes them
    changed = {name for name in before if frozen_by_tensorflow.node_differences(before[name], after[name])}
    assert changed == {variable["node"] for variable in thawed.variables if variable["trainable"]}


def checkpoints_of_others() -> list[Path]:
    """Prefixes with a .meta and values beside it."""
    metas = [path for path in sorted(PAIRS.rglob("*.meta")) if not path.name.startswith(".")]
    return [p.with_suffix("") for p in metas if list(p.parent.glob(p.stem + ".data*")) or p.with_suffix("").exists()]


@pytest.mark.parametrize("prefix", checkpoints_of_others(), ids=lambda prefix: str(prefix.relative_to(PAIRS)))
def test_checkpoints_of_other_people(prefix: Path, tmp_path: Path) -> None:
    pair = PAIRS / prefix.relative_to(PAIRS).parts[0]
    nodes = {node.name for node in imported.meta_graph(prefix).graph_def.node}
    files = [path for path in sorted(pair.rglob("*.pb")) if path.name not in ("saved_model.pb", "graph.pb")]
    ends = [set(graph_files.terminals(graph_files.load(path))) & nodes for path in files]
    outputs = sorted(next((names for names in ends if names), set()))
    if not outputs:
        pytest.skip("the frozen graphs beside it have other outputs")
    tried = thaw_tool.freeze(prefix, tmp_path / "again.pb", "--outputs", ",".join(outputs), "-n")
    if "changes variable" in tried.error:
        return assert_no_use(prefix, outputs)
    assert_frozen_alike(prefix, outputs, [], tmp_path)


def assert_no_use(prefix: Path, outputs: list[str]) -> None:
    """Where variables are changed on the way, what TensorFlow freezes does not load."""
    expected = frozen_by_tensorflow.tensorflow_freezes(prefix, outputs, [])
    with tf.Graph().as_default(), pytest.raises(ValueError, match="ref|resource"):
        tf.import_graph_def(expected, name="")


SAVED = ("serving-saved_model_half_plus_two_cpu", "azoo-saved-model-resource", "mltestdata-model_string_test")


@pytest.mark.parametrize("name", SAVED)
def test_saved_models_of_tensorflow_1(name: str, tmp_path: Path) -> None:
    found = [p.parent for p in (cases.CORPUS / "savedmodel" / name).rglob("saved_model.pb")]
    if not found:
        pytest.skip("no corpus")
    shutil.copytree(found[0], tmp_path / "saved")
    made = thaw_tool.freeze(tmp_path / "saved", tmp_path / "frozen.pb")
    assert made.exit == 0, made.error
    with tf.Graph().as_default() as graph, session(graph) as runs:
        meta = v1.saved_model.load(runs, ["serve"], str(tmp_path / "saved"))
        signature = meta.signature_def["serving_default"]
        outputs = [info.name.split(":")[0] for info in signature.outputs.values()]
        frozen_by_tensorflow.add_missing_reads(graph)
        expected = v1.graph_util.convert_variables_to_constants(runs, meta.graph_def, outputs)
    assert frozen_by_tensorflow.differences(expected, graph_files.load(made.prefix)) == ""


def calls_and_loops(x: Any, p: Any) -> Any:
    """Control flow of TensorFlow 2 in a graph of TensorFlow 1: variables are arguments of functions."""
    w, v = (v1.get_variable(name, initializer=np.eye(4, dtype=np.float32) / 3, use_resource=True) for name in "wv")
    call = tf.function(lambda y: tf.tanh(tf.matmul(y, w)))
    chosen = tf.cond(p, lambda: call(x), lambda: tf.matmul(x, v))
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, call(y) + tf.matmul(y, v)), (0, chosen))[1]


def loops_of_tensorflow_1(x: Any, p: Any) -> Any:
    w, v = (v1.get_variable(name, initializer=np.eye(4, dtype=np.float32) / 3, use_resource=True) for name in "wv")
    chosen = tf.cond(p, lambda: tf.matmul(x, w), lambda: tf.matmul(x, v))
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.matmul(y, v)), (0, chosen))[1]


def partitions(x: Any, p: Any) -> Any:
    parts = v1.fixed_size_partitioner(3)
    w = v1.get_variable("w", (4, 6), partitioner=parts, use_resource=True)
    u = v1.get_variable("u", (4, 6), partitioner=parts, use_resource=False)
    return tf.matmul(x, tf.where(p, tf.convert_to_tensor(w), tf.convert_to_tensor(u)))


@pytest.mark.parametrize("build", [calls_and_loops, loops_of_tensorflow_1, partitions])
def test_variables_in_control_flow(build: Any, tmp_path: Path) -> None:
    if build is calls_and_loops:
        v1.enable_control_flow_v2()
    try:
        with tf.Graph().as_default() as graph:
            x = v1.placeholder(tf.float32, (None, 4), "x")
            tf.identity(build(x, v1.placeholder(tf.bool, (), "p")), "out")
            saver = v1.train.Saver()
            start = v1.global_variables_initializer()
    finally:
        v1.disable_control_flow_v2()
    with session(graph) as runs:
        runs.run(start)
        saver.save(runs, str(tmp_path / "m.ckpt"))
    assert_frozen_alike(tmp_path / "m.ckpt", ["out"], [], tmp_path)


def test_a_lookup_in_a_loop_loads(tmp_path: Path) -> None:
    """TensorFlow's own freezer puts the axis outside of the loop, and then nobody loads the graph."""
    ids = np.array([[0, 2], [4, 1]], np.int32)
    with tf.Graph().as_default() as graph:
        given = v1.placeholder(tf.int32, (2, 2), "ids")
        table = v1.get_variable("table", initializer=np.arange(20, dtype=np.float32).reshape(5, 4), use_resource=True)
        start = tf.zeros((2, 4))
        rounds = tf.while_loop(
            lambda i, y: i < 2, lambda i, y: (i + 1, y + tf.nn.embedding_lookup(table, given[:, i])), (0, start)
        )
        out = tf.identity(rounds[1], "out")
        saver = v1.train.Saver()
        first = v1.global_variables_initializer()
    with session(graph) as runs:
        runs.run(first)
        saver.save(runs, str(tmp_path / "m.ckpt"))
        expected = runs.run(out, {given: ids})
    made = thaw_tool.freeze(tmp_path / "m.ckpt", tmp_path / "again.pb", "--outputs", "out")
    assert made.exit == 0, made.error
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_files.load(made.prefix), name="")
    with session(graph) as runs:
        assert graph_files.same_bits(runs.run("out:0", {"ids:0": ids}), expected)
