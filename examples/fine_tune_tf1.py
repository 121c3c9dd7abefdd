#!/usr/bin/env python3
"""Goes on training a frozen model with TensorFlow 1's API, and freezes it again.

    fine_tune_tf1.py demo/digits.pb tuned/ --data mine.npz

Thaw makes a checkpoint and a graph of the model; TensorFlow imports, restores and trains them; Thaw freezes the result and
says what changed. The .npz holds `x`, for the model's input, and `y`, what its output should be. Without it the model is
taught to be surer of its own answers to noise.
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


def batches(data: str | None, x: tfthaw.TensorSpec, steps: int) -> Iterator[list[np.ndarray]]:
    """[inputs, wanted outputs], or, without data, [inputs]."""
    random = np.random.default_rng(1)
    if data is None:
        for _ in range(steps):
            yield [random.uniform(size=[32 if size is None else size for size in x.shape or ()])]
        return
    with np.load(data) as arrays:
        known = [arrays["x"], arrays["y"]]
    for _ in range(steps):
        picked = random.integers(len(known[0]), size=32)
        yield [array[picked] for array in known]


def train(prefix: str, x: tfthaw.TensorSpec, y: tfthaw.TensorSpec, data: Iterator[list[np.ndarray]]) -> list[float]:
    """Trains what was thawed, and saves it as PREFIX-tuned. Returns the losses."""
    losses = []
    with tf.Graph().as_default(), v1.Session() as session:
        saver = v1.train.import_meta_graph(prefix + ".meta")
        outputs = session.graph.get_tensor_by_name(y.name)
        surer = tf.stop_gradient(tf.cast(outputs > 0.5, outputs.dtype))
        wanted = v1.placeholder_with_default(surer, outputs.shape)
        loss = tf.reduce_mean(tf.square(outputs - wanted))
        step = v1.train.GradientDescentOptimizer(0.1).minimize(loss)
        saver.restore(session, prefix)
        for batch in data:
            feeds = dict(zip([x.name, wanted], batch))
            losses.append(float(session.run([loss, step], feeds)[0]))
        saver.save(session, prefix + "-tuned")
    return losses


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", help="a frozen .pb with one input of numbers")
    parser.add_argument("folder", type=Path, help="where the checkpoints and tuned.pb go")
    parser.add_argument("--data", help="a .npz with x and y")
    parser.add_argument("--steps", type=int, default=40)
    words = parser.parse_args()

    model = tfthaw.load(words.model)
    model.summary()
    x, y = model.inputs[0], model.outputs[0]
    prefix = tfthaw.thaw(words.model, words.folder / "model.ckpt", force=True).prefix
    losses = train(prefix, x, y, batches(words.data, x, words.steps))
    print(f"loss: {losses[0]:.5f} at first, {losses[-1]:.5f} in the end")
    frozen = tfthaw.freeze(prefix + "-tuned", words.folder / "tuned.pb", outputs=[y.name], force=True)
    found = tfthaw.diff(words.model, frozen.path)
    print(found)
    kinds = {difference["change"] for difference in found["weights"]["differences"]}
    return 0 if kinds == {"values"} and losses[-1] < losses[0] else 1


if __name__ == "__main__":
    sys.exit(main())
