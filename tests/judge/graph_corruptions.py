"""Ways to change the nodes of the graph beside a checkpoint. See corruptions.py."""

from __future__ import annotations

import random
from pathlib import Path

from tensorflow.core.framework import attr_value_pb2, tensor_pb2, types_pb2

from corruptions import Sound, Where, corruption
from meta_file import opened

OTHER_OPS = {
    "Add": "Sub",
    "AddV2": "Sub",
    "Sub": "Mul",
    "Mul": "Add",
    "BiasAdd": "BiasAddV1",
    "Relu": "Elu",
    "Sigmoid": "Tanh",
    "Tanh": "Sigmoid",
    "Identity": "Snapshot",
    "Max": "Min",
    "Mean": "Sum",
    "Sum": "Mean",
    "MaxPool": "AvgPool",
    "Softmax": "LogSoftmax",
    "Exp": "Log",
}


@corruption
def node_op(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    fitting = meta.of_model(lambda n: n.op in OTHER_OPS) if meta else []
    if meta is None or not fitting:
        return None
    node = rng.choice(fitting)
    node.op = OTHER_OPS[node.op]
    meta.write()
    return Where(meta.file, nodes=(node.name,))


@corruption
def node_attr(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    kinds = ("b", "i", "f", "list", "s")
    fitting = []
    for node in meta.of_model(lambda n: n.op != "Const") if meta else []:
        fitting += [(node, k) for k, v in node.attr.items() if v.WhichOneof("value") in kinds and not k.startswith("_")]
    if meta is None or not fitting:
        return None
    node, key = rng.choice(fitting)
    if not change_attr(node.attr[key]):
        return None
    meta.write()
    return Where(meta.file, nodes=(node.name,))


def change_attr(value: attr_value_pb2.AttrValue) -> bool:
    kind = value.WhichOneof("value")
    if kind == "b":
        value.b = not value.b
    elif kind == "i":
        value.i += 1
    elif kind == "f":
        value.f = value.f * 2 + 1
    elif kind == "s":
        value.s += b"x"
    elif value.list.i:
        value.list.i[0] += 1
    else:
        return False
    return True


@corruption
def node_input(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    fitting = meta.of_model(lambda n: len(n.input) > 0 and not n.input[0].startswith("^")) if meta else []
    if meta is None or not fitting:
        return None
    node = rng.choice(fitting)
    others = [n for n in meta.original if n != node.input[0].split(":")[0] and meta.node(n) is not None]
    node.input[0] = rng.choice(others)
    meta.write()
    return Where(meta.file, nodes=(node.name,))


@corruption
def input_gone(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    fitting = [n for n in meta.nodes if len(n.input) > 0] if meta else []
    if meta is None or not fitting:
        return None
    node = rng.choice(fitting)
    node.input[0] = "no/such/node"
    meta.write()
    return Where(meta.file, nodes=(node.name, ""))


@corruption
def kept_constant(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    fitting = meta.of_model(lambda n: n.op == "Const" and n.attr["value"].tensor.dtype == types_pb2.DT_INT32) if meta else []
    if meta is None or not fitting:
        return None
    node = rng.choice(fitting)
    change_tensor(node.attr["value"].tensor)
    meta.write()
    return Where(meta.file, nodes=(node.name,))


def change_tensor(tensor: tensor_pb2.TensorProto) -> None:
    if tensor.tensor_content:
        content = bytearray(tensor.tensor_content)
        content[0] ^= 1
        tensor.tensor_content = bytes(content)
    elif tensor.int_val:
        tensor.int_val[0] += 1
    else:
        tensor.int_val.append(1)


@corruption
def node_gone(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    """One that nothing takes: an output of the model."""
    meta = opened(folder, sound)
    if meta is None or not meta.original:
        return None
    taken = {i.lstrip("^").split(":")[0] for n in meta.nodes for i in n.input}
    fitting = [i for i, n in enumerate(meta.nodes) if n.name in meta.original and n.name not in taken]
    if not fitting:
        return None
    at = rng.choice(fitting)
    gone = meta.nodes[at].name
    del meta.nodes[at]
    meta.write()
    return Where(meta.file, nodes=(gone, ""))
