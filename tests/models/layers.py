"""Layers as TensorFlow 1 code wrote them by hand, and one tiny model for each unusual one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import Frozen
from training import TrainingGraph, numbers, v1, weight


def dense(x: tf.Tensor, scope: str, units: int, dtype: tf.DType = tf.float32, **options: Any) -> tf.Tensor:
    """`x @ kernel + bias` under `scope`."""
    with v1.variable_scope(scope):
        kernel = weight("kernel", (int(x.shape[-1]), units), dtype, **options)
        bias = weight("bias", (units,), dtype, **options)
        return tf.nn.bias_add(tf.matmul(x, kernel), bias)


def conv(x: tf.Tensor, scope: str, size: int, channels: int, stride: int = 1) -> tf.Tensor:
    """A two-dimensional convolution with bias."""
    with v1.variable_scope(scope):
        kernel = weight("kernel", (size, size, int(x.shape[-1]), channels))
        bias = weight("bias", (channels,))
        return tf.nn.bias_add(tf.nn.conv2d(x, kernel, stride, "SAME"), bias)


def fused_batch_norm(x: tf.Tensor, scope: str, scale: bool = True) -> tf.Tensor:
    """Batch normalisation at inference; without `scale` gamma is a constant, as in slim."""
    channels = int(x.shape[-1])
    with v1.variable_scope(scope):
        gamma = weight("gamma", (channels,), positive=True) if scale else tf.constant(1.0, shape=[channels])
        beta = weight("beta", (channels,))
        mean = weight("moving_mean", (channels,), trainable=False)
        variance = weight("moving_variance", (channels,), positive=True, trainable=False)
        return v1.nn.fused_batch_norm(x, gamma, beta, mean, variance, is_training=False)[0]


def layer_norm(x: tf.Tensor, scope: str) -> tf.Tensor:
    """Layer normalisation as arithmetic."""
    with v1.variable_scope(scope):
        beta = weight("beta", (int(x.shape[-1]),))
        gamma = weight("gamma", (int(x.shape[-1]),), positive=True)
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-6)


@model
def prelu(folder: Path) -> Frozen:
    """A learned negative slope per channel, in its arithmetic form."""
    with TrainingGraph(folder) as lab:
        x = conv(lab.input("x", [None, 6, 6, 2], (2, 6, 6, 2)), "conv", 3, 4)
        alpha = weight("alpha", (4,))
        x = tf.nn.relu(x) + alpha * (x - tf.abs(x)) * 0.5
        tf.identity(dense(tf.reduce_mean(x, [1, 2]), "fc", 3), name="out")
        return lab.freeze(["out"])


@model
def layer_norm_arithmetic(folder: Path) -> Frozen:
    """Layer normalisation between two dense layers."""
    with TrainingGraph(folder) as lab:
        x = dense(lab.input("x", [None, 6], (3, 6)), "fc1", 8)
        tf.identity(dense(layer_norm(x, "norm"), "fc2", 3), name="out")
        return lab.freeze(["out"])


@model
def batch_norm_arithmetic(folder: Path) -> Frozen:
    """Unfused batch normalisation: its statistics lie on a gradient path and must not be trained."""
    with TrainingGraph(folder) as lab:
        x = dense(lab.input("x", [None, 6], (3, 6)), "fc1", 8)
        with v1.variable_scope("bn"):
            gamma, beta = weight("gamma", (8,), positive=True), weight("beta", (8,))
            mean = weight("moving_mean", (8,), trainable=False)
            variance = weight("moving_variance", (8,), positive=True, trainable=False)
            x = tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3)
        tf.identity(dense(tf.nn.relu(x), "fc2", 3), name="out")
        return lab.freeze(["out"])


@model
def unit_gamma(folder: Path) -> Frozen:
    """Batch normalisation without scale: gamma is a splat of ones that never was a variable."""
    with TrainingGraph(folder) as lab:
        x = conv(lab.input("x", [None, 6, 6, 1], (2, 6, 6, 1)), "conv", 3, 4)
        x = fused_batch_norm(x, "bn", scale=False)
        tf.identity(tf.reduce_mean(x, [1, 2]), name="out")
        return lab.freeze(["out"])


@model
def scalar_variable(folder: Path) -> Frozen:
    """A learned temperature: a variable of rank 0."""
    with TrainingGraph(folder) as lab:
        x = dense(lab.input("x", [None, 4], (3, 4)), "fc", 3)
        temperature = v1.get_variable("temperature", initializer=np.float32(0.7), use_resource=False)
        tf.nn.softmax(x / temperature, name="out")
        return lab.freeze(["out"])


@model
def fake_quant(folder: Path) -> Frozen:
    """Quantisation-aware training: ranges are scalar variables beside the weights."""
    with TrainingGraph(folder) as lab:
        x = lab.input("x", [None, 4], (3, 4))
        with v1.variable_scope("fc"):
            kernel, bias = weight("kernel", (4, 5)), weight("bias", (5,))
            x = tf.matmul(x, _fake_quant(kernel, "weights_quant")) + bias
        tf.identity(_fake_quant(tf.nn.relu(x), "act_quant"), name="out")
        return lab.freeze(["out"])


def _fake_quant(x: tf.Tensor, scope: str) -> tf.Tensor:
    with v1.variable_scope(scope):
        low = v1.get_variable("min", initializer=np.float32(-1.0), trainable=False, use_resource=False)
        high = v1.get_variable("max", initializer=np.float32(1.5), trainable=False, use_resource=False)
        return tf.quantization.fake_quant_with_min_max_vars(x, low, high)


@model
def batch_matmul(folder: Path) -> Frozen:
    """A weight of rank 3 in a batched product, and one used transposed."""
    with TrainingGraph(folder) as lab:
        x = lab.input("x", [2, None, 4], (2, 3, 4))
        y = tf.matmul(x, weight("per_head", (2, 4, 5)))
        tf.matmul(y, tf.expand_dims(weight("back", (6, 5)), 0), transpose_b=True, name="out")
        return lab.freeze(["out"])


@model
def gather_nd(folder: Path) -> Frozen:
    """A table read by GatherNd."""
    with TrainingGraph(folder) as lab:
        cells = lab.input("cells", [None, 2], np.array([[0, 1], [2, 3], [1, 1]], np.int32))
        table = weight("table", (3, 4, 5))
        tf.identity(dense(tf.gather_nd(table, cells), "fc", 3), name="out")
        return lab.freeze(["out"])


@model
def input_normalisation(folder: Path) -> Frozen:
    """Mean and deviation of the data are constants of the program and must stay so."""
    with TrainingGraph(folder) as lab:
        x = lab.input("image", [None, 6, 6, 3], (2, 6, 6, 3))
        mean = tf.constant([0.485, 0.456, 0.406], name="mean")
        deviation = tf.constant([0.229, 0.224, 0.225], name="std")
        x = tf.nn.relu(conv((x - mean) / deviation, "conv", 3, 4))
        tf.identity(dense(tf.reduce_mean(x, [1, 2]), "fc", 3), name="out")
        return lab.freeze(["out"])


@model
def colour_matrix(folder: Path) -> Frozen:
    """A fixed colour transform whose matrix is called `kernel`, before a real convolution."""
    with TrainingGraph(folder) as lab:
        x = lab.input("image", [None, 6, 6, 3], np.abs(numbers("image", (2, 6, 6, 3), 0.5)))
        x = tf.nn.relu(conv(tf.image.rgb_to_yuv(x), "conv", 3, 4))
        tf.identity(dense(tf.reduce_mean(x, [1, 2]), "fc", 3), name="out")
        return lab.freeze(["out"])
