"""What people run over a frozen graph before they publish it: grappler and two tools of TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.framework import tensor_util
from tensorflow.python.grappler import tf_optimizer
from tensorflow.python.tools import optimize_for_inference_lib

from training_graphs import Built, v1

PASSES = ("pruning", "function", "constfold", "shape", "arithmetic", "loop", "dependency", "remap", "constfold")


def grappler(built: Built) -> Any:
    """Every pass that a session would run, twice."""
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(built.frozen, name="")
        meta = meta_graph_pb2.MetaGraphDef(graph_def=graph.as_graph_def(add_shapes=True))
    meta.collection_def["train_op"].node_list.value.extend(built.outputs)
    config = config_pb2.ConfigProto()
    rewrite = config.graph_options.rewrite_options
    rewrite.optimizers.extend(PASSES)
    rewrite.min_graph_nodes = -1
    rewrite.meta_optimizer_iterations = 2
    rewrite.loop_optimization = 1
    rewrite.fail_on_optimizer_errors = True
    return tf_optimizer.OptimizeGraph(config, meta)


def for_inference(built: Built) -> Any:
    """optimize_for_inference."""
    fed = [node for node in built.frozen.node if node.name in built.feeds]
    types = [node.attr["dtype"].type for node in fed]
    copy = type(built.frozen).FromString(built.frozen.SerializeToString())
    names = [node.name for node in fed]
    return optimize_for_inference_lib.optimize_for_inference(copy, names, built.outputs, types)


def without_training_nodes(built: Built) -> Any:
    """remove_training_nodes."""
    kept = [*built.feeds, *built.outputs]
    return v1.graph_util.remove_training_nodes(built.frozen, protected_nodes=kept)


OPTIMISERS = {"grappler": grappler, "inference": for_inference, "training_nodes": without_training_nodes}


def find_weights(graph_def: Any, values: dict[str, np.ndarray]) -> dict[str, str]:
    """The constants that hold a weight's numbers, and which weight it is."""
    found = {}
    for node in graph_def.node:
        if node.op != "Const" or node.attr["dtype"].type != tf.float32.as_datatype_enum:
            continue
        array = tensor_util.MakeNdarray(node.attr["value"].tensor)
        for name, value in values.items():
            if array.shape == value.shape and array.size > 1 and np.array_equal(array, value):
                found[node.name] = name
    return found
