"""LSTMBlockCell and GRUBlockCell written out: equal bit for bit, and differentiated like the cells they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thaw_tool
from strict_tf import rounded, session, tf, v1

UNITS, INPUTS, BATCH, STEPS = 4, 3, 2, 3
Weights = dict[str, np.ndarray]


def numbers(*shape: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype(np.float32)


LSTM: Weights = {
    "w": numbers(INPUTS + UNITS, 4 * UNITS, seed=1),
    "wci": numbers(UNITS, seed=2),
    "wcf": numbers(UNITS, seed=3),
    "wco": numbers(UNITS, seed=4),
    "b": numbers(4 * UNITS, seed=5),
}
GRU: Weights = {
    "w_ru": numbers(INPUTS + UNITS, 2 * UNITS, seed=6),
    "w_c": numbers(INPUTS + UNITS, UNITS, seed=7),
    "b_ru": numbers(2 * UNITS, seed=8),
    "b_c": numbers(UNITS, seed=9),
}
FED = numbers(STEPS, BATCH, INPUTS, seed=10)
LSTMS: dict[str, dict[str, Any]] = {
    "plain": {"forget_bias": 1.0, "cell_clip": 0.0, "use_peephole": False},
    "clipped": {"forget_bias": 0.5, "cell_clip": 0.2, "use_peephole": False},
    "peepholes": {"forget_bias": 1.5, "cell_clip": -1.0, "use_peephole": True},
    "clipped_peepholes": {"forget_bias": 0.0, "cell_clip": 0.3, "use_peephole": True},
}


def lstm(attrs: dict[str, Any]) -> Callable[[Any, Any, Any], tuple[Any, Any]]:
    def cell(x: Any, state: tuple[Any, Any], give: Any) -> tuple[Any, Any]:
        weights = {name: give(name) for name in LSTM}
        made = tf.raw_ops.LSTMBlockCell(x=x, cs_prev=state[0], h_prev=state[1], **weights, **attrs)
        return (made.cs, made.h), made.h

    return cell


def gru(x: Any, state: tuple[Any, Any], give: Any) -> tuple[Any, Any]:
    made = tf.raw_ops.GRUBlockCell(x=x, h_prev=state[1], **{name: give(name) for name in GRU})
    return (state[0], made.h), made.h


def frozen(cell: Any, weights: Weights) -> Any:
    """Three steps of the cell, its weights read as TensorFlow 1 read variables."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, FED.shape, name="x")
        reads = {k: tf.identity(tf.constant(w, name=k), name=k + "/read") for k, w in weights.items()}
        state: Any = (tf.zeros([BATCH, UNITS]), tf.zeros([BATCH, UNITS]))
        outputs = []
        for step in range(STEPS):
            state, h = cell(x[step], state, reads.__getitem__)
            outputs.append(h)
        tf.identity(tf.stack(outputs), name="out")
    return graph.as_graph_def()


def sigmoid(x: Any) -> Any:
    return 1 / (1 + tf.exp(-x))


def true_lstm(attrs: dict[str, Any]) -> Any:
    """The cell as a paper would write it, in double precision."""

    def cell(x: Any, state: tuple[Any, Any], w: Any) -> tuple[Any, Any]:
        cs, h = state
        i, c, f, o = tf.split(tf.concat([x, h], 1) @ w["w"] + w["b"], 4, 1)
        peep = 1.0 if attrs["use_peephole"] else 0.0
        i = sigmoid(i + peep * cs * w["wci"])
        f = sigmoid(f + attrs["forget_bias"] + peep * cs * w["wcf"])
        cs = i * tf.tanh(c) + f * cs
        if attrs["cell_clip"] > 0:
            cs = tf.clip_by_value(cs, -attrs["cell_clip"], attrs["cell_clip"])
        h = sigmoid(o + peep * cs * w["wco"]) * tf.tanh(cs)
        return (cs, h), h

    return cell


def true_gru(x: Any, state: tuple[Any, Any], w: Any) -> tuple[Any, Any]:
    h = state[1]
    r, u = tf.split(sigmoid(tf.concat([x, h], 1) @ w["w_ru"] + w["b_ru"]), 2, 1)
    c = tf.tanh(tf.concat([x, r * h], 1) @ w["w_c"] + w["b_c"])
    h = u * h + (1 - u) * c
    return (state[0], h), h


def true_gradients(cell: Any, weights: Weights) -> dict[str, np.ndarray]:
    variables = {k: tf.Variable(w.astype(np.float64)) for k, w in weights.items()}
    with tf.GradientTape() as tape:
        state: Any = (tf.zeros([BATCH, UNITS], tf.float64), tf.zeros([BATCH, UNITS], tf.float64))
        outputs = []
        for step in range(STEPS):
            state, h = cell(tf.constant(FED[step].astype(np.float64)), state, variables)
            outputs.append(h)
        loss = tf.reduce_mean(tf.square(tf.stack(outputs) - 0.3))
    found = tape.gradient(loss, variables)
    return {k: np.zeros_like(weights[k]) if g is None else g.numpy() for k, g in found.items()}


def check(graph_def: Any, truth: dict[str, np.ndarray], folder: Path, style: str) -> None:
    path = folder / "frozen.pb"
    path.write_bytes(graph_def.SerializeToString())
    thawed = thaw_tool.thaw(path, folder / "thawed", "--expand-cells", "--variables", style, "--verify")
    assert thawed.exit == 0, thawed.error
    feed = {"x:0": FED}
    with tf.Graph().as_default() as graph:
        v1.import_graph_def(graph_def, name="")
    with session(graph) as runs:
        expected = runs.run("out:0", feed)
    with tf.Graph().as_default() as graph:
        saver = v1.train.import_meta_graph(str(thawed.prefix) + ".meta")
        y = graph.get_tensor_by_name("out:0")
        variables = v1.trainable_variables()
        gradients = v1.gradients(tf.reduce_mean(tf.square(y - 0.3)), variables)
    with session(graph) as runs:
        saver.restore(runs, str(thawed.prefix))
        assert np.array_equal(runs.run(y, feed), expected)
        found = [v.op.name.split("/")[-1] for v in variables]  # without the function that they are in
        for name, gradient in zip(found, gradients, strict=True):
            if gradient is None:
                assert not truth[name].any(), name
            else:
                assert rounded(runs.run(gradient, feed), truth[name], 1e-7), name
    assert {name for name, gradient in truth.items() if gradient.any()} <= set(found)


@pytest.mark.product
@pytest.mark.parametrize("style", ["resource", "ref"])
@pytest.mark.parametrize("name", LSTMS)
def test_lstm(name: str, style: str, tmp_path: Path) -> None:
    attrs = LSTMS[name]
    check(frozen(lstm(attrs), LSTM), true_gradients(true_lstm(attrs), LSTM), tmp_path, style)


@pytest.mark.parametrize("style", ["resource", "ref"])
def test_gru(style: str, tmp_path: Path) -> None:
    check(frozen(gru, GRU), true_gradients(true_gru, GRU), tmp_path, style)


def test_cells_in_a_loop_run(tmp_path: Path) -> None:
    """What is written out inside of a v1 loop belongs to its frame."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, FED.shape, name="x")
        reads = {k: tf.identity(tf.constant(w, name=k), name=k + "/read") for k, w in LSTM.items()}
        cell = lstm(LSTMS["clipped_peepholes"])

        def step(i: Any, cs: Any, h: Any) -> tuple[Any, Any, Any]:
            (cs, h), _ = cell(tf.gather(x, i), (cs, h), reads.__getitem__)
            return i + 1, cs, h

        zeros = tf.zeros([BATCH, UNITS])
        ended = v1.while_loop(lambda i, cs, h: i < STEPS, step, [0, zeros, zeros])
        tf.identity(ended[2], name="out")
    graph_def = graph.as_graph_def()
    path = tmp_path / "frozen.pb"
    path.write_bytes(graph_def.SerializeToString())
    thawed = thaw_tool.thaw(path, tmp_path / "thawed", "--expand-cells")
    assert thawed.exit == 0, thawed.error
    feed = {"x:0": FED}
    with session(graph) as runs:
        expected = runs.run("out:0", feed)
    with tf.Graph().as_default() as again:
        saver = v1.train.import_meta_graph(str(thawed.prefix) + ".meta")
    with session(again) as runs:
        saver.restore(runs, str(thawed.prefix))
        assert np.array_equal(runs.run("out:0", feed), expected)


def test_cells_are_named_where_they_stay(tmp_path: Path) -> None:
    path = tmp_path / "frozen.pb"
    path.write_bytes(frozen(gru, GRU).SerializeToString())
    thawed = thaw_tool.thaw(path, tmp_path / "thawed")
    assert any("GRUBlockCell" in w and "--expand-cells" in w for w in thawed.report["warnings"])
