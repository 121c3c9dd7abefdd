"""Small Keras networks by name: most kinds of layers, each with weights that a swap would betray.

With TF_USE_LEGACY_KERAS=1 they are made of tf_keras, which is Keras 2.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import strict_tf  # noqa: F401  (before Keras: it sets the environment)
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

if os.environ.get("TF_USE_LEGACY_KERAS") == "1":
    import tf_keras as keras
else:
    import keras

layers = keras.layers
Maker = Callable[[], Any]


def chain(shape: tuple[int, ...], *makers: Maker, dtype: str = "float32") -> Maker:
    """A functional model, its layers one after the other."""

    def make() -> Any:
        start = value = keras.Input(shape, dtype=dtype)
        for maker in makers:
            value = maker()(value)
        return keras.Model(start, value)

    return make


def sequence(shape: tuple[int, ...], *makers: Maker) -> Maker:
    return lambda: keras.Sequential([keras.Input(shape), *[maker() for maker in makers]])


def of(kind: Any, *words: Any, **options: Any) -> Maker:
    return lambda: kind(*words, **options)


def attention() -> Any:
    start = keras.Input((5, 6))
    return keras.Model(start, layers.Dense(3)(layers.MultiHeadAttention(2, 4)(start, start)))


def called_backwards() -> Any:
    """The layer that was made second is called first."""
    first, second = layers.Dense(4), layers.Dense(4)
    start = keras.Input((4,))
    return keras.Model(start, first(second(start)))


norm = of(layers.BatchNormalization)
dense, lstm, gru = of(layers.Dense, 4), of(layers.LSTM, 4, return_sequences=True), of(layers.GRU, 4)
NETS: dict[str, Maker] = {
    "dense": chain((4,), of(layers.Dense, 4, "relu"), dense, dense),
    "sequential": sequence((4,), dense, dense, dense),
    "named": chain((4,), of(layers.Dense, 4, name="b"), of(layers.Dense, 4, name="a")),
    "called_backwards": called_backwards,
    "nested": chain((4,), chain((4,), dense, dense), dense),
    "nested_sequential": chain((4,), sequence((4,), dense, dense), dense),
    "time_distributed": chain((5, 4), lambda: layers.TimeDistributed(layers.Dense(3))),
    "conv1d": chain((8, 3), of(layers.Conv1D, 3, 3), of(layers.Conv1D, 3, 3)),
    "conv2d": chain((8, 8, 3), of(layers.Conv2D, 3, 3), of(layers.Conv2D, 3, 3, use_bias=False)),
    "conv3d": chain((5, 5, 5, 2), of(layers.Conv3D, 3, 2)),
    "conv2d_transpose": chain((5, 5, 2), of(layers.Conv2DTranspose, 3, 2)),
    "depthwise": chain((6, 6, 3), of(layers.DepthwiseConv2D, 3), of(layers.DepthwiseConv2D, 3)),
    "separable": chain((6, 6, 3), of(layers.SeparableConv2D, 4, 3)),
    "batch_norm": chain((8, 8, 3), norm, of(layers.Conv2D, 3, 3), norm),
    "batch_norm_unscaled": chain((4,), of(layers.BatchNormalization, scale=False), dense),
    "layer_norm": chain((6,), of(layers.LayerNormalization), of(layers.Dense, 6), of(layers.LayerNormalization)),
    "group_norm": chain((4, 4, 6), of(layers.GroupNormalization, 2)),
    "embedding": chain((5,), of(layers.Embedding, 11, 4), dtype="int32"),
    "attention": attention,
    "lstm": chain((5, 4), lstm, lstm),
    "gru": chain((5, 3), gru),
    "simple_rnn": chain((5, 3), of(layers.SimpleRNN, 4)),
    "bidirectional": chain((5, 3), lambda: layers.Bidirectional(layers.LSTM(4))),
    "bidirectional_gru": chain((5, 3), lambda: layers.Bidirectional(layers.GRU(4))),
    "conv_lstm": chain((3, 6, 6, 2), of(layers.ConvLSTM2D, 3, 2)),
    "prelu": chain((6,), of(layers.Dense, 6), of(layers.PReLU)),
    "einsum_dense": chain((5, 6), of(layers.EinsumDense, "abc,cd->abd", output_shape=(None, 7), bias_axes="d")),
    "dropout": chain((4,), dense, of(layers.Dropout, 0.5), dense),
}
if hasattr(layers, "RMSNormalization"):
    NETS["rms_norm"] = chain((6,), of(layers.RMSNormalization))


def fill(model: Any, seed: int) -> Any:
    """Numbers above 0 in every weight: variances are among them."""
    chance = np.random.default_rng(seed)
    for variable in model.weights:
        if "float" in str(variable.dtype):
            variable.assign(chance.uniform(0.1, 1.0, size=tuple(variable.shape)).astype("float32"))
    return model


def freeze(model: Any, path: Any) -> Any:
    start = model.inputs[0]
    spec = tf.TensorSpec((None, *start.shape[1:]), start.dtype)
    traced = tf.function(lambda x: model(x, training=False)).get_concrete_function(x=spec)
    frozen = convert_variables_to_constants_v2(traced).graph.as_graph_def()
    path.write_bytes(frozen.SerializeToString())
    return path


def question(model: Any) -> Any:
    start = model.inputs[0]
    numbers = np.random.default_rng(3).uniform(0, 9, size=(2, *start.shape[1:]))
    return tf.constant(numbers.astype("int32" if "int" in str(start.dtype) else "float32"))
