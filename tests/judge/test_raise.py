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
    "concat_at_the_root": lambda x, w: _array(3, x @ w, infer_shape=False).concat(),
    "read_at_the_root": lambda x, w: tf.tanh(_array(1, x @ w).read(0)) + _array(2, x).read(1),
    "gathered_at_the_root": lambda x, w: _array(3, x @ w, element_shape=[None, 3]).gather([2, 0]),
    "unstacked_at_the_root": lambda x, w: tf.TensorArray(tf.float32, 4).unstack(x @ w).stack()[1:],
    "grown_at_the_root": lambda x, w: _array(0, x @ w, 3, dynamic_size=True).stack(),
    "one_of_another": lambda x, w: _array(2, _array(2, x @ w).read(1)).stack(),
    "read_in_a_branch": lambda x, w: _read_in_a_branch(x, w),
    "written_in_a_branch": lambda x, w: _written_in_a_branch(x, w),
}


def _array(size: int, value: Any, count: int = 0, **how: Any) -> Any:
    array = tf.TensorArray(tf.float32, size, **how)
    for i in range(count or size):
        array = array.write(i, value * (i + 1.0))
    return array


def _read_in_a_branch(x: Any, w: Any) -> Any:
    array = _array(2, x @ w, clear_after_read=False)
    return tf.cond(tf.reduce_sum(x) > 100.0, lambda: array.read(0), lambda: tf.tanh(array.read(1)))


def _written_in_a_branch(x: Any, w: Any) -> Any:
    array = _array(3, x @ w, 2)
    flow = tf.cond(tf.reduce_sum(x) < 100.0, lambda: array.write(2, tf.sin(x @ w)).flow, lambda: array.write(2, x).flow)
    return tf.TensorArray(tf.float32, handle=array.handle, flow=flow).stack()


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


def built_from(output: Any) -> training_graphs.Built:
    """A graph that gives `output` of a placeholder [4,3] and a weight [3,3]."""
    training_graphs.GRAPHS["one"] = lambda lab: [tf.identity(output(lab.feed("x", (4, 3)), lab.weight("w", 3, 3)), "out")]
    try:
        return training_graphs.build("one")
    finally:
        del training_graphs.GRAPHS["one"]


@pytest.mark.parametrize("name", ARRAY_OPS)
def test_operations_of_arrays(name: str, tmp_path: Path) -> None:
    built = built_from(ARRAY_OPS[name])
    compare(built, built.frozen, tmp_path)


def of_version_2(graph_def: Any) -> Any:
    """As TensorFlow 0.12 wrote it: the handle is a string, and each flow begins with a constant."""
    made = type(graph_def)()
    made.CopyFrom(graph_def)
    made.versions.producer = 20
    arrays = {node.name for node in made.node if node.op == "TensorArrayV3"}
    handles = set(arrays)
    for node in made.node:
        if node.op in ("Enter", "Switch", "Identity") and node.input[0].split(":")[0] in handles and not node.input[0].endswith(":1"):
            handles.add(node.name)
            node.attr["T"].type = tf.string.as_datatype_enum
        for i, name in enumerate(node.input):
            if name.endswith(":1") and name[:-2] in arrays:
                node.input[i] = name[:-2] + "/Const"
        if node.op.startswith("TensorArray"):
            node.op = node.op.replace("V3", "V2")
            node.attr.pop("identical_element_shapes", None)
    for name in sorted(arrays):
        node = made.node.add(name=name + "/Const", op="Const")
        node.attr["dtype"].type = tf.float32.as_datatype_enum
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(0.0))
    return made


@pytest.mark.parametrize("name", ["split_and_concat", "read_in_a_branch", "one_of_another"])
def test_arrays_of_older_releases(name: str, tmp_path: Path) -> None:
    """Their session has no gradient any more: it is that of the same graph with arrays of today."""
    built = built_from(ARRAY_OPS[name])
    compare(built, of_version_2(built.frozen), tmp_path)


def patches(x: Any) -> Any:
    """Its gradient asks for the shape."""
    return tf.image.extract_patches(tf.reshape(x, [1, 4, 3, 1]), [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID")


SHAPED = {
    "variable": lambda x, w: patches(tf.concat([w, x[:1]], 0)),
    "taken_from_around": lambda x, w: tf.cond(tf.reduce_sum(x) < 100.0, lambda: patches(tf.concat([w, x[:1]], 0)), lambda: patches(x)),
    "variable_of_a_loop": lambda x, w: tf.while_loop(
        lambda i, _: i < 3, lambda i, y: (i + 1, 0.01 * tf.reduce_sum(patches(y @ w)) + y * 0.5), [0, x]
    )[1],
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPED)
def test_shapes_are_known(name: str, tmp_path: Path) -> None:
    built = built_from(SHAPED[name])
    compare(built, built.frozen, tmp_path)


BOUNDS = {
    "a_constant": (lambda x, w: _rounds(lambda i: i < 5, x, w), 5),
    "one_part_of_it": (lambda x, w: _rounds(lambda i: tf.logical_and(tf.reduce_sum(w) < 1e9, i < 4), x, w), 4),
    "a_shape": (lambda x, w: _rounds(lambda i: i < tf.shape(x)[0], x, w), 4),
    "a_sum": (lambda x, w: _rounds(lambda i: i < tf.cast(tf.reduce_sum(w * 0.0), tf.int32) + 3, x, w), -1),
}


def _rounds(goes_on: Any, x: Any, w: Any) -> Any:
    return tf.while_loop(lambda i, _: goes_on(i), lambda i, y: (i + 1, tf.tanh(y @ w)), [0, x])[1]


@pytest.mark.parametrize("name", BOUNDS)
def test_xla_trains_loops_whose_end_is_known(name: str, tmp_path: Path) -> None:
    output, bound = BOUNDS[name]
    built = built_from(output)
    compare(built, built.frozen, tmp_path)
    model = tf.saved_model.load(str(tmp_path / "saved"))
    nodes = model.signatures["serving_default"].graph.as_graph_def().library.function
    found = [
        tf.make_ndarray(n.attr["value"].tensor) for f in nodes for n in f.node_def if n.name.endswith("thaw_while/maximum_iterations")
    ]
    assert found == [bound]
    weight = next(v for v in model.variables if v.trainable)

    def gradient(fed: Any) -> Any:
        with tf.GradientTape() as tape:
            value = mean_loss(model.signatures["serving_default"](fed))
        return tape.gradient(value, weight)

    fed = tf.constant(built.feeds["x"])
    truth = built.train(1).gradients["w"]
    assert rounded(gradient(fed), truth)
    if bound > 0:
        # XLA has a tanh of its own.
        assert np.allclose(tf.function(gradient, jit_compile=True)(fed), truth, rtol=1e-4, atol=1e-7)


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
