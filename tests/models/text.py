"""Models over tokens: a text CNN and one transformer block."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import Frozen
from layers import dense, layer_norm
from training import TrainingGraph, v1, weight


@model
def text_cnn(folder: Path) -> Frozen:
    """Convolutions of several widths over embeddings; a variable `W` at the root."""
    with TrainingGraph(folder) as lab:
        ids = lab.input("input_x", [None, 8], np.arange(16, dtype=np.int32).reshape(2, 8) % 13)
        keep = lab.input("dropout_keep_prob", [], np.array(1.0, np.float32))
        with tf.name_scope("embedding"):
            table = v1.Variable(tf.random.uniform([13, 5], -1.0, 1.0, seed=4), name="W", use_resource=False)
            x = tf.expand_dims(v1.nn.embedding_lookup(table, ids), -1)
        pooled = [_convolution(x, width) for width in (2, 3, 4)]
        x = v1.nn.dropout(tf.reshape(tf.concat(pooled, 3), [-1, 9]), keep_prob=keep, seed=2)
        with tf.name_scope("output"):
            scores = v1.nn.xw_plus_b(x, weight("W", (9, 2)), weight("b", (2,)), name="scores")
            tf.argmax(scores, 1, name="predictions")
        return lab.freeze(["output/scores", "output/predictions"])


def _convolution(x: tf.Tensor, width: int) -> tf.Tensor:
    with tf.name_scope(f"conv-maxpool-{width}"):
        shape = [width, 5, 1, 3]
        kernel = v1.Variable(
            tf.random.truncated_normal(shape, stddev=0.1, seed=width), name="W", use_resource=False
        )
        bias = v1.Variable(tf.constant(0.1, shape=[3]), name="b", use_resource=False)
        x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, kernel, 1, "VALID"), bias))
        return tf.nn.max_pool2d(x, [1, 9 - width, 1, 1], 1, "VALID")


HIDDEN, HEADS, LENGTH = 8, 2, 6


@model
def transformer(folder: Path) -> Frozen:
    """One block with the names of BERT; the position table is reached only through a Slice."""
    with TrainingGraph(folder) as lab:
        ids = lab.input("input_ids", [None, LENGTH], np.arange(12, dtype=np.int32).reshape(2, 6))
        with v1.variable_scope("bert"), v1.variable_scope("embeddings"):
            words = weight("word_embeddings", (13, HIDDEN))
            x = tf.reshape(tf.gather(words, tf.reshape(ids, [-1])), [-1, LENGTH, HIDDEN])
            positions = tf.slice(weight("position_embeddings", (16, HIDDEN)), [0, 0], [LENGTH, -1])
            x = layer_norm(x + tf.reshape(positions, [1, LENGTH, HIDDEN]), "LayerNorm")
        with v1.variable_scope("bert/encoder/layer_0"):
            x = tf.reshape(x, [-1, HIDDEN])
            with v1.variable_scope("attention"):
                heads = _attention(x)
                x = layer_norm(dense(heads, "output/dense", HIDDEN) + x, "output/LayerNorm")
            inner = dense(x, "intermediate/dense", 2 * HIDDEN)
            inner = inner * 0.5 * (1.0 + tf.tanh(np.sqrt(2 / np.pi) * (inner + 0.044715 * tf.pow(inner, 3))))
            x = layer_norm(dense(inner, "output/dense", HIDDEN) + x, "output/LayerNorm")
        first = tf.reshape(x, [-1, LENGTH, HIDDEN])[:, 0]
        logits = tf.matmul(first, weight("output_weights", (2, HIDDEN)), transpose_b=True)
        tf.nn.softmax(tf.nn.bias_add(logits, weight("output_bias", (2,))), name="probabilities")
        return lab.freeze(["probabilities"])


def _attention(x: tf.Tensor) -> tf.Tensor:
    def split(name: str) -> tf.Tensor:
        y = dense(x, f"self/{name}", HIDDEN)
        return tf.transpose(tf.reshape(y, [-1, LENGTH, HEADS, HIDDEN // HEADS]), [0, 2, 1, 3])

    query, key, value = split("query"), split("key"), split("value")
    scores = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) * (HIDDEN // HEADS) ** -0.5)
    return tf.reshape(tf.transpose(tf.matmul(scores, value), [0, 2, 1, 3]), [-1, HIDDEN])
