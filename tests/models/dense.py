"""Models made of dense layers: plain, averaged, partitioned, tied, resource style."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import Frozen, Weight
from layers import dense
from training import TrainingGraph, v1, weight


@model
def mlp(folder: Path) -> Frozen:
    """Two dense layers, the smallest network."""
    with TrainingGraph(folder) as lab:
        x = tf.nn.relu(dense(lab.input("x", [None, 4], (5, 4)), "l1", 8))
        tf.nn.softmax(dense(x, "l2", 3), name="out")
        return lab.freeze(["out"])


@model
def resource_mlp(folder: Path) -> Frozen:
    """The same with resource variables: reads are `.../ReadVariableOp` Identities."""
    with TrainingGraph(folder) as lab:
        x = tf.nn.relu(dense(lab.input("x", [None, 4], (5, 4)), "l1", 8, use_resource=True))
        tf.nn.softmax(dense(x, "l2", 3, use_resource=True), name="out")
        return lab.freeze(["out"], optimizer="momentum")


@model
def moving_average(folder: Path) -> Frozen:
    """Frozen with the moving averages in place of the weights; nothing in the file tells."""
    with TrainingGraph(folder) as lab:
        x = tf.nn.relu(dense(lab.input("x", [None, 4], (5, 4)), "l1", 8))
        tf.nn.softmax(dense(x, "l2", 3), name="out")
        averages = v1.train.ExponentialMovingAverage(0.5)
        kept = averages.apply(v1.trainable_variables())
        pairs = [(variable, averages.average(variable)) for variable in v1.trainable_variables()]
        drift = [v1.assign_add(variable, 0.1 * tf.ones_like(variable)) for variable, _ in pairs]
        swap = [v1.assign(variable, average) for variable, average in pairs]
        with lab.session() as session:
            session.run(v1.global_variables_initializer())
            for step in (drift, kept):
                session.run(step)
            lab.save(session)
            session.run(swap)
            frozen = lab.frozen_as_is(session, ["out"], named=False)
        frozen.weights = [
            Weight(w.constant, w.key + "/ExponentialMovingAverage", trainable=w.trainable)
            for w in frozen.weights
        ]
        return frozen


@model
def partitioned(folder: Path) -> Frozen:
    """Variables in parts: several constants, one checkpoint entry with slices."""
    with TrainingGraph(folder) as lab:
        ids = lab.input("ids", [None], np.array([0, 3, 7, 9], np.int32))
        with v1.variable_scope("", partitioner=v1.fixed_size_partitioner(3)):
            table = weight("emb", (10, 4))
        x = v1.nn.embedding_lookup(table, ids, partition_strategy="div")
        with v1.variable_scope("fc", partitioner=v1.fixed_size_partitioner(2, axis=1)):
            kernel = weight("w", (4, 6))
        with v1.variable_scope("fc"):
            bias = v1.get_variable(
                "b", initializer=np.linspace(-1, 1, 6, dtype=np.float32), use_resource=False
            )
        tf.identity(tf.matmul(x, tf.convert_to_tensor(kernel)) + bias, name="out")
        return lab.freeze(["out"], optimizer="sgd")


@model
def tied_embeddings(folder: Path) -> Frozen:
    """One table for input and output, and a layer that is applied twice."""
    with TrainingGraph(folder) as lab:
        ids = lab.input("ids", [None], np.array([1, 4, 2], np.int32))
        table = weight("embeddings", (11, 6))
        x = v1.nn.embedding_lookup(table, ids)
        kernel, bias = weight("shared/kernel", (6, 6)), weight("shared/bias", (6,))
        for _ in range(2):
            x = tf.tanh(tf.matmul(x, kernel) + bias)
        logits = tf.matmul(x, table, transpose_b=True) + weight("output_bias", (11,))
        tf.nn.softmax(logits, name="out")
        return lab.freeze(["out"])
