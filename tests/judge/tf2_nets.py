"""Networks of TensorFlow 2 that are alive, and the ways in which people freeze them.

The layers are those of Keras 3, or with TF_USE_LEGACY_KERAS=1 those of tf_keras. RECIPES[name](net, folder) gives the
frozen GraphDef; a net keeps the variables, outputs and gradients that it had before.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.grappler import tf_optimizer

import continued_training
from keras_nets import chain, keras, layers, of, question
from strict_tf import tf
from uneven_loss import dense, uneven_loss

LEGACY = os.environ.get("TF_USE_LEGACY_KERAS") == "1"


def joined(layer: Callable[[], Any]) -> Callable[[], Any]:
    """A layer that is called with a list of queries and values."""

    def make() -> Any:
        start = keras.Input((5, 4))
        return keras.Model(start, layer()([start, start]))

    return make


def shared() -> Any:
    start, tied = keras.Input((4,)), layers.Dense(4, name="tied")
    return keras.Model(start, tied(layers.ReLU()(tied(start))))


class Own(keras.Model):
    """A model in a class of its own."""

    def __init__(self) -> None:
        super().__init__(name="my_net")
        self.first, self.second = layers.Dense(5, activation="relu"), layers.Dense(2)

    def call(self, x: Any) -> Any:
        return self.second(self.first(x))


def own() -> Any:
    start = keras.Input((4,))
    return keras.Model(start, Own()(start))


NETS = {
    **continued_training.ALL,
    "dense3d": chain((5, 4), of(layers.Dense, 3)),
    "conv1d_transpose": chain((5, 3), of(layers.Conv1DTranspose, 4, 3)),
    "separable1d": chain((8, 3), of(layers.SeparableConv1D, 4, 3)),
    "layer_norm4": chain((4, 4, 3), of(layers.LayerNormalization)),
    "lstm_unrolled": chain((3, 4), of(layers.LSTM, 3, unroll=True)),
    "cell": chain((5, 4), lambda: layers.RNN(layers.LSTMCell(3))),
    "cells": chain((5, 4), lambda: layers.RNN([layers.GRUCell(3), layers.LSTMCell(2)])),
    "dot_attention": joined(lambda: layers.Attention(use_scale=True)),
    "additive_attention": joined(layers.AdditiveAttention),
    "normalization": chain((4,), of(layers.Normalization, mean=[1.0, 2, 3, 4], variance=[0.5, 0.7, 0.9, 1.1]), of(layers.Dense, 3)),
    "shared": shared,
    "own": own,
}


class Tower(tf.Module):
    """Blocks whose variables have one name."""

    def __init__(self) -> None:
        super().__init__(name="tower")
        self.w, self.b = (tf.Variable(tf.zeros(shape), name=name) for shape, name in (([4, 6], "w"), ([6], "b")))
        self.blocks = [tf.Variable(tf.zeros([6, 6]), name="block") for _ in range(2)]

    def __call__(self, x: Any) -> Any:
        h = tf.nn.relu(x @ self.w + self.b)
        for block in self.blocks:
            h = tf.tanh(h @ block)
        return h


class Looped(tf.Module):
    """A weight that loop and branch read, and nothing else."""

    def __init__(self) -> None:
        super().__init__(name="looped")
        self.k = tf.Variable(tf.zeros([4, 4]), name="k")

    def __call__(self, x: Any) -> Any:
        _, x = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, tf.tanh(h @ self.k)), [0, x])
        return tf.cond(tf.reduce_sum(x) > 0, lambda: x @ self.k, lambda: x)


class Table(tf.Module):
    def __init__(self) -> None:
        super().__init__(name="table")
        self.table = tf.Variable(tf.zeros([10, 4]), name="table")

    def __call__(self, x: Any) -> Any:
        return tf.reduce_mean(tf.nn.embedding_lookup(self.table, tf.cast(x, tf.int32)), 1)


MODULES: dict[str, Callable[[], Any]] = {"tower": Tower, "looped": Looped, "table": Table}


class Net:
    """One that is alive, with random numbers in every weight."""

    def __init__(self, name: str) -> None:
        keras.backend.clear_session()
        self.is_module = name in MODULES
        self.model = (MODULES if self.is_module else NETS)[name]()
        held = self.model.variables if self.is_module else self.model.weights
        self.variables = [v for v in held if "float" in str(v.dtype)]
        chance = np.random.default_rng(7)
        for variable in self.variables:
            numbers = chance.normal(0.01, 0.3, size=tuple(variable.shape)).astype("float32")
            variable.assign(np.abs(numbers + 1.5) if "variance" in self.name_of(variable) else numbers)
        asked = tf.constant(chance.uniform(0, 4, size=(2, 5 if name == "table" else 4)), tf.float32)
        self.asked = asked if self.is_module else question(self.model)
        told = [self.name_of(v) for v in self.variables]
        self.names = [name + "#" * told[:i].count(name) for i, name in enumerate(told)]
        self.trained = [bool(v.trainable) for v in self.variables]
        self.values = [np.asarray(v) for v in self.variables]
        with tf.GradientTape() as tape:
            output = self.call(self.asked)
            loss = uneven_loss([(output, output.numpy())])
        raw = continued_training.raw(self.variables)
        self.output, self.gradients = output.numpy(), [dense(g) for g in tape.gradient(loss, raw)]

    def name_of(self, variable: Any) -> str:
        return str(variable.name.split(":")[0] if self.is_module or LEGACY else variable.path)

    def call(self, x: Any) -> Any:
        return self.model(x) if self.is_module else self.model(x, training=False)

    @property
    def spec(self) -> Any:
        return tf.TensorSpec((None, *self.asked.shape[1:]), self.asked.dtype, name="x")


def traced(net: Net) -> Any:
    return tf.function(lambda x: net.call(x)).get_concrete_function(x=net.spec)


def saved(net: Net, folder: Path) -> Any:
    """The signature of a SavedModel, and what keeps its variables alive."""
    place = str(folder / "saved_model")
    if net.is_module:
        holder = tf.Module()
        holder.net = net.model
        holder.call = tf.function(net.call, input_signature=[net.spec])
        tf.saved_model.save(holder, place, signatures=holder.call)
    elif LEGACY:
        net.model.save(place, save_format="tf")
    else:
        net.model.export(place, verbose=False)
    root = tf.saved_model.load(place)
    return root.signatures["serving_default"], root


def frozen(function: Any, **options: Any) -> Any:
    return convert_variables_to_constants_v2(function, **options).graph.as_graph_def()


def folded(net: Net, folder: Path) -> Any:
    """As converters to other formats leave it: functions inlined, constants folded by grappler."""
    function = convert_variables_to_constants_v2(traced(net))
    meta = meta_graph_pb2.MetaGraphDef(graph_def=function.graph.as_graph_def(add_shapes=True))
    ends = [tensor.op.name for tensor in (*function.inputs, *function.outputs)]
    meta.collection_def["train_op"].node_list.value.extend(ends)
    settings = config_pb2.ConfigProto()
    rewrite = settings.graph_options.rewrite_options
    rewrite.optimizers.extend(("constfold", "function"))
    rewrite.min_graph_nodes = -1
    return tf_optimizer.OptimizeGraph(settings, meta)


def from_saved(lower: bool) -> Callable[[Net, Path], Any]:
    def make(net: Net, folder: Path) -> Any:
        function, root = saved(net, folder)
        graph = frozen(function, lower_control_flow=lower)
        del root
        return graph

    return make


RECIPES: dict[str, Callable[[Net, Path], Any]] = {
    "lowered": lambda net, folder: frozen(traced(net)),
    "functional": lambda net, folder: frozen(traced(net), lower_control_flow=False),
    "inlined": lambda net, folder: frozen(traced(net), aggressive_inlining=True),
    "both": lambda net, folder: frozen(traced(net), lower_control_flow=False, aggressive_inlining=True),
    "saved": from_saved(True),
    "saved_functional": from_saved(False),
    "folded": folded,
}
