"""Weights of other types than float32."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import Frozen
from layers import conv, dense
from training import TrainingGraph, v1


def _typed_mlp(folder: Path, dtype: tf.DType, optimizer: str) -> Frozen:
    with TrainingGraph(folder) as lab:
        x = tf.cast(lab.input("x", [None, 4], (5, 4)), dtype)
        x = tf.nn.relu(dense(x, "l1", 8, dtype))
        tf.cast(dense(x, "l2", 3, dtype), tf.float32, name="out")
        return lab.freeze(["out"], optimizer=optimizer)


@model
def half(folder: Path) -> Frozen:
    """Half-precision variables."""
    return _typed_mlp(folder, tf.float16, "sgd")


@model
def brain_float(folder: Path) -> Frozen:
    """bfloat16 variables."""
    return _typed_mlp(folder, tf.bfloat16, "sgd")


@model
def double(folder: Path) -> Frozen:
    """float64 variables."""
    return _typed_mlp(folder, tf.float64, "adam")


@model
def half_storage(folder: Path) -> Frozen:
    """Float32 variables stored as half constants behind a Cast, as converters do to halve a file."""
    with TrainingGraph(folder) as lab:
        x = conv(lab.input("x", [None, 5, 5, 1], (2, 5, 5, 1)), "conv", 3, 4)
        tf.identity(dense(tf.reduce_mean(tf.nn.relu(x), [1, 2]), "fc", 3), name="out")
        frozen = lab.freeze(["out"])
    names = {w.constant for w in frozen.weights}
    for w in frozen.weights:
        w.relation = "cast"
    smaller = tf.compat.v1.GraphDef(versions=frozen.graph.versions)  # type: ignore[attr-defined]
    for node in frozen.graph.node:  # type: ignore[attr-defined]
        if node.name not in names:
            copy = smaller.node.add()
            copy.CopyFrom(node)
            copy.input[:] = [f"{i}/to_float" if i in names else i for i in node.input]
            continue
        value = tf.make_ndarray(node.attr["value"].tensor).astype(np.float16)
        stored = smaller.node.add(name=node.name, op="Const")
        stored.attr["dtype"].type = tf.float16.as_datatype_enum
        stored.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))
        cast = smaller.node.add(name=f"{node.name}/to_float", op="Cast", input=[node.name])
        cast.attr["SrcT"].type = tf.float16.as_datatype_enum
        cast.attr["DstT"].type = tf.float32.as_datatype_enum
    frozen.graph = smaller
    return frozen


@model
def counters(folder: Path) -> Frozen:
    """State that is no float: an int64 step, a string label table, a flag."""
    with TrainingGraph(folder) as lab:
        x = dense(lab.input("x", [None, 4], (5, 4)), "fc", 3)
        step = v1.train.get_or_create_global_step()
        options = {"trainable": False, "use_resource": False}
        labels = v1.get_variable("labels", initializer=np.array([b"yes", b"no", b""], object), **options)
        active = v1.get_variable("active", initializer=np.array([True, False, True]), **options)
        tf.identity(x * tf.cast(active, tf.float32), name="out")
        tf.identity(step + 1, name="step")
        tf.gather(labels, tf.argmax(x, 1), name="label")
        return lab.freeze(["out", "step", "label"])
