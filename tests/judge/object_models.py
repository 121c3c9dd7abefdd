"""Small models of TensorFlow 2 as tf.saved_model.save writes them: variables go into calls, loops and branches."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tensorflow.core.protobuf import saved_model_pb2

from strict_tf import config, tf, v1

Model = tuple[Any, Any]  # the object and the function that is its signature
Builder = Callable[[], Model]
MODELS: dict[str, Builder] = {}

FEEDS = {
    "x": (np.arange(12, dtype=np.float32).reshape(3, 4) - 5) / 7,
    "image": np.sin(np.arange(2 * 6 * 6 * 3, dtype=np.float32)).reshape(2, 6, 6, 3),
    "series": np.cos(np.arange(2 * 5 * 4, dtype=np.float32)).reshape(2, 5, 4),
    "ids": np.array([[0, 2], [4, 1]], np.int32),
    "n": np.int32(3),
    "words": np.array([b"b", b"a", b"?"]),
}


def model(build: Builder) -> Builder:
    MODELS[build.__name__] = build
    return build


def numbers(name: str, *shape: int) -> np.ndarray:
    random = np.random.default_rng(zlib.crc32(name.encode()))
    return np.asarray(random.normal(0.0, 0.4, size=shape), np.float32)


def variable(name: str, *shape: int, dtype: Any = tf.float32, **options: Any) -> Any:
    return tf.Variable(tf.cast(numbers(name, *shape), dtype), name=name, **options)


def spec(name: str) -> Any:
    fed = np.asarray(FEEDS[name])
    dims = [None, *fed.shape[1:]] if fed.ndim > 1 else list(fed.shape)
    return tf.TensorSpec(dims, tf.string if fed.dtype.kind == "S" else fed.dtype, name=name)


def module(variables: dict[str, Any], function: Callable[..., Any], *inputs: str) -> Model:
    """A module whose signature is `function`."""
    holder = tf.Module()
    for name, held in variables.items():
        setattr(holder, name, held)
    holder.call = tf.function(function, input_signature=[spec(name) for name in inputs])
    return holder, holder.call


def save(name: str, folder: Path) -> Path:
    v1.enable_control_flow_v2()
    try:
        holder, function = MODELS[name]()
        tf.saved_model.save(holder, str(folder), signatures=function)
    finally:
        v1.disable_control_flow_v2()
    forbid_optimisers(folder / "saved_model.pb")
    return folder


def forbid_optimisers(path: Path) -> None:
    """Calls carry a configuration of their own, with optimisers that change the last bit."""
    saved = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    graph = saved.meta_graphs[0].graph_def
    for nodes in (graph.node, *(function.node_def for function in graph.library.function)):
        for node in nodes:
            if "config_proto" in node.attr:
                node.attr["config_proto"].s = config().SerializeToString()
    path.write_bytes(saved.SerializeToString())


@model
def dense() -> Model:
    w, b = variable("w", 4, 3), variable("b", 3)
    return module({"w": w, "b": b}, lambda x: tf.nn.softmax(tf.matmul(x, w) + b), "x")


@model
def convolution() -> Model:
    k, mean = variable("k", 3, 3, 3, 2), variable("mean", 2, trainable=False)
    return module({"k": k, "mean": mean}, lambda image: tf.nn.conv2d(image, k, 1, "SAME") - mean, "image")


@model
def halves() -> Model:
    w, g = variable("w", 4, 3, dtype=tf.float16), variable("g", 3, dtype=tf.bfloat16)
    flag = tf.Variable([True, False, True])

    def call(x: Any) -> Any:
        y = tf.matmul(tf.cast(x, tf.float16), w)
        return tf.where(flag, tf.cast(y, tf.float32), tf.cast(g, tf.float32))

    return module({"w": w, "g": g, "flag": flag}, call, "x")


@model
def scalar_and_empty() -> Model:
    s, e = tf.Variable(1.5), tf.Variable(np.zeros((0, 4), np.float32))
    return module({"s": s, "e": e}, lambda x: tf.concat([x * s, e], 0), "x")


@model
def nested_calls() -> Model:
    w, v = variable("w", 4, 4), variable("v", 4, 4)
    inner = tf.function(lambda x: tf.matmul(x, w))
    outer = tf.function(lambda x: inner(inner(x)) + tf.matmul(inner(x), v))
    return module({"w": w, "v": v}, lambda x: outer(x) + inner(x), "x")


@model
def function_for_two_variables() -> Model:
    """One function that is called with variables of different shapes."""
    a, b = variable("a", 4, 4), variable("b", 4, 2)
    product = tf.function(lambda x, w: tf.matmul(x, w), reduce_retracing=True)
    return module({"a": a, "b": b}, lambda x: product(product(x, a), b), "x")


@model
def loop() -> Model:
    w, b = variable("w", 4, 4), variable("b", 4)

    def call(x: Any, n: Any) -> Any:
        step = tf.function(lambda y: tf.tanh(tf.matmul(y, w) + b))
        return tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, step(y)), (0, x))[1]

    return module({"w": w, "b": b}, call, "x", "n")


@model
def loop_in_loop() -> Model:
    w, v = variable("w", 4, 4), variable("v", 4, 4)

    def inner(y: Any) -> Any:
        return tf.while_loop(lambda j, z: j < 2, lambda j, z: (j + 1, tf.tanh(tf.matmul(z, v))), (0, y))[1]

    def call(x: Any, n: Any) -> Any:
        return tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, inner(tf.matmul(y, w))), (0, x))[1]

    return module({"w": w, "v": v}, call, "x", "n")


@model
def variable_in_condition() -> Model:
    most = tf.Variable(5.0)

    def call(x: Any) -> Any:
        return tf.while_loop(lambda y: tf.reduce_sum(tf.abs(y)) < most, lambda y: (y * 1.5,), (x,))[0]

    return module({"most": most}, call, "x")


@model
def cond() -> Model:
    w, v = variable("w", 4, 4), variable("v", 4, 4)

    def call(x: Any, n: Any) -> Any:
        return tf.cond(n > 2, lambda: tf.matmul(x, w), lambda: tf.matmul(x, v) + tf.reduce_sum(w))

    return module({"w": w, "v": v}, call, "x", "n")


@model
def switch_case() -> Model:
    w = variable("w", 4, 4)

    def call(x: Any, n: Any) -> Any:
        return tf.switch_case(n - 2, [lambda: x, lambda: tf.matmul(x, w), lambda: x - w[0]])

    return module({"w": w}, call, "x", "n")


@model
def embedding() -> Model:
    table, w = variable("table", 5, 4), variable("w", 4, 2)

    def call(ids: Any) -> Any:
        return tf.matmul(tf.reduce_mean(tf.nn.embedding_lookup(table, ids), 1), w)

    return module({"table": table, "w": w}, call, "ids")


@model
def embedding_in_loop() -> Model:
    table = variable("table", 5, 4)

    def call(ids: Any, n: Any) -> Any:
        first = tf.nn.embedding_lookup(table, ids[:, 0])
        return tf.while_loop(
            lambda i, y: i < n, lambda i, y: (i + 1, y + tf.nn.embedding_lookup(table, ids[:, 1])), (0, first)
        )[1]

    return module({"table": table}, call, "ids", "n")


@model
def gathers() -> Model:
    table = variable("table", 5, 4)
    batched = variable("batched", 2, 5)

    def call(ids: Any) -> Any:
        pairs = tf.gather_nd(table, ids % 4)
        rows = tf.gather(batched, ids, batch_dims=1)
        return pairs + rows, tf.raw_ops.VariableShape(input=table.handle)

    return module({"table": table, "batched": batched}, lambda ids: dict(zip("ab", call(ids), strict=True)), "ids")


@model
def text_table() -> Model:
    start = tf.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([0, 1], tf.int64))
    table = tf.lookup.StaticHashTable(start, 2)
    rows = variable("rows", 3, 4)
    return module({"table": table, "rows": rows}, lambda words: tf.gather(rows, table.lookup(words)), "words")


def _keras(layers: Callable[[Any], list[Any]], name: str) -> Model:
    import keras

    keras.utils.set_random_seed(3)
    fed = np.asarray(FEEDS[name])
    net = keras.Sequential([keras.Input(fed.shape[1:], dtype=fed.dtype.name), *layers(keras.layers)])
    call = tf.function(lambda given: net(given, training=False), input_signature=[spec(name)])
    holder = tf.Module()
    holder.net = net.trainable_variables + net.non_trainable_variables
    holder.values = [v.value for v in holder.net]
    return holder, call


@model
def keras_lstm() -> Model:
    return _keras(lambda k: [k.LSTM(3, return_sequences=True), k.GRU(4), k.Dense(2)], "series")


@model
def keras_convolution() -> Model:
    return _keras(
        lambda k: [k.Conv2D(4, 3), k.BatchNormalization(), k.DepthwiseConv2D(2), k.Flatten(), k.Dense(3)], "image"
    )


@model
def keras_embedding() -> Model:
    return _keras(lambda k: [k.Embedding(5, 3), k.Bidirectional(k.LSTM(2)), k.Dense(2, "softmax")], "ids")
