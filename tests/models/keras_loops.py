"""Keras 3 layers that loop, through TensorFlow 2's freezer: loops kept as calls, and lowered to frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

import functions
from training import numbers

FED = numbers("fed", (2, 5, 3), 1.0)


def _layer(name: str, **more: Any) -> Callable[[], list[Any]]:
    def make() -> list[Any]:
        from keras import layers

        return [getattr(layers, name)(4, **more)]

    return make


def _bidirectional() -> list[Any]:
    from keras import layers

    return [layers.Bidirectional(layers.LSTM(3))]


def _stacked() -> list[Any]:
    from keras import layers

    return [layers.GRU(4, return_sequences=True), layers.LSTM(3)]


LAYERS: dict[str, Callable[[], list[Any]]] = {
    "simple": _layer("SimpleRNN"),
    "lstm": _layer("LSTM"),
    "gru": _layer("GRU"),
    "gru_without_reset_after": _layer("GRU", reset_after=False),
    "bidirectional": _bidirectional,
    "stacked": _stacked,
}


@dataclass
class FrozenLayers:
    """A frozen model; gradients by the bytes of each variable."""

    graph: Any
    input: str
    output: str
    truth: dict[bytes, tuple[str, np.ndarray | None]]
    paths: list[str]


def build(name: str, lowered: bool) -> FrozenLayers:
    """The model of that name, every variable with numbers of its own."""
    from keras import Input, Sequential, backend, layers
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    backend.clear_session()
    network = Sequential([Input(FED.shape[1:], batch_size=FED.shape[0]), *LAYERS[name](), layers.Dense(2)])
    for variable in network.weights:
        variable.assign(numbers(variable.path, variable.shape))
    frozen = convert_variables_to_constants_v2(
        tf.function(lambda x: network(x)).get_concrete_function(tf.TensorSpec(FED.shape, tf.float32, name="x")),
        lower_control_flow=lowered,
    )
    with tf.GradientTape() as tape:
        value = functions.loss(network(tf.constant(FED)))
    found = tape.gradient(value, [v.value for v in network.weights])
    truth = {
        v.numpy().tobytes(): (v.path, tf.convert_to_tensor(g).numpy())
        for v, g in zip(network.weights, found, strict=True)
    }
    paths = [v.path for v in network.weights]
    return FrozenLayers(frozen.graph.as_graph_def(), frozen.inputs[0].name, frozen.outputs[0].name, truth, paths)
