"""Two networks of Keras in one: at rest and in training, what the statistics become, and the frozen graph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from strict_tf import session, tf, v1

import tf_keras  # noqa: E402  isort: skip
from tf_keras.src import backend  # noqa: E402  isort: skip

BATCH = np.random.default_rng(7).normal(0.5, 2, (6, 5, 5, 3)).astype(np.float32)
MOMENTUM = 0.9
LAYERS: dict[str, dict[str, Any]] = {
    "fused": {"fused": True},
    "fused_without_scale": {"fused": True, "scale": False},
    "arithmetic": {"fused": False},
    "arithmetic_without_scale": {"fused": False, "scale": False},
    "arithmetic_without_center": {"fused": False, "center": False},
    "arithmetic_of_channels_first": {"fused": False, "axis": 1},
}


class Net:
    """Two norms, one behind a convolution and one behind a product, and how they train."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.conv = tf_keras.layers.Conv2D(4, 3, use_bias=False, name="conv", kernel_initializer=self._random(1))
        self.norms = [
            tf_keras.layers.BatchNormalization(
                name=f"norm{i}",
                momentum=MOMENTUM,
                **(options if i == 1 else {"fused": False}),
                beta_initializer=self._random(2),
                gamma_initializer=self._random(3),
                moving_mean_initializer=self._random(4),
                moving_variance_initializer=tf_keras.initializers.RandomUniform(0.5, 2, seed=5),
            )
            for i in (1, 2)
        ]
        self.dense = tf_keras.layers.Dense(3, name="dense", kernel_initializer=self._random(6))

    @staticmethod
    def _random(seed: int) -> Any:
        return tf_keras.initializers.RandomNormal(0.3, 0.5, seed=seed)

    def __call__(self, x: Any, training: bool) -> Any:
        x = tf.nn.relu(self.norms[0](self.conv(x), training=training))
        x = tf.reduce_mean(x, [1, 2])
        return self.dense(self.norms[1](x, training=training))


def loss_of(output: Any) -> Any:
    return tf.reduce_mean(tf.square(output - 0.3))


class Truth:
    """The graph that was trained, what it gives, and its frozen form."""

    def __init__(self, options: dict[str, Any], folder: Path) -> None:
        with tf.Graph().as_default() as graph, session(graph) as run:
            backend.set_session(run)
            x = v1.placeholder(tf.float32, [None, *BATCH.shape[1:]], name="x")
            net = Net(options)
            training = net(x, True)
            updates = [update for norm in net.norms for update in norm.updates]
            output = tf.identity(net(x, False), name="out")
            variables = v1.trainable_variables()
            gradients = tf.gradients(loss_of(training), variables)
            run.run(v1.global_variables_initializer())
            frozen = v1.graph_util.convert_variables_to_constants(run, graph.as_graph_def(), ["out"])
            self.frozen = folder / "frozen.pb"
            self.frozen.write_bytes(frozen.SerializeToString())
            self.at_rest, self.training = run.run([output, training], {x: BATCH})
            self.gradients = dict(zip([v.op.name for v in variables], run.run(gradients, {x: BATCH}), strict=True))
            statistics = [v for v in v1.global_variables() if "moving" in v.op.name]
            self.before = {v.op.name: run.run(v) for v in statistics}
            run.run(updates, {x: BATCH})
            self.after = {v.op.name: run.run(v) for v in statistics}
