"""Convolutional models: LeNet twice, and the less common convolutions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import Frozen
from layers import conv, dense, fused_batch_norm
from training import TrainingGraph, v1, weight


@model
def lenet(folder: Path) -> Frozen:
    """Two convolutions with fused batch normalisation, as exported for inference."""
    with TrainingGraph(folder) as lab:
        x = lab.input("image", [None, 12, 12, 1], (2, 12, 12, 1))
        for index, channels in enumerate((4, 6)):
            x = tf.nn.relu(fused_batch_norm(conv(x, f"conv{index}", 3, channels), f"bn{index}"))
            x = tf.nn.max_pool2d(x, 2, 2, "SAME")
        x = tf.nn.relu(dense(tf.reshape(x, [-1, 54]), "fc1", 10))
        tf.nn.softmax(dense(x, "fc2", 4), name="out")
        return lab.freeze(["out"], optimizer="momentum")


@model
def lenet_phase(folder: Path) -> Frozen:
    """The same with an `is_training` switch left inside: Switch and Merge around the normalisation."""
    with TrainingGraph(folder) as lab:
        x = lab.input("image", [None, 12, 12, 1], (2, 12, 12, 1))
        phase = lab.input("is_training", [], np.array(False))
        x = tf.nn.relu(_switched_norm(conv(x, "conv0", 3, 4, stride=2), "bn0", phase))
        x = v1.cond(phase, lambda: tf.nn.dropout(x, rate=0.5, seed=3), lambda: tf.identity(x))
        x = tf.reshape(x, [-1, 144])
        tf.nn.softmax(dense(x, "fc", 4), name="out")
        return lab.freeze(["out"], optimizer="none")


def _switched_norm(x: tf.Tensor, scope: str, phase: tf.Tensor) -> tf.Tensor:
    with v1.variable_scope(scope):
        gamma, beta = weight("gamma", (4,), positive=True), weight("beta", (4,))
        mean = weight("moving_mean", (4,), trainable=False)
        variance = weight("moving_variance", (4,), positive=True, trainable=False)
        return v1.cond(
            phase,
            lambda: v1.nn.fused_batch_norm(x, gamma, beta, is_training=True)[0],
            lambda: v1.nn.fused_batch_norm(x, gamma, beta, mean, variance, is_training=False)[0],
        )


@model
def convolution_1d(folder: Path) -> Frozen:
    """Conv1D hides its kernel behind an ExpandDims."""
    with TrainingGraph(folder) as lab:
        x = lab.input("signal", [None, 10, 3], (2, 10, 3))
        kernel, bias = weight("conv/kernel", (3, 3, 4)), weight("conv/bias", (4,))
        x = tf.nn.relu(tf.nn.conv1d(x, kernel, 1, "SAME") + bias)
        tf.identity(dense(tf.reduce_max(x, 1), "fc", 2), name="out")
        return lab.freeze(["out"])


@model
def convolution_transposed(folder: Path) -> Frozen:
    """A decoder: the kernel is slot 1 of Conv2DBackpropInput."""
    with TrainingGraph(folder) as lab:
        x = lab.input("code", [2, 4, 4, 3], (2, 4, 4, 3))
        kernel = weight("up/kernel", (3, 3, 5, 3))
        x = tf.nn.conv2d_transpose(x, kernel, [2, 8, 8, 5], 2, "SAME")
        tf.sigmoid(tf.nn.bias_add(x, weight("up/bias", (5,))), name="out")
        return lab.freeze(["out"])


@model
def convolution_3d(folder: Path) -> Frozen:
    """Volumes."""
    with TrainingGraph(folder) as lab:
        x = lab.input("volume", [None, 4, 4, 4, 1], (1, 4, 4, 4, 1))
        kernel, bias = weight("conv/kernel", (2, 2, 2, 1, 3)), weight("conv/bias", (3,))
        x = tf.nn.relu(tf.nn.conv3d(x, kernel, [1, 1, 1, 1, 1], "SAME") + bias)
        tf.identity(tf.reduce_mean(x, [1, 2, 3]), name="out")
        return lab.freeze(["out"])


@model
def convolution_dilated(folder: Path) -> Frozen:
    """Dilation through SpaceToBatch: integer constants around one kernel."""
    with TrainingGraph(folder) as lab:
        x = lab.input("image", [None, 9, 9, 2], (2, 9, 9, 2))
        kernel = weight("kernel", (3, 3, 2, 4))
        convolve = lambda data, _, padding: tf.nn.conv2d(data, kernel, 1, padding)  # noqa: E731
        x = tf.nn.with_space_to_batch(x, [2, 2], "SAME", convolve, filter_shape=[3, 3])
        tf.identity(tf.nn.bias_add(x, weight("bias", (4,))), name="out")
        return lab.freeze(["out"])
