"""Loops, conds and TensorArrays as While, If and TensorLists: TensorFlow 2 trains what was a graph of TensorFlow 1."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import loop_trial
import raise_trial
from strict_tf import rounded, tf

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models" / "control_flow"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models"))
import training_graphs  # noqa: E402
import optimised  # noqa: E402

GRAPHS = sorted(training_graphs.load_all())
# Every kind of structure once; the others are for --all.
CHOSEN = {"both_ways", "raw", "attention", "loop_in_cond_in_loop", "chained_conds_in_loop", "case_of_three", "three_deep", "assertion_inside"}
RECURSION = 1e-6  # of the largest entry: functions add the parts of a gradient in another order


def chosen(names: list[str], few: set[str]) -> list[Any]:
    return [name if name in few else pytest.param(name, marks=pytest.mark.long) for name in names]


def mean_loss(outputs: dict[str, Any]) -> Any:
    """That of training_graphs.train."""
    return tf.add_n([tf.reduce_mean(tf.square(tf.cast(value, tf.float32) - 0.3)) for value in outputs.values()])


def options_for(graph_def: Any, values: dict[str, np.ndarray]) -> tuple[dict[str, str], list[str]]:
    """Which constant is which weight, and the options that say so; of copies, too."""
    weights = optimised.find_weights(graph_def, values)
    others = [n.name for n in graph_def.node if n.op == "Const" and n.name not in weights]
    options = [word for name in weights for word in ("--thaw", name)]
    return weights, options + [word for name in others for word in ("--keep", name)]


def compare(built: training_graphs.Built, graph_def: Any, folder: Path, most: float = 1e-6) -> raise_trial.Loaded:
    truth = built.train(1)
    weights, options = options_for(graph_def, built.values)
    found = raise_trial.load(
        graph_def, folder, built.feeds, mean_loss, *options, "--outputs", ",".join(built.outputs)
    )
    for name, expected in zip(built.outputs, truth.outputs, strict=True):
        assert loop_trial.distance(found.outputs[name], expected) <= most
    assert {weights[name] for name in found.gradients} == built.values.keys()
    for name, gradient in found.gradients.items():
        expected = truth.gradients[weights[name]]
        assert (gradient is None) == (expected is None), name
        if expected is not None:
            assert loop_trial.distance(gradient, expected) <= max(most, RECURSION) * max(1.0, np.abs(expected).max()), name
    assert found.losses[-1] <= found.losses[0]
    return found


@pytest.mark.parametrize("name", chosen(GRAPHS, CHOSEN))
def test_trains_in_tensorflow_2(name: str, tmp_path: Path) -> None:
    built = training_graphs.build(name)
    found = compare(built, built.frozen, tmp_path)
    arrays = sum(node.op == "TensorArrayV3" for node in built.frozen.node)
    loops = sum(node.op == "LoopCond" for node in built.frozen.node)
    assert (found.report["raised"]["loops"], found.report["raised"]["arrays"]) == (loops, arrays)


@pytest.mark.parametrize("name", chosen(GRAPHS, {"both_ways", "chained_conds_in_loop"}))
def test_trains_after_grappler(name: str, tmp_path: Path) -> None:
    """Folding copies weights into loops, and takes away the nodes that tell where a loop's variable is."""
    built = training_graphs.build(name)
    compare(built, optimised.grappler(built), tmp_path, 1e-5)


ARRAY_OPS = {
    "split_and_concat": lambda x, w: _pieces(x @ w),
    "grown": lambda x, w: _grown(x, w),
}


def _pieces(x: Any) -> Any:
    pieces = tf.TensorArray(tf.float32, 3, infer_shape=False).split(x, [1, 2, 1])
    kept = tf.TensorArray(tf.float32, 3, infer_shape=False)
    turned = tf.while_loop(
        lambda i, _: i < pieces.size(), lambda i, a: (i + 1, a.write(i, tf.tanh(pieces.read(i)))), [0, kept]
    )[1]
    return turned.concat()


def _grown(x: Any, w: Any) -> Any:
    array = tf.TensorArray(tf.float32, 0, dynamic_size=True, clear_after_read=False)
    _, array = tf.while_loop(lambda i, _: i < 3, lambda i, a: (i + 1, a.write(i, tf.tanh(x @ w) * tf.cast(i, tf.float32))), [0, array])
    return array.gather([2, 0]) + tf.cast(array.size(), tf.float32)


@pytest.mark.parametrize("name", ARRAY_OPS)
def test_operations_of_arrays(name: str, tmp_path: Path) -> None:
    def build(lab: training_graphs.Lab) -> list[Any]:
        return [tf.identity(ARRAY_OPS[name](lab.feed("x", (4, 3)), lab.weight("w", 3, 3)), "out")]

    training_graphs.GRAPHS["arrays_" + name] = build
    try:
        built = training_graphs.build("arrays_" + name)
    finally:
        del training_graphs.GRAPHS["arrays_" + name]
    compare(built, built.frozen, tmp_path)


@pytest.mark.parametrize("name", chosen(["simple", "lstm", "gru", "gru_without_reset_after", "bidirectional", "stacked"], {"bidirectional"}))
def test_keras_layers_that_were_lowered(name: str, tmp_path: Path) -> None:
    import functions
    import keras_loops

    made = keras_loops.build(name, True)
    output = made.output.split(":")[0]
    found = raise_trial.load(
        made.graph, tmp_path, {made.input.split(":")[0]: keras_loops.FED}, lambda out: functions.loss(out[output]),
        "--outputs", output,
    )  # fmt: skip
    assert found.report["raised"]["loops"] > 0
    assert len(found.gradients) == len(made.truth)
    for variable, gradient in found.gradients.items():
        path, expected = made.truth[found.values[variable].tobytes()]
        assert rounded(gradient, expected), path
