"""TensorFlow with everything off that changes the last bit of a result.

One thread, no graph optimiser, no oneDNN: two graphs that compute the same give the same bits.
$JUDGE_ONEDNN=1 leaves oneDNN on, for graphs with operations that have no other kernel (NCHW).
"""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = os.environ.get("JUDGE_ONEDNN", "0")

from typing import Any

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import config_pb2, rewriter_config_pb2

tf.get_logger().setLevel("ERROR")
v1 = tf.compat.v1
v1.disable_control_flow_v2()


def config() -> Any:
    """The session configuration of every comparison."""
    proto = config_pb2.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    options = proto.graph_options
    options.optimizer_options.opt_level = config_pb2.OptimizerOptions.L0
    options.rewrite_options.disable_meta_optimizer = True
    options.rewrite_options.constant_folding = rewriter_config_pb2.RewriterConfig.OFF
    return proto


def session(graph: Any) -> Any:
    return v1.Session(graph=graph, config=config())


# Four units in the last place of a float32, as a part of the largest entry.
ROUNDING = 4 * 2.0**-23


def rounded(found: Any, truth: Any, least: float = 0.0) -> bool:
    """Whether two gradients are the same but for the order in which their parts were added.

    That order is not promised: it follows the nodes' order in the graph and, in loops, which of them was ready first.
    How far it moves the last bits depends on the CPU (fused multiply-adds, the width of its vectors).
    """
    distance = np.abs(np.asarray(found, np.float64) - truth).max(initial=0.0)
    return bool(distance <= max(least, ROUNDING * np.abs(truth).max(initial=0.0)))


def first_line(error: BaseException) -> str:
    """An exception in one line that says what happened."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    noise = ("Graph execution error", "Detected at node", "Original stack")
    told = [line for line in lines if not line.startswith(noise)] or lines or [""]
    return f"{type(error).__name__}: {told[0]}"[:240]
