"""Graphs that are awkward to rewrite: taken names, devices, reference slots, shared constants."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import Frozen, Weight
from layers import dense
from training import TrainingGraph, v1, weight


@model
def names_taken(folder: Path) -> Frozen:
    """Every name that a rewrite would like to use is in use already."""
    with TrainingGraph(folder) as lab:
        x = lab.input("save/Const", [None, 4], (3, 4))
        x = dense(x, "fc", 3)
        for taken in ("fc/kernel/Assign", "fc/kernel/Read/ReadVariableOp", "save/restore_all"):
            x = tf.identity(x, name=taken)
        for taken in ("save_1/SaveV2", "fc/kernel/Initializer", "fc/bias/IsInitialized", "init"):
            x = tf.add(x, 1.0, name=taken)
        tf.identity(x, name="checkpoint")
        # TensorFlow's freezer fetches "X/Read/ReadVariableOp" by name, whatever stands there.
        return lab.freeze(["checkpoint"], optimizer="none", refreezes=False)


@model
def devices(folder: Path) -> Frozen:
    """Device strings on nodes and reads; the freezer leaves none on the constants."""
    with TrainingGraph(folder) as lab:
        with tf.device("/job:localhost/replica:0/task:0/device:CPU:0"):
            x = dense(lab.input("x", [None, 4], (3, 4)), "l1", 5)
        with tf.device("/cpu:0"):
            tf.identity(dense(tf.nn.relu(x), "l2", 2), name="out")
        return lab.freeze(["out"])


@model
def reference_slot(folder: Path) -> Frozen:
    """Careless freezing: Assign on a constant. TensorFlow refuses the file until it is thawed."""
    with TrainingGraph(folder) as lab:
        x = dense(lab.input("x", [None, 3], (2, 3)), "fc", 3)
        total = v1.get_variable(
            "total", initializer=np.zeros((3,), np.float32), trainable=False, use_resource=False
        )
        tf.add(v1.assign_add(total, tf.reduce_sum(x, 0)), 1.0, name="running")
        tf.identity(x, name="out")
        frozen = lab.freeze(["out", "running"], optimizer="none")
        frozen.imports = False
        return frozen


@model
def shape_and_weight(folder: Path) -> Frozen:
    """One constant is a bias and, cast to integers, a shape."""
    with TrainingGraph(folder) as lab:
        x = lab.input("x", [None, 4], (6, 4))
        kernel = weight("kernel", (4, 2))
        sizes = v1.get_variable("sizes", initializer=np.array([3.0, 4.0], np.float32), use_resource=False)
        x = tf.nn.bias_add(tf.matmul(x, kernel), sizes)
        tf.reshape(x, tf.cast(sizes, tf.int32), name="out")
        return lab.freeze(["out"], optimizer="none")


@model
def shape_and_weight_stripped(folder: Path) -> Frozen:
    """The same without reads: only the slots tell."""
    frozen = shape_and_weight(folder)
    frozen.graph = v1.graph_util.remove_training_nodes(frozen.graph, ["out"])
    return frozen


@model
def multiple_outputs(folder: Path) -> Frozen:
    """Two inputs, three outputs, a default placeholder, a weight that feeds two consumers directly."""
    with TrainingGraph(folder) as lab:
        a, b = lab.input("a", [None, 4], (3, 4)), lab.input("b", [None, 4], (3, 4))
        rate = v1.placeholder_with_default(np.float32(0.5), [], name="rate")
        kernel = weight("shared", (4, 4))
        left, right = tf.matmul(a, kernel, name="left"), tf.matmul(b, kernel, transpose_b=True, name="right")
        tf.reduce_sum(left * right * rate, 1, name="joined")
        return lab.freeze(["left", "right", "joined"])


@model
def bare_constants(folder: Path) -> Frozen:
    """A network built from constants: no read ever existed, the slots are all there is."""
    with TrainingGraph(folder) as lab:
        x = tf.nn.relu(dense(lab.input("x", [None, 6], (4, 6)), "hidden", 8))
        tf.nn.softmax(dense(x, "top", 3), name="out")
        frozen = lab.freeze(["out"])
        frozen.graph = v1.graph_util.remove_training_nodes(frozen.graph, ["out"])
        return frozen


@model
def imported_scope(folder: Path) -> Frozen:
    """Imported once under the default prefix and written again."""
    frozen = bare_constants(folder)
    frozen.named = False
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(frozen.graph, name="import")
        frozen.graph = graph.as_graph_def()
    frozen.feeds = {f"import/{name}": array for name, array in frozen.feeds.items()}
    frozen.outputs = [f"import/{name}" for name in frozen.outputs]
    frozen.weights = [Weight(f"import/{w.constant}", w.key, trainable=w.trainable) for w in frozen.weights]
    return frozen
