"""The least that TensorFlow can do for this job: parse, and hand the constants to the operation that saves. No graph is
written, so nothing could be trained from what is left.

    shortest_script.py FROZEN.pb PREFIX
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf


def main(frozen, prefix):
    graph_def = tf.compat.v1.GraphDef()
    with open(frozen, "rb") as file:
        graph_def.ParseFromString(file.read())
    read = {node.input[0] for node in graph_def.node if node.op == "Identity" and node.name.endswith("/read")}
    nodes = [node for node in graph_def.node if node.op == "Const" and node.name in read]
    names = [node.name for node in nodes]
    values = [tf.make_ndarray(node.attr["value"].tensor) for node in nodes]
    tf.raw_ops.SaveV2(prefix=prefix, tensor_names=names, shape_and_slices=[""] * len(names), tensors=values)


main(*sys.argv[1:])
