"""Functions of TensorFlow 2: weights inside them, and loops that are calls, thawed and differentiated."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thaw_tool
from strict_tf import rounded, session, tf, v1

sys.path.append(str(thaw_tool.REPOSITORY / "tests" / "models"))
import functions  # noqa: E402
import keras_loops  # noqa: E402

LEAST = 3e-8  # sums of a few hundred products of numbers below 1 that may cancel each other


def run(graph_def: Any, output: str, feed: dict[str, Any]) -> np.ndarray:
    with tf.Graph().as_default() as graph:
        v1.import_graph_def(graph_def, name="")
    with session(graph) as runs:
        return np.asarray(runs.run(output, feed))


class Imported:
    """A thawed graph with the gradients of the loss, asked for before anything runs."""

    def __init__(self, thawed: thaw_tool.Thawed, output: str, feed: dict[str, Any]) -> None:
        self.graph = tf.Graph()
        with self.graph.as_default():
            saver = v1.train.import_meta_graph(str(thawed.prefix) + ".meta")
            variables = v1.trainable_variables()
            y = self.graph.get_tensor_by_name(output)
            loss = functions.loss(y)
            found = v1.gradients(loss, variables)
            asked = [None if g is None else tf.convert_to_tensor(g) for g in found]
            halves = [v1.assign(v, v / 2) for v in variables]
        with session(self.graph) as runs:
            saver.restore(runs, str(thawed.prefix))
            self.output = runs.run(y, feed)
            self.values = {v.op.name: runs.run(v) for v in variables}
            self.gradients = {
                v.op.name: None if g is None else runs.run(g, feed)
                for v, g in zip(variables, asked, strict=True)
            }
            runs.run(halves)
            self.after = runs.run(y, feed)


def thawed_graph(graph_def: Any, folder: Path, *options: str) -> thaw_tool.Thawed:
    path = folder / "frozen.pb"
    path.write_bytes(graph_def.SerializeToString())
    thawed = thaw_tool.thaw(path, folder / "thawed" / "model.ckpt", *options)
    assert thawed.exit == 0, thawed.error
    return thawed


def check_gradients(imported: Imported, truth: dict[bytes, tuple[str, np.ndarray | None]]) -> None:
    """Variables are known by their values; those that were read in several places add up."""
    sums: dict[str, np.ndarray] = {}
    for name, value in imported.values.items():
        weight, expected = truth[value.tobytes()]
        found = imported.gradients[name]
        if expected is None or not np.any(expected):
            assert found is None or not np.any(found), name
            continue
        assert found is not None, f"{name} ({weight}) has no gradient"
        sums[weight] = sums.get(weight, np.zeros_like(expected)) + found
    for weight, expected in truth.values():
        if expected is not None and np.any(expected):
            assert rounded(sums[weight], expected, LEAST), weight


@pytest.mark.product
@pytest.mark.parametrize("style", ["resource", "ref"])
@pytest.mark.parametrize("name", functions.NETWORKS)
def test_weights_in_functions_train(name: str, style: str, tmp_path: Path) -> None:
    made = functions.build(name)
    feed = {"x:0": functions.FED}
    expected = run(made.graph, made.output, feed)
    thawed = thawed_graph(made.graph, tmp_path, "--variables", style, "--verify")
    assert not [warning for warning in thawed.report["warnings"] if "gradient" in warning]
    imported = Imported(thawed, made.output, feed)
    assert np.array_equal(imported.output, expected)
    assert np.array_equal(imported.after, made.after)
    truth = {v.tobytes(): (k, made.gradients[k]) for k, v in functions.WEIGHTS.items()}
    check_gradients(imported, truth)


def test_the_report_names_function_and_node(tmp_path: Path) -> None:
    thawed = thawed_graph(functions.build("called").graph, tmp_path)
    by_name = {v["name"]: v for v in thawed.variables}
    outside = [v for v in thawed.variables if v["function"] is None]
    assert len(outside) == 1 and len(by_name) == 3
    for variable in by_name.values():
        if variable["function"] is not None:
            assert variable["function"]["name"].startswith("__inference_")
            assert variable["node"].endswith("/" + variable["function"]["node"])
    rules = {change["rule"] for change in thawed.report["changes"]}
    assert {"F1", "F2", "F3", "F4"} <= rules
    assert thawed.report["proof"]["functions_explained"] == 1


def test_two_thawed_graphs_in_one_process(tmp_path: Path) -> None:
    """Functions are known to a whole process by name: equal names must be equal functions."""
    made = functions.build("loop")
    feed = {"x:0": functions.FED}
    all_as_constants = thawed_graph(made.graph, tmp_path)
    one_kept = all_as_constants.variables[0]["node"]
    (tmp_path / "second").mkdir()
    second = thawed_graph(made.graph, tmp_path / "second", "--keep", one_kept)
    outputs = [Imported(thawed, made.output, feed).output for thawed in (all_as_constants, second)]
    assert np.array_equal(*outputs)


@pytest.mark.product
@pytest.mark.parametrize("lowered", [False, True], ids=["functional", "lowered"])
@pytest.mark.parametrize("name", keras_loops.LAYERS)
def test_keras_layers(name: str, lowered: bool, tmp_path: Path) -> None:
    made = keras_loops.build(name, lowered)
    feed = {made.input: keras_loops.FED}
    expected = run(made.graph, made.output, feed)
    thawed = thawed_graph(made.graph, tmp_path)
    meta = v1.MetaGraphDef.FromString(Path(str(thawed.prefix) + ".meta").read_bytes())
    if lowered and "while_context" not in meta.collection_def:
        pytest.skip("a lowered loop cannot be differentiated without its context")
    imported = Imported(thawed, made.output, feed)
    assert np.array_equal(imported.output, expected)
    assert set(imported.values) == set(made.paths)
    check_gradients(imported, made.truth)
