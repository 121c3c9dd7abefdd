"""Keras 3 models through TensorFlow 2's freezer: live, and from a SavedModel's signature."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import TRUTH_PREFIX, Frozen, Weight
from training import numbers


def _mlp() -> Any:
    from keras import Sequential, layers

    return Sequential([layers.Input((6,)), layers.Dense(8, "relu"), layers.Dropout(0.2), layers.Dense(3)])


def _cnn() -> Any:
    from keras import Model, layers

    image = layers.Input((8, 8, 2))
    x = layers.Conv2D(4, 3, padding="same")(image)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.DepthwiseConv2D(3)(x)
    return Model(image, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)))


def _filled(network: Any, folder: Path) -> Any:
    """Distinct numbers in every variable, saved under the variables' paths."""
    keys, values = [], []
    for variable in network.weights:
        if "float" in str(variable.dtype):
            value = numbers(variable.path, variable.shape)
            value = np.abs(value) + np.float32(0.5) if "variance" in variable.path else value
            variable.assign(value)
            keys.append(variable.path)
            values.append(tf.constant(value))
    tf.raw_ops.SaveV2(
        prefix=str(folder / TRUTH_PREFIX),
        tensor_names=keys,
        shape_and_slices=[""] * len(keys),
        tensors=values,
    )
    return network


def _freeze(function: Any, network: Any, fed: tuple[int, ...]) -> Frozen:
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    graph = convert_variables_to_constants_v2(function).graph.as_graph_def()
    inputs = [n.name for n in graph.node if n.op == "Placeholder"]
    consumed = {i.split(":")[0].lstrip("^") for n in graph.node for i in n.input}
    outputs = [n.name for n in graph.node if n.op == "Identity" and n.name not in consumed]
    frozen = Frozen(graph, [], {inputs[0]: numbers("feed", fed, 1.0)}, outputs)
    frozen.weights = _by_value(graph, network)
    return frozen


def _by_value(graph: Any, network: Any) -> list[Weight]:
    """Names say little here, but every variable holds numbers of its own."""
    by_bits = {v.numpy().tobytes(): v for v in network.weights}
    found = []
    for node in graph.node:
        if node.op == "Const" and node.attr["dtype"].type == tf.float32.as_datatype_enum:
            variable = by_bits.get(tf.make_ndarray(node.attr["value"].tensor).tobytes())
            if variable is not None:
                trainable = variable.trainable and "moving_" not in variable.path
                found.append(Weight(node.name, variable.path, trainable=trainable))
    return found


def _live(network: Any, shape: tuple[int, ...], fed: tuple[int, ...]) -> Frozen:
    spec = tf.TensorSpec([None, *shape], tf.float32)
    function = tf.function(lambda x: network(x)).get_concrete_function(x=spec)
    return _freeze(function, network, fed)


@model
def keras_mlp(folder: Path) -> Frozen:
    """A Sequential model frozen live."""
    return _live(_filled(_mlp(), folder), (6,), (4, 6))


@model
def keras_cnn(folder: Path) -> Frozen:
    """Convolution, batch normalisation and a depthwise convolution frozen live."""
    return _live(_filled(_cnn(), folder), (8, 8, 2), (2, 8, 8, 2))


@model
def keras_saved_model(folder: Path) -> Frozen:
    """The signature of a loaded SavedModel: constants are called `unknown`, `unknown_0`, ..."""
    network = _filled(_cnn(), folder)
    spec = tf.TensorSpec([None, 8, 8, 2], tf.float32)
    module = tf.Module()
    module.network = tf.Module()
    module.network.kept = [v.value for v in network.weights]
    call = tf.function(lambda x: network(x, training=False), input_signature=[spec])
    with tempfile.TemporaryDirectory() as saved:
        tf.saved_model.save(module, saved, signatures=call.get_concrete_function())
        loaded = tf.saved_model.load(saved)
        return _freeze(loaded.signatures["serving_default"], network, (2, 8, 8, 2))
