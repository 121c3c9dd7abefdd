"""--input frees a dimension: shapes that were written down follow, and what cannot follow is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thaw_tool
from strict_tf import session, tf, v1

FEATURES, STEPS = 6, 5


def weight(name: str, *shape: int) -> Any:
    numbers = np.random.default_rng(len(name)).normal(0, 0.5, shape).astype(np.float32)
    return tf.identity(tf.constant(numbers, name=name), name=name + "/read")


def numbers(*shape: int) -> np.ndarray:
    return np.random.default_rng(11).normal(0, 1, shape).astype(np.float32)


def net(x: Any, batch: int, steps: int) -> Any:
    """What exports for one batch size write: dense layers over all steps, and the shape of the output by heart."""
    x = tf.reshape(x, tf.constant([-1, FEATURES]))
    x = tf.nn.relu(x @ weight("fc1/kernel", FEATURES, 8))
    x = tf.reshape(x, tf.constant([batch, steps, 8]))
    x = tf.reshape(x, tf.constant([batch, steps * 8]))
    return x @ weight("fc2/kernel", STEPS * 8, 3)


def frozen(folder: Path, batch: int, build: Callable[..., Any] = net) -> Path:
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [batch, STEPS, FEATURES], name="x")
        tf.identity(build(x, batch, STEPS), name="out")
    path = folder / "frozen.pb"
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def run(prefix: Path, x: np.ndarray) -> np.ndarray:
    with tf.Graph().as_default() as graph, session(graph) as opened:
        v1.train.import_meta_graph(f"{prefix}.meta").restore(opened, str(prefix))
        return opened.run("out:0", {"x:0": x})


@pytest.mark.parametrize("batch", [1, 4])
def test_any_batch(batch: int, tmp_path: Path) -> None:
    path = frozen(tmp_path, batch)
    options = ["--input", f"x:0[?,{STEPS},{FEATURES}]", "--strict"]
    thawed = thaw_tool.thaw(path, tmp_path / "thawed" / "model.ckpt", *options)
    assert thawed.exit == 0, thawed.error
    opened = [change["node"] for change in thawed.report["changes"] if change["rule"] == "I3"]
    assert len([name for name in opened if not name.endswith("open_shape")]) == 2
    for size in (batch, 7):
        x = numbers(size, STEPS, FEATURES)
        with tf.Graph().as_default() as graph, session(graph) as opened_session:
            truth = opened_session.run(net(tf.constant(x), size, STEPS))
        np.testing.assert_array_equal(run(thawed.prefix, x), truth)


def test_another_batch(tmp_path: Path) -> None:
    path = frozen(tmp_path, 4)
    thawed = thaw_tool.thaw(path, tmp_path / "thawed" / "model.ckpt", "--input", f"x:0[2,{STEPS},{FEATURES}]")
    assert thawed.exit == 0, thawed.error
    assert run(thawed.prefix, numbers(2, STEPS, FEATURES)).shape == (2, 3)


def test_a_number_that_stands_for_two_things_is_named(tmp_path: Path) -> None:
    """The batch is as large as there are steps: which of the two is meant, nobody knows."""
    path = frozen(tmp_path, STEPS)
    thawed = thaw_tool.thaw(path, tmp_path / "thawed" / "model.ckpt", "--input", f"x:0[?,{STEPS},{FEATURES}]", "--strict")
    assert thawed.exit == 1
    assert "Reshape" in thawed.error and str(STEPS) in thawed.error


def test_an_unrolled_loop_is_named(tmp_path: Path) -> None:
    def unrolled(x: Any, batch: int, steps: int) -> Any:
        state = tf.zeros([batch, 8])
        for step in tf.unstack(x, axis=1):
            state = tf.tanh(state + step @ weight("rnn/kernel", FEATURES, 8))
        return state

    path = frozen(tmp_path, 2, unrolled)
    thawed = thaw_tool.thaw(path, tmp_path / "thawed" / "model.ckpt", "--input", f"x:0[2,9,{FEATURES}]")
    assert thawed.exit == 2
    assert "unstack" in thawed.error
