"""Networks whose weights are stored in few bits, and what is asked of each once it is thawed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import thaw_tool
from imported import import_set, restored
from strict_tf import session, tf, v1

QUANTIZED = {
    tf.quint8: np.uint8,
    tf.qint8: np.int8,
    tf.quint16: np.uint16,
    tf.qint16: np.int16,
    tf.qint32: np.int32,
}


def constant(values: Any, name: str, dtype: Any) -> Any:
    """Also of a quantized type, which tf.constant makes only of tuples."""
    base = QUANTIZED.get(dtype)
    if base is None:
        return tf.constant(values, dtype, name=name)
    proto = tf.make_tensor_proto(np.asarray(values, base))
    proto.dtype = dtype.as_datatype_enum
    attrs = {"dtype": v1.AttrValue(type=dtype.as_datatype_enum), "value": v1.AttrValue(tensor=proto)}
    graph = v1.get_default_graph()
    return graph.create_op("Const", [], [dtype], name=name, attrs=attrs).outputs[0]


def dequantized(q: np.ndarray, stored_type: Any, low: Any, high: Any, name: str, **attrs: Any) -> Any:
    ends = [constant(np.float32(end), f"{name}_{what}", tf.float32) for what, end in (("min", low), ("max", high))]
    stored = constant(q, name + "_quantized_const", stored_type)
    return tf.raw_ops.Dequantize(input=stored, min_range=ends[0], max_range=ends[1], name=name, **attrs)


def bits(values: np.ndarray) -> np.ndarray:
    return np.asarray(values).view(np.uint16 if values.dtype.itemsize == 2 else np.uint32)


def thaw(graph_def: Any, folder: Path, *options: str) -> thaw_tool.Thawed:
    path = folder / "frozen.pb"
    path.write_bytes(graph_def.SerializeToString())
    thawed = thaw_tool.thaw(path, folder / "thawed", "--verify", *options)
    assert thawed.exit == 0, thawed.error
    return thawed


FED = np.random.default_rng(3).normal(0, 1, (5, 4)).astype(np.float32)


def weights_of(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype(np.float32)


def eight_bits() -> Any:
    """A network as the Graph Transform Tool's quantize_weights leaves it."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        for layer, (rows, columns) in enumerate([(4, 6), (6, 3)]):
            w = weights_of(layer, rows, columns)
            q = np.round((w - w.min()) / (w.max() - w.min()) * 255).astype(np.uint8)
            name = f"fc{layer}"
            kernel = dequantized(q, tf.quint8, w.min(), w.max(), f"{name}/kernel", mode="MIN_FIRST")
            bias = tf.identity(tf.constant(weights_of(layer + 5, columns), name=f"{name}/bias"), f"{name}/bias/read")
            x = tf.nn.bias_add(tf.matmul(x, kernel), bias)
            x = tf.nn.tanh(x) if layer == 0 else tf.identity(x, name="out")
    return graph


def half_storage(dtype: Any = tf.float16) -> Any:
    """Weights in 16 bits that a Cast widens; the bias is repeated zeros, as optimisers write them."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        for layer, (rows, columns) in enumerate([(4, 6), (6, 3)]):
            stored = tf.constant(kernel_bits(weights_of(layer, rows, columns), dtype), name=f"fc{layer}/kernel")
            wide = tf.cast(stored, tf.float32, name=f"fc{layer}/kernel/to_float")
            read = tf.identity(wide, name=f"fc{layer}/kernel/read")
            bias = tf.cast(tf.constant(0, dtype, [columns], name=f"fc{layer}/bias"), tf.float32)
            x = tf.nn.bias_add(tf.matmul(x, read), tf.identity(bias, name=f"fc{layer}/bias/read"))
            x = tf.nn.tanh(x) if layer == 0 else tf.identity(x, name="out")
    return graph


def kernel_bits(values: np.ndarray, dtype: Any) -> np.ndarray:
    return values.astype(dtype.as_numpy_dtype)


def check_training(graph: Any, thawed: thaw_tool.Thawed, feeds: dict[str, Any], trained: set[str]) -> None:
    """The same outputs; gradients as differences are; and a step that goes down."""
    with session(graph) as runs:
        expected = runs.run("out:0", feeds)
    again, saver = import_set(thawed.prefix)
    with again.as_default():
        variables = {v.op.name: v for v in v1.trainable_variables()}
        assert set(variables) == trained
        loss = tf.reduce_mean(tf.square(again.get_tensor_by_name("out:0") - 0.3))
        gradients = dict(zip(variables, v1.gradients(loss, list(variables.values())), strict=True))
        step = v1.train.GradientDescentOptimizer(3e-4).minimize(loss)
    with restored(again, saver, thawed.prefix) as runs, again.as_default():
        assert np.array_equal(bits(runs.run("out:0", feeds)), bits(expected))
        for name, variable in variables.items():
            check_gradient(runs, variable, gradients[name], loss, feeds)
        losses = [runs.run([loss, step], feeds)[0] for _ in range(5)]
        assert losses == sorted(losses, reverse=True) and losses[-1] < losses[0]


def check_gradient(runs: Any, variable: Any, gradient: Any, loss: Any, feeds: dict[str, Any]) -> None:
    """Along one direction, against the difference of two losses."""
    assert gradient is not None, variable.op.name
    at, slope = runs.run([variable, gradient], feeds)
    way = np.random.default_rng(8).normal(0, 1, at.shape).astype(at.dtype)
    width = 1e-3  # little enough for few units of a Relu to change sides
    ends = []
    for side in (width, -width):
        variable.load(at + side * way, runs)
        ends.append(float(runs.run(loss, feeds)))
    variable.load(at, runs)
    difference = (ends[0] - ends[1]) / (2 * width)
    assert abs(difference - float(np.sum(slope * way))) < 5e-3 * (1 + abs(difference)), variable.op.name
