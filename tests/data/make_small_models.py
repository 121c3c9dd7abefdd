#!/usr/bin/env python3
"""Makes the small models that the hostile tests cut and mutate. Needs TensorFlow; its results are committed.

    .venv/bin/python tests/data/make_small_models.py

Each is a few kilobytes and shows the reader other things: encodings of tensors, loops, functions, left-over
variables, text, MetaGraphs, memory-mapped packages.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2  # noqa: E402

v1 = tf.compat.v1
OUT = Path(__file__).resolve().parent / "small_models"


def frozen(build: Callable[[], list[str]], keep: tuple[str, ...] = ()) -> v1.GraphDef:
    """What `build` draws, its variables frozen but for those in `keep`; it returns the names of the outputs."""
    with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
        v1.disable_resource_variables()
        v1.disable_control_flow_v2()
        v1.set_random_seed(3)
        outputs = build()
        session.run(v1.global_variables_initializer())
        return v1.graph_util.convert_variables_to_constants(
            session, graph.as_graph_def(), outputs, variable_names_blacklist=list(keep))


def weight(name: str, shape: list[int], dtype: tf.DType = tf.float32) -> tf.Tensor:
    size = int(np.prod(shape))
    values = (np.arange(size) * 0.37 - 1).reshape(shape)
    return v1.get_variable(name, initializer=tf.constant(values, dtype))


def dense() -> list[str]:
    x = v1.placeholder(tf.float32, [None, 4], "x")
    with v1.variable_scope("first"):
        x = tf.nn.relu(tf.nn.bias_add(x @ weight("kernel", [4, 3]), weight("bias", [3])))
    with v1.variable_scope("second"):
        x = tf.nn.bias_add(x @ weight("kernel", [3, 2]), weight("bias", [2]))
    tf.nn.softmax(x, name="out")
    return ["out"]


def convolution() -> list[str]:
    x = v1.placeholder(tf.float32, [None, 6, 6, 2], "image")
    with v1.variable_scope("conv"):
        x = tf.nn.conv2d(x, weight("weights", [3, 3, 2, 4]), 1, "SAME")
        x, _, _ = v1.nn.fused_batch_norm(x, weight("gamma", [4]), weight("beta", [4]), weight("moving_mean", [4]),
                                         weight("moving_variance", [4]), is_training=False)
    with v1.variable_scope("depthwise"):
        x = tf.nn.depthwise_conv2d(tf.nn.relu6(x), weight("depthwise_weights", [3, 3, 4, 1]), [1, 1, 1, 1], "SAME")
    tf.reshape(tf.nn.max_pool2d(x, 2, 2, "SAME"), [-1, 36], name="out")
    return ["out"]


def loop() -> list[str]:
    x = v1.placeholder(tf.float32, [2, 3], "x")
    kernel, scale = weight("cell/kernel", [3, 3]), weight("scale", [3])
    steps = tf.constant(3)
    _, y = v1.while_loop(lambda i, _: i < steps, lambda i, h: (i + 1, tf.tanh(h @ kernel)), [tf.constant(0), x])
    tf.identity(tf.cond(tf.reduce_sum(y) > 0, lambda: y * scale, lambda: y), name="out")
    return ["out"]


def dtypes() -> list[str]:
    x = v1.placeholder(tf.float32, [None, 3], "x")
    for dtype in (tf.float16, tf.bfloat16, tf.float64, tf.int32, tf.complex64):
        x = x + tf.cast(tf.cast(x, dtype) @ weight(f"{dtype.name}/kernel", [3, 3], dtype), tf.float32)
    x = x + tf.gather(weight("embedding", [5, 3]), tf.constant([1, 4, 2], tf.int64))
    x = x + tf.fill([3], 0.5) + tf.constant(0.25, shape=[3]) + tf.cast(tf.constant([True, False, True]), tf.float32)
    tf.identity(x, name="out")
    tf.strings.join([tf.constant(["a", "b\0c", ""]), tf.constant("x")], name="words")
    return ["out", "words"]


def left_over() -> list[str]:
    x = v1.placeholder(tf.float32, [1, 3], "input_node")
    state = v1.get_variable("previous_state_c", initializer=tf.zeros([1, 3]), trainable=False)
    y = tf.tanh((x + state) @ weight("cell/kernel", [3, 3]))
    with tf.control_dependencies([v1.assign(state, y)]):
        tf.identity(y, name="logits")
    v1.variables_initializer([state], name="initialize_state")
    return ["logits", "initialize_state"]


def partitioned() -> list[str]:
    ids = v1.placeholder(tf.int32, [None], "ids")
    with v1.variable_scope("emb", partitioner=v1.fixed_size_partitioner(2)):
        table = v1.get_variable("table", [4, 2], initializer=v1.ones_initializer())
    tf.matmul(tf.gather(tf.convert_to_tensor(table), ids), weight("out/kernel", [2, 2]), name="out")
    return ["out"]


def functional() -> v1.GraphDef:
    """A TensorFlow 2 function, frozen, with its loop and its branch as functions."""
    v1.enable_control_flow_v2()
    first = tf.Variable(np.ones((3, 3), np.float32), name="first/kernel")
    kernel = tf.Variable(np.arange(9, dtype=np.float32).reshape(3, 3) / 9, name="dense/kernel")
    bias = tf.Variable(np.ones(3, np.float32), name="dense/bias")

    @tf.function(input_signature=[tf.TensorSpec([1, 3], tf.float32, name="x")])
    def serve(x: tf.Tensor) -> tf.Tensor:
        x = tf.nn.relu(x @ first)
        for _ in tf.range(2):
            x = tf.tanh(x @ kernel + bias)
        return tf.cond(tf.reduce_sum(x) > 0, lambda: x + bias, lambda: x)

    return convert_variables_to_constants_v2(
        serve.get_concrete_function(), lower_control_flow=False).graph.as_graph_def()


def meta_graph(graph: v1.GraphDef) -> v1.MetaGraphDef:
    with tf.Graph().as_default() as scene:
        v1.import_graph_def(graph, name="")
        v1.add_to_collection("outputs", scene.get_tensor_by_name("out:0"))
        meta = v1.train.export_meta_graph(clear_extraneous_savers=True)
    meta.meta_info_def.ClearField("stripped_op_list")
    return meta


def memory_mapped(graph: v1.GraphDef) -> bytes:
    """As convert_graphdef_memmapped_format writes it: 64-byte aligned regions, a directory, its offset."""
    graph = v1.GraphDef.FromString(graph.SerializeToString())
    regions: list[tuple[str, bytes]] = []
    for node in graph.node:
        if node.op != "Const" or node.attr["dtype"].type != 1 or len(node.attr["value"].tensor.tensor_content) < 16:
            continue
        tensor = node.attr["value"].tensor
        name = f"memmapped_package://constant_{len(regions)}"
        regions.append((name, tensor.tensor_content))
        shape = tensor.tensor_shape
        node.op = "ImmutableConst"
        node.ClearField("attr")
        node.attr["dtype"].type = 1
        node.attr["shape"].shape.CopyFrom(shape)
        node.attr["memory_region_name"].s = name.encode()
    regions.append(("memmapped_package://.", graph.SerializeToString(deterministic=True)))
    file, directory = bytearray(), bytearray()
    for name, content in regions:
        file += bytes(-len(file) % 64)
        element = _varint_field(1, len(file)) + _bytes_field(2, name.encode()) + _varint_field(3, len(content))
        directory += _bytes_field(1, element)
        file += content
    offset = len(file)
    return bytes(file + directory + struct.pack("<Q", offset))


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def _varint_field(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _bytes_field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def main() -> None:
    OUT.mkdir(exist_ok=True)
    functions = functional()
    graphs = {build.__name__: frozen(build) for build in (dense, convolution, loop, dtypes, partitioned)}
    graphs["left_over"] = frozen(left_over, keep=("previous_state_c",))
    graphs["functional"] = functions
    files = {f"{name}.pb": graph.SerializeToString(deterministic=True) for name, graph in graphs.items()}
    files["dense.pbtxt"] = text_format.MessageToString(graphs["dense"]).encode()
    files["convolution.meta"] = meta_graph(graphs["convolution"]).SerializeToString(deterministic=True)
    files["convolution.pbmm"] = memory_mapped(graphs["convolution"])
    for name, content in sorted(files.items()):
        (OUT / name).write_bytes(content)
        print(f"{len(content):7}  {name}")


if __name__ == "__main__":
    main()
