#!/usr/bin/env python3
"""Goes on training a frozen model with TensorFlow 1's API, and freezes it again.

    fine_tune_tf1.py demo/digits.pb tuned/

Thaw makes a checkpoint and a graph of the model; TensorFlow imports, restores and trains them; Thaw freezes the result and
says what changed. Here the model is taught to be surer of its own answers: put your own data and loss in `steps_of`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import tensorflow as tf
import tfthaw

v1 = tf.compat.v1


def steps_of(shape: tuple[int | None, ...], steps: int) -> Iterator[np.ndarray]:
    """Batches for the model's input: noise, as no data came with it."""
    random = np.random.default_rng(1)
    for _ in range(steps):
        yield random.uniform(size=[32 if size is None else size for size in shape]).astype(np.float32)


def train(prefix: str, x: tfthaw.TensorSpec, y: tfthaw.TensorSpec, steps: int) -> list[float]:
    """Trains what was thawed, and saves it as PREFIX-tuned. Returns the losses."""
    assert x.shape is not None
    losses = []
    with tf.Graph().as_default(), v1.Session() as session:
        saver = v1.train.import_meta_graph(prefix + ".meta")
        outputs = session.graph.get_tensor_by_name(y.name)
        loss = tf.reduce_mean(tf.square(outputs - tf.stop_gradient(tf.cast(outputs > 0.5, outputs.dtype))))
        step = v1.train.GradientDescentOptimizer(0.1).minimize(loss)
        saver.restore(session, prefix)
        for batch in steps_of(x.shape, steps):
            losses.append(float(session.run([loss, step], {x.name: batch})[0]))
        saver.save(session, prefix + "-tuned")
    return losses


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", help="a frozen .pb with one input of numbers")
    parser.add_argument("folder", type=Path, help="where the checkpoints and tuned.pb go")
    parser.add_argument("--steps", type=int, default=40)
    words = parser.parse_args()

    model = tfthaw.load(words.model)
    model.summary()
    x, y = model.inputs[0], model.outputs[0]
    prefix = tfthaw.thaw(words.model, words.folder / "model.ckpt", force=True).prefix
    losses = train(prefix, x, y, words.steps)
    print(f"loss: {losses[0]:.5f} at first, {losses[-1]:.5f} in the end")
    frozen = tfthaw.freeze(prefix + "-tuned", words.folder / "tuned.pb", outputs=[y.name], force=True)
    found = tfthaw.diff(words.model, frozen.path)
    print(found)
    kinds = {difference["change"] for difference in found["weights"]["differences"]}
    return 0 if kinds == {"values"} and losses[-1] < losses[0] else 1


if __name__ == "__main__":
    sys.exit(main())
