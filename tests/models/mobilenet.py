"""A depthwise network with slim's names, as frozen and after each usual optimiser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import TRUTH_PREFIX, Frozen, Weight
from layers import fused_batch_norm
from training import TrainingGraph, v1, weight

SCOPE = "MobilenetV1"
OUTPUT = f"{SCOPE}/Predictions/Softmax"


def _network(x: tf.Tensor) -> None:
    with v1.variable_scope(SCOPE):
        with v1.variable_scope("Conv2d_0"):
            x = _normalised(tf.nn.conv2d(x, weight("weights", (3, 3, 3, 4)), 2, "SAME"))
        for index, channels in ((1, 6), (2, 8)):
            with v1.variable_scope(f"Conv2d_{index}_depthwise"):
                kernel = weight("depthwise_weights", (3, 3, int(x.shape[-1]), 1))
                x = _normalised(tf.nn.depthwise_conv2d(x, kernel, [1, 1, 1, 1], "SAME"))
            with v1.variable_scope(f"Conv2d_{index}_pointwise"):
                kernel = weight("weights", (1, 1, int(x.shape[-1]), channels))
                x = _normalised(tf.nn.conv2d(x, kernel, 1, "SAME"))
        x = tf.nn.avg_pool2d(x, 8, 1, "VALID")
        with v1.variable_scope("Logits/Conv2d_1c_1x1"):
            x = tf.nn.conv2d(x, weight("weights", (1, 1, 8, 5)), 1, "SAME")
            x = tf.nn.bias_add(x, weight("biases", (5,)))
        tf.nn.softmax(tf.squeeze(x, [1, 2]), name="Predictions/Softmax")


def _normalised(x: tf.Tensor) -> tf.Tensor:
    return tf.nn.relu6(fused_batch_norm(x, "BatchNorm"))


def _frozen(folder: Path) -> Frozen:
    with TrainingGraph(folder) as lab:
        _network(lab.input("input", [None, 16, 16, 3], (1, 16, 16, 3)))
        return lab.freeze([OUTPUT])


@model
def mobilenet(folder: Path) -> Frozen:
    """As TensorFlow freezes it."""
    return _frozen(folder)


@model
def mobilenet_stripped(folder: Path) -> Frozen:
    """After remove_training_nodes: names survive, reads do not."""
    frozen = _frozen(folder)
    frozen.graph = v1.graph_util.remove_training_nodes(frozen.graph, [OUTPUT])
    return frozen


@model
def mobilenet_optimised(folder: Path) -> Frozen:
    """After optimize_for_inference: depthwise kernels keep their name and hold scaled values."""
    from tensorflow.python.tools import optimize_for_inference_lib

    frozen = _frozen(folder)
    frozen.graph = optimize_for_inference_lib.optimize_for_inference(
        frozen.graph, ["input"], [OUTPUT], tf.float32.as_datatype_enum
    )
    frozen.weights = _weights_by_slot(frozen, folder)
    return frozen


@model
def mobilenet_grappler(folder: Path) -> Frozen:
    """After grappler's constant folding, arithmetic and remapping: kernels merged with scales."""
    frozen = _frozen(folder)
    frozen.graph = _grappler(frozen.graph, iterations=2)
    frozen.weights = _weights_by_slot(frozen, folder)
    return frozen


@model
def mobilenet_folded_reads(folder: Path) -> Frozen:
    """After one round of grappler: every constant is called `X/read`, nothing is merged yet."""
    frozen = _frozen(folder)
    frozen.graph = _grappler(frozen.graph, iterations=1)
    for w in frozen.weights:
        w.constant += "/read"
    return frozen


@model
def mobilenet_transformed(folder: Path) -> Frozen:
    """With the names that the graph transform tool leaves when it folds reads."""
    frozen = mobilenet_folded_reads(folder)
    renamed = {w.constant: f"{w.constant}/_{k}__cf__{k}" for k, w in enumerate(frozen.weights)}
    for node in frozen.graph.node:  # type: ignore[attr-defined]
        node.name = renamed.get(node.name, node.name)
        node.input[:] = [renamed.get(source, source) for source in node.input]
    for w in frozen.weights:
        w.constant = renamed[w.constant]
    return frozen


def _grappler(graph: Any, iterations: int) -> Any:
    from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
    from tensorflow.python.grappler import tf_optimizer

    with tf.Graph().as_default() as imported:
        tf.import_graph_def(graph, name="")
        meta = v1.train.export_meta_graph(graph=imported, graph_def=imported.as_graph_def())
    fetches = meta_graph_pb2.CollectionDef()
    fetches.node_list.value.append(OUTPUT)
    meta.collection_def["train_op"].CopyFrom(fetches)
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.optimizers.extend(["constfold", "arithmetic", "remap"])
    config.graph_options.rewrite_options.meta_optimizer_iterations = iterations
    return tf_optimizer.OptimizeGraph(config, meta)


LEARNED_SLOTS = {
    "Conv2D": (1,),
    "_FusedConv2D": (1, 2, 3, 4, 5),
    "DepthwiseConv2dNative": (1,),
    "_FusedDepthwiseConv2dNative": (1, 2, 3, 4, 5),
    "BiasAdd": (1,),
    "FusedBatchNormV3": (1, 2, 3, 4),
    "Add": (0, 1),
    "AddV2": (0, 1),
    "Mul": (0, 1),
}


def _weights_by_slot(frozen: Frozen, folder: Path) -> list[Weight]:
    """Constants that hold learned numbers after folding; those with the truth's bits are not derived."""
    truth = tf.train.load_checkpoint(str(folder / TRUTH_PREFIX))
    constants = {n.name: n for n in frozen.graph.node if n.op == "Const"}  # type: ignore[attr-defined]
    learned: list[str] = []
    for node in frozen.graph.node:  # type: ignore[attr-defined]
        for slot in LEARNED_SLOTS.get(node.op, ()):
            source = node.input[slot] if slot < len(node.input) else ""
            if source in constants and source not in learned:
                learned.append(source)
    return [_weight(name, constants[name], truth) for name in learned]


def _weight(name: str, constant: Any, truth: Any) -> Weight:
    value = tf.make_ndarray(constant.attr["value"].tensor)
    key = name.removesuffix("/read")
    same = truth.has_tensor(key) and np.array_equal(truth.get_tensor(key), value)
    return Weight(name, key if same else "", "equal" if same else "derived")
