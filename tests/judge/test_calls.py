"""Calls in graphs of TensorFlow 1, in loops and branches of it, and cells in functions: written out and trained."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorflow.python.framework import function as legacy

import test_cells
import thaw_tool
from strict_tf import rounded, session, tf, v1

sys.path.append(str(thaw_tool.REPOSITORY / "tests" / "models"))
import functions  # noqa: E402

Make = Callable[[Callable[[Any], Any]], Any]  # a call of a Python function, or the function itself
FEED = {"x:0": functions.FED}
NUMBERS = itertools.count()


def by_name(python: Callable[[Any], Any]) -> Any:
    """A function that nodes call by its name as their operation."""
    return legacy.Defun(tf.float32, func_name=f"Named{next(NUMBERS)}")(python)


def in_calls(make: Make, give: functions.Give, x: Any) -> Any:
    inner = make(lambda v: tf.tanh(tf.matmul(v, give("w"))))
    outer = make(lambda v: inner(v) + inner(tf.matmul(v, give("u"))))
    return outer(outer(x))


def elu_in_calls(make: Make, give: functions.Give, x: Any) -> Any:
    inner = make(lambda v: (tf.nn.elu(tf.matmul(v, give("w"))), tf.tanh(v)))

    def both(v: Any) -> Any:
        first, second = inner(v)
        third, fourth = inner(tf.matmul(second, give("u")))
        return first + third * fourth

    outer = make(both)
    return outer(outer(x))


def in_frames(make: Make, give: functions.Give, x: Any) -> Any:
    """Calls in a loop and in a branch, one of whose arguments is not used."""
    inner = make(lambda v: tf.nn.elu(tf.matmul(v, give("w"))) + give("b"))
    outer = make(lambda v: inner(v) * 0.5 + tf.matmul(inner(v), give("u")))
    looped = v1.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, tf.ensure_shape(outer(y), x.shape)), [0, x])[1]
    return looped + v1.cond(tf.reduce_sum(x) > 0, lambda: outer(x), lambda: x)


def truth(network: Any) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The same network with variables and without calls."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, functions.FED.shape, name="x")
        variables = {name: v1.Variable(value) for name, value in functions.WEIGHTS.items()}
        y = network(lambda python: python, lambda name: variables[name] + 0, x)
        found = v1.gradients(functions.loss(y), list(variables.values()))
    gradients = {name: g for name, g in zip(variables, found, strict=True) if g is not None}
    with session(graph) as runs:
        runs.run([v.initializer for v in variables.values()])
        return runs.run((y, gradients), FEED)


@pytest.mark.product
@pytest.mark.parametrize("style", ["resource", "ref"])
@pytest.mark.parametrize("make", [functions.function, by_name])
@pytest.mark.parametrize("network", [in_calls, elu_in_calls, in_frames])
def test_trains_as_without_calls(network: Any, make: Make, style: str, tmp_path: Path) -> None:
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, functions.FED.shape, name="x")
        y = network(make, lambda name: tf.constant(functions.WEIGHTS[name]), x)
        tf.identity(y, name="out")
    (tmp_path / "frozen.pb").write_bytes(graph.as_graph_def().SerializeToString())
    thawed = thaw_tool.thaw(tmp_path / "frozen.pb", tmp_path / "thawed", "--variables", style, "--verify")
    assert thawed.exit == 0, thawed.error
    assert not [warning for warning in thawed.report["warnings"] if "gradient" in warning]
    expected, gradients = truth(network)
    with tf.Graph().as_default() as again:
        saver = v1.train.import_meta_graph(str(thawed.prefix) + ".meta")
        variables = v1.trainable_variables()
        y = again.get_tensor_by_name("out:0")
        found = v1.gradients(functions.loss(y), variables)
    sums = {name: np.zeros_like(g) for name, g in gradients.items()}
    names = {value.tobytes(): name for name, value in functions.WEIGHTS.items()}
    with session(again) as runs:
        saver.restore(runs, str(thawed.prefix))
        assert np.array_equal(runs.run(y, FEED), expected)
        for variable, gradient in zip(variables, found, strict=True):
            sums[names[runs.run(variable).tobytes()]] += runs.run(gradient, FEED)
    for name, gradient in gradients.items():
        assert rounded(sums[name], gradient), name


def frozen_loop(cell: Any, weights: test_cells.Weights) -> Any:
    """Three steps of the cell in the body of a loop that is a function."""
    shape = [test_cells.BATCH, test_cells.UNITS]

    def step(i: Any, cs: Any, h: Any, outputs: Any) -> Any:
        (cs, h), output = cell(tf.gather(x, i), (cs, h), give)
        return i + 1, cs, h, tf.tensor_scatter_nd_update(outputs, [[i]], [output])

    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, test_cells.FED.shape, name="x")
        give = {name: tf.constant(value, name=name) for name, value in weights.items()}.__getitem__
        v1.enable_control_flow_v2()
        zeros = tf.zeros(shape)
        start = [0, zeros, zeros, tf.zeros([test_cells.STEPS, *shape])]
        ended = tf.while_loop(lambda i, *_: i < test_cells.STEPS, step, start)
        v1.disable_control_flow_v2()
        tf.identity(ended[3], name="out")
    return graph.as_graph_def()


def frozen_call(cell: Any, weights: test_cells.Weights) -> Any:
    """Three steps of the cell, each a call."""

    def step(x: Any, cs: Any, h: Any) -> Any:
        (cs, h), _ = cell(x, (cs, h), lambda name: tf.constant(weights[name], name=name))
        return cs, h

    call = functions.function(step)
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, test_cells.FED.shape, name="x")
        cs = h = tf.zeros([test_cells.BATCH, test_cells.UNITS])
        outputs = []
        for k in range(test_cells.STEPS):
            cs, h = call(x[k], cs, h)
            outputs.append(h)
        tf.identity(tf.stack(outputs), name="out")
    return graph.as_graph_def()


@pytest.mark.product
@pytest.mark.parametrize("frozen", [frozen_loop, frozen_call])
@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_cells_in_functions(name: str, frozen: Any, tmp_path: Path) -> None:
    attrs = test_cells.LSTMS["clipped_peepholes"]
    if name == "lstm":
        cell, true, weights = test_cells.lstm(attrs), test_cells.true_lstm(attrs), test_cells.LSTM
    else:
        cell, true, weights = test_cells.gru, test_cells.true_gru, test_cells.GRU
    graph_def = frozen(cell, weights)
    assert not any(node.op.endswith("BlockCell") for node in graph_def.node)
    test_cells.check(graph_def, test_cells.true_gradients(true, weights), tmp_path, "resource")
