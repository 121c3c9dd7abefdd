"""Case, lowered to _SwitchN, written out: equal bit for bit, and differentiated as before freezing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

import thaw_tool
from strict_tf import rounded, session, tf, v1

UNITS, BRANCHES = 3, 4
INDICES = (-1, 0, 1, 2, 3, 7)  # those that no branch has take the last one
FED = np.random.default_rng(20).normal(0, 0.5, (2, UNITS)).astype(np.float32)
KERNELS = [np.random.default_rng(k).normal(0, 0.5, (UNITS, UNITS)).astype(np.float32) for k in range(BRANCHES)]


def switch(x: Any, index: Any, kernels: list[Any]) -> Any:
    branches = [
        lambda: tf.tanh(x @ kernels[0]),
        lambda: tf.sigmoid(x @ kernels[1]) * 2.0,
        lambda: x @ kernels[2] + x,
        lambda: tf.nn.softplus(x @ kernels[3]),
    ]
    return tf.switch_case(index, branches)


def loop(x: Any, index: Any, kernels: list[Any]) -> Any:
    for k in tf.range(5):
        x = switch(x, tf.math.floormod(index + k, BRANCHES), kernels)
        x.set_shape([None, UNITS])
    return x


def nested(x: Any, index: Any, kernels: list[Any]) -> Any:
    """A branch that turns again."""
    inner = [lambda: tf.tanh(x @ kernels[0]), lambda: x * 0.5 @ kernels[1], lambda: x @ kernels[3]]
    branches = [lambda: tf.switch_case(index + 1, inner), lambda: tf.sin(x @ kernels[2]), lambda: x]
    return tf.switch_case(index, branches)


def loss(y: Any) -> Any:
    return tf.reduce_mean(tf.square(y - 0.3))


def true_gradients(function: Any, variables: list[Any], index: int) -> list[np.ndarray]:
    with tf.GradientTape() as tape:
        cost = loss(function(tf.constant(FED), tf.constant(index)))
    found = tape.gradient(cost, variables)
    return [np.zeros((UNITS, UNITS), np.float32) if g is None else g.numpy() for g in found]


@pytest.mark.parametrize("style", ["resource", "ref"])
@pytest.mark.parametrize("model", [switch, loop, nested])
def test_case(model: Any, style: str, tmp_path: Path) -> None:
    variables = [tf.Variable(k) for k in KERNELS]
    function = tf.function(lambda x, index: model(x, index, variables))
    truth = {index: true_gradients(function, variables, index) for index in INDICES}
    concrete = function.get_concrete_function(
        tf.TensorSpec([None, UNITS], name="x"), tf.TensorSpec([], tf.int32, name="index")
    )
    graph_def = convert_variables_to_constants_v2(concrete).graph.as_graph_def()
    assert any(node.op == "_SwitchN" for node in graph_def.node)
    path = tmp_path / "frozen.pb"
    path.write_bytes(graph_def.SerializeToString())
    thawed = thaw_tool.thaw(path, tmp_path / "thawed", "--expand-cells", "--variables", style, "--verify")
    assert thawed.exit == 0, thawed.error

    with tf.Graph().as_default() as before:
        v1.import_graph_def(graph_def, name="")
    with tf.Graph().as_default() as graph:
        saver = v1.train.import_meta_graph(str(thawed.prefix) + ".meta")
        y = graph.get_tensor_by_name("Identity:0")
        found = v1.trainable_variables()
        gradients = v1.gradients(loss(y), found)
    with session(before) as frozen, session(graph) as runs:
        saver.restore(runs, str(thawed.prefix))
        values = runs.run(found)
        order = [next(i for i, k in enumerate(KERNELS) if np.array_equal(k, v)) for v in values]
        assert sorted(order) == list(range(BRANCHES))
        for index in INDICES:
            feed = {"x:0": FED, "index:0": index}
            assert np.array_equal(runs.run(y, feed), frozen.run("Identity:0", feed))
            for place, gradient in zip(order, runs.run(gradients, feed), strict=True):
                assert rounded(gradient, truth[index][place], 1e-7)
