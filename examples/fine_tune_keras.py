#!/usr/bin/env python3
"""Puts a frozen model's weights into a Keras model of one's own, and trains that.

    fine_tune_keras.py demo/digits.pb tuned.keras

The network is written down in Keras, as one would write it today; its file of weights is what Thaw transplants into. Then
the head is replaced by one for another task.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import keras
import numpy as np
import tfthaw
from keras import layers


def network() -> keras.Model:
    """That of demo/digits.pb, with its names."""
    stack: list[keras.Layer] = [keras.Input((8, 8, 1), name="images")]
    for number, channels in ((1, 16), (2, 32)):
        stack += [
            layers.Conv2D(channels, 3, padding="same", use_bias=False, name=f"conv{number}"),
            layers.BatchNormalization(epsilon=1e-3, name=f"bn{number}"),
            layers.ReLU(),
            layers.MaxPooling2D(2, padding="same"),
        ]
    stack += [layers.Flatten(), layers.Dense(256, "relu", name="hidden"), layers.Dense(10, "softmax", name="digits")]
    return keras.Sequential(stack)


def take_weights(model: keras.Model, frozen: str) -> None:
    """Moves the weights of the frozen graph into the Keras model."""
    with tempfile.TemporaryDirectory() as folder:
        target, result = Path(folder, "mine.weights.h5"), Path(folder, "theirs.weights.h5")
        model.save_weights(target)
        report = tfthaw.transplant(frozen, target, result, verify=True)
        print(report)
        if not report:
            sys.exit("the networks are not the same")
        model.load_weights(result)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", help="the frozen .pb of this network")
    parser.add_argument("output", help="a .keras file")
    parser.add_argument("--steps", type=int, default=20)
    words = parser.parse_args()

    keras.utils.set_random_seed(1)
    model = network()
    take_weights(model, words.model)

    # Another task, on top of what was learned: is there more ink above or below?
    images = np.random.default_rng(1).uniform(0, 1, (512, 8, 8, 1)).astype(np.float32)
    labels = (images[:, :4].sum((1, 2, 3)) > images[:, 4:].sum((1, 2, 3))).astype(np.int32)
    features = model.get_layer("hidden").output
    tuned = keras.Model(model.inputs, layers.Dense(2, "softmax", name="above_or_below")(features))
    tuned.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = tuned.fit(images, labels, epochs=words.steps, verbose=0).history
    print(f"loss: {history['loss'][0]:.4f} at first, {history['loss'][-1]:.4f} in the end")
    tuned.save(words.output)


if __name__ == "__main__":
    main()
