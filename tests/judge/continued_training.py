"""Keras models trained a little, frozen, thawed to a SavedModel, and trained on, beside the model that was never frozen.

    continued_training.py FOLDER [NET...]    prints {"NET": what is wrong, or ""}

With TF_USE_LEGACY_KERAS=1 of tf_keras; in a process of its own, because TensorFlow has one Keras.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import thaw_tool
from keras_nets import NETS, chain, fill, freeze, keras, layers, of, question
from strict_tf import first_line, tf

BEFORE, AFTER = 3, 20
TOLERANCE = 1e-4  # of the losses, relative


def _transformer() -> Any:
    start = keras.Input((6,), dtype="int32")
    x = layers.Embedding(13, 8)(start)
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 4)(x, x))
    x = layers.LayerNormalization()(x + layers.Dense(8)(layers.Dense(16, "relu")(x)))
    return keras.Model(start, layers.Dense(3)(layers.GlobalAveragePooling1D()(x)))


def _classifier(shape: tuple[int, ...], *blocks: Any) -> Any:
    return chain(shape, *blocks, of(layers.GlobalAveragePooling2D), of(layers.Dense, 5, "softmax"))


_norm = of(layers.BatchNormalization)
MORE = {
    "transformer": _transformer,
    "image_classifier": _classifier(
        (12, 12, 3), of(layers.Conv2D, 8, 3, activation="relu"), _norm, of(layers.MaxPooling2D), of(layers.Conv2D, 8, 3)
    ),
    "separable_classifier": _classifier(
        (12, 12, 3), of(layers.SeparableConv2D, 8, 3), _norm, of(layers.ReLU, 6.0), of(layers.DepthwiseConv2D, 3), _norm
    ),
    "stacked_rnn": chain(
        (5, 3), of(layers.LSTM, 4, return_sequences=True), of(layers.GRU, 4, return_sequences=True), of(layers.SimpleRNN, 3)
    ),
    "masked": chain((5, 3), of(layers.LSTM, 4, return_sequences=True), of(layers.LSTM, 3, go_backwards=True)),
}
ALL = {**NETS, **MORE}


def losses(call: Any, variables: list[Any], asked: Any, wanted: Any, steps: int) -> list[float]:
    """Plain gradient descent with momentum, written out: the same for every kind of variable."""
    speed = [tf.zeros_like(tf.convert_to_tensor(v)) for v in variables]
    seen = []
    for _ in range(steps):
        with tf.GradientTape() as tape:
            watched = tf.convert_to_tensor(call(asked))
            loss = tf.reduce_mean((watched - wanted) ** 2)
        seen.append(float(loss))
        for i, gradient in enumerate(tape.gradient(loss, variables)):
            if gradient is None:
                raise ValueError(f"{variables[i].name} has no gradient")
            speed[i] = 0.9 * speed[i] + tf.convert_to_tensor(gradient)
            variables[i].assign_sub(0.01 * speed[i])
    return seen


def raw(variables: list[Any]) -> list[Any]:
    """What tf.GradientTape knows of Keras 3's variables."""
    return [getattr(v, "value", v) if not isinstance(v, tf.Variable) else v for v in variables]


def follow(name: str, folder: Path) -> str:
    keras.backend.clear_session()
    model = fill(ALL[name](), 1)
    for variable in raw(model.trainable_variables):
        variable.assign(variable * 0.3)
    asked = question(model)
    if asked.dtype.is_floating:
        asked = asked / 9.0
    wanted = tf.cast(np.random.default_rng(5).normal(size=model(asked).shape), tf.float32)
    own = raw(model.trainable_variables)
    losses(lambda x: model(x, training=False), own, asked, wanted, BEFORE)
    folder.mkdir()
    freeze(model, folder / "frozen.pb")
    made = thaw_tool.thaw(folder / "frozen.pb", folder / "c" / "model.ckpt", "--saved-model", str(folder / "saved"))
    if made.exit:
        return made.error
    thawed = tf.saved_model.load(str(folder / "saved"))
    if len(thawed.trainable_variables) != len(own):
        return f"{len(thawed.trainable_variables)} variables instead of {len(own)}"
    there = losses(thawed, list(thawed.trainable_variables), asked, wanted, AFTER)
    here = losses(lambda x: model(x, training=False), own, asked, wanted, AFTER)
    far = max(abs(a - b) / abs(b) for a, b in zip(there, here, strict=True))
    if not here[-1] < here[0]:
        return f"nothing is learnt: {here[0]} -> {here[-1]}"
    return "" if far <= TOLERANCE else f"the losses go apart by {far:.2g}"


def main(folder: str, *names: str) -> None:
    faults = {}
    for name in names or ALL:
        try:
            faults[name] = follow(name, Path(folder) / name)
        except Exception as error:
            faults[name] = first_line(error)
    print(json.dumps(faults))


if __name__ == "__main__":
    main(*sys.argv[1:])
