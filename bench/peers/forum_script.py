"""The script that people copy from a forum, made general: import the frozen graph under a prefix, build the variables
again by name, run one assignment for each, save.

    forum_script.py FROZEN.pb PREFIX

The original rebuilds one network by hand; here a variable is made for each constant that has a `/read`. What is kept is
what costs: every value comes out through a session run of its own, and `assign` of a number puts it into the graph, so
each run works on a larger graph and the saved .meta holds the weights again.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()


def weights_of(graph_def):
    read = {node.input[0] for node in graph_def.node if node.op == "Identity" and node.name.endswith("/read")}
    return [node for node in graph_def.node if node.op == "Const" and node.name in read]


def rebuild(nodes):
    with tf.variable_scope("model"):
        for node in nodes:
            shape = [dim.size for dim in node.attr["value"].tensor.tensor_shape.dim]
            tf.get_variable(node.name, shape, dtype=tf.as_dtype(node.attr["dtype"].type))


def main(frozen, prefix):
    graph_def = tf.GraphDef()
    with tf.gfile.GFile(frozen, "rb") as file:
        graph_def.ParseFromString(file.read())
    with tf.Session() as session:
        tf.import_graph_def(graph_def, name="new")
        rebuild(weights_of(graph_def))
        mapping = {variable.name: variable for variable in tf.global_variables()}
        for name, variable in mapping.items():
            value = session.run("new/" + name[len("model/"):])
            session.run(variable.assign(value))
        tf.train.Saver(list(mapping.values())).save(session, prefix)


main(*sys.argv[1:])
