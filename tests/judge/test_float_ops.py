"""--float-ops: networks that compute with few bits, made to compute with floats and to train."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np

import thaw_tool
from compact_nets import check_training, constant, thaw, weights_of
from imported import import_set, restored
from strict_tf import session, tf, v1


class Island:
    """Layers in eight bits as quantize_graph.py wrote them: tensors are triples."""

    def __init__(self) -> None:
        self.weights: dict[str, np.ndarray] = {}

    def take(self, x: Any, name: str) -> Any:
        flat = tf.reshape(x, [-1])
        low, high = tf.reduce_min(flat, 0), tf.reduce_max(flat, 0)
        return tf.raw_ops.QuantizeV2(input=x, min_range=low, max_range=high, T=tf.quint8, mode="MIN_FIRST", name=name)

    def weight(self, name: str, *shape: int) -> tuple[Any, Any, Any]:
        w = weights_of(len(self.weights), *shape)
        q = np.round((w - w.min()) / (w.max() - w.min()) * 255).astype(np.uint8)
        self.weights[name] = w
        ends = [tf.constant(end, name=name + tail) for end, tail in ((w.min(), "_min"), (w.max(), "_max"))]
        return constant(q, name + "_quint8_const", tf.quint8), ends[0], ends[1]

    def shrink(self, made: Any, name: str) -> Any:
        wide = {"input": made[0], "input_min": made[1], "input_max": made[2]}
        ends = tf.raw_ops.RequantizationRange(**wide, name=name + "_range")
        return tf.raw_ops.Requantize(
            **wide,
            requested_output_min=ends.output_min,
            requested_output_max=ends.output_max,
            out_type=tf.quint8,
            name=name,
        )

    def product(self, x: Any, name: str, *shape: int) -> Any:
        w = self.weight(name, *shape)
        made = tf.raw_ops.QuantizedMatMul(
            a=x[0], b=w[0], min_a=x[1], max_a=x[2], min_b=w[1], max_b=w[2], Toutput=tf.qint32, name=name + "_eightbit"
        )
        return self.shrink(made, name + "_requantize")

    def convolution(self, x: Any, name: str, *shape: int) -> Any:
        w = self.weight(name, *shape)
        ends = {"min_input": x[1], "max_input": x[2], "min_filter": w[1], "max_filter": w[2]}
        made = tf.raw_ops.QuantizedConv2D(
            input=x[0], filter=w[0], **ends, strides=[1, 1, 1, 1], padding="SAME", name=name + "_eightbit"
        )
        return self.shrink(made, name + "_requantize")

    def leave(self, x: Any, name: str) -> Any:
        return tf.raw_ops.Dequantize(input=x[0], min_range=x[1], max_range=x[2], mode="MIN_FIRST", name=name)


IMAGE = np.random.default_rng(4).normal(0, 1, (2, 6, 6, 2)).astype(np.float32)


def eight_bit_network() -> Any:
    island = Island()
    with tf.Graph().as_default() as graph:
        x = island.take(v1.placeholder(tf.float32, [None, 6, 6, 2], name="x"), "x_q")
        x = island.convolution(x, "conv", 3, 3, 2, 4)
        x = tf.raw_ops.QuantizedRelu(features=x[0], min_features=x[1], max_features=x[2], out_type=tf.quint8)
        ends = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "VALID"}
        x = tf.raw_ops.QuantizedMaxPool(input=x[0], min_input=x[1], max_input=x[2], **ends)
        x = tf.raw_ops.QuantizedReshape(tensor=x[0], shape=[-1, 36], input_min=x[1], input_max=x[2])
        x = island.leave(island.product(x, "fc", 36, 3), "logits")
        bias = tf.identity(tf.constant(weights_of(9, 3), name="bias"), name="bias/read")
        tf.nn.bias_add(x, bias, name="out")
    return graph


def float_network(w: dict[str, np.ndarray]) -> Any:
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 6, 6, 2], name="x")
        x = tf.nn.relu(tf.nn.conv2d(x, w["conv"], 1, "SAME"))
        x = tf.reshape(tf.nn.max_pool2d(x, 2, 2, "VALID"), [-1, 36])
        tf.nn.bias_add(tf.matmul(x, w["fc"]), w["bias"], name="out")
    return graph


def test_operations_on_floats_train(tmp_path: Path) -> None:
    graph = eight_bit_network()
    thawed = thaw(graph.as_graph_def(), tmp_path, "--float-ops")
    assert {v["name"]: v["stored"] for v in thawed.variables} == {"conv": "quint8", "fc": "quint8", "bias": None}
    assert thawed.report["float_ops"] == {"operations": 5, "roundings": 3, "left": []}
    found = tf.train.load_checkpoint(str(thawed.prefix))
    floats = float_network({name: found.get_tensor(name) for name in ("conv", "fc", "bias")})
    check_training(floats, thawed, {"x:0": IMAGE}, {"conv", "fc", "bias"})
    with session(graph) as runs, session(floats) as truth:
        feeds = {"x:0": IMAGE}
        expected, close = runs.run("out:0", feeds), truth.run("out:0", feeds)
    assert np.abs(expected - close).max() < 0.05 * np.ptp(close)
    words = ["verify", str(tmp_path / "frozen.pb"), str(thawed.prefix), "--json"]
    verified = subprocess.run([str(thaw_tool.binary()), *words], capture_output=True, check=False)
    assert verified.returncode == 0, verified.stdout


def test_the_difference_is_within_the_steps_that_are_told(tmp_path: Path) -> None:
    """A step of the input for each number that it is multiplied with, and one of the product."""
    island = Island()
    with tf.Graph().as_default() as graph:
        x = island.take(v1.placeholder(tf.float32, [None, 4], name="x"), "x_q")
        island.leave(island.product(x, "fc", 4, 6), "out")
    thawed = thaw(graph.as_graph_def(), tmp_path, "--float-ops")
    w = tf.train.load_checkpoint(str(thawed.prefix)).get_tensor("fc")
    again, saver = import_set(thawed.prefix)
    for seed in range(20):
        fed = np.random.default_rng(seed).normal(0, 3, (8, 4)).astype(np.float32)
        with session(graph) as runs, restored(again, saver, thawed.prefix) as floats:
            eight, found = (opened.run("out:0", {"x:0": fed}) for opened in (runs, floats))
        step = (max(fed.max(), 0.0) - min(fed.min(), 0.0)) / 255
        bound = step * np.abs(w).sum(0) + np.ptp([*eight.flat, 0.0]) / 255
        assert (np.abs(eight - found) <= bound * 1.001).all()


def test_without_the_option_it_is_said(tmp_path: Path) -> None:
    graph = eight_bit_network()
    thawed = thaw(graph.as_graph_def(), tmp_path)
    assert {v["name"] for v in thawed.variables} == {"bias"}
    assert thawed.report["float_ops"] is None
    assert any("QuantizeV2" in line and "--float-ops" in line for line in thawed.report["warnings"])
    again, saver = import_set(thawed.prefix)
    with session(graph) as runs, restored(again, saver, thawed.prefix) as found:
        assert np.array_equal(runs.run("out:0", {"x:0": IMAGE}), found.run("out:0", {"x:0": IMAGE}))
