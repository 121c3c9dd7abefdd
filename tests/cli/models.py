"""Small frozen graphs and what people mistake for one, written as bytes: no TensorFlow needed."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

FLOAT = 1


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(number: int, payload: bytes | str) -> bytes:
    data = payload.encode() if isinstance(payload, str) else payload
    return varint(number << 3 | 2) + varint(len(data)) + data


def number(at: int, value: int) -> bytes:
    return varint(at << 3) + varint(value & (1 << 64) - 1)


def attr(name: str, value: bytes) -> bytes:
    return field(5, field(1, name) + field(2, value))


def shape(dims: Sequence[int]) -> bytes:
    return b"".join(field(2, number(1, size)) for size in dims)


def node(name: str, op: str, inputs: Sequence[str] = (), attrs: bytes = b"", device: str = "") -> bytes:
    """One NodeDef, as an element of GraphDef.node."""
    told = field(1, name) + field(2, op) + b"".join(field(3, one) for one in inputs)
    return field(1, told + (field(4, device) if device else b"") + attrs)


def of_float(name: str = "T") -> bytes:
    return attr(name, number(6, FLOAT))


def constant(name: str, dims: Sequence[int], first: float = 0.5, device: str = "") -> bytes:
    size = 1
    for dim in dims:
        size *= dim
    content = struct.pack(f"<{size}f", *(first + 0.37 * i for i in range(size)))
    tensor = number(1, FLOAT) + field(2, shape(dims)) + field(4, content)
    return node(name, "Const", (), of_float("dtype") + attr("value", field(8, tensor)), device)


def weight(name: str, dims: Sequence[int], first: float = 0.5, device: str = "") -> bytes:
    """A former variable of TensorFlow 1: the constant and its read."""
    read = node(
        f"{name}/read", "Identity", [name], of_float() + attr("_class", field(1, field(2, f"loc:@{name}")))
    )
    return constant(name, dims, first, device) + read


def placeholder(name: str, dims: Sequence[int]) -> bytes:
    return node(name, "Placeholder", (), of_float("dtype") + attr("shape", field(7, shape(dims))))


def layer(scope: str, value: str, rows: int, columns: int, device: str = "") -> bytes:
    return (
        weight(f"{scope}/kernel", [rows, columns], 0.5, device)
        + weight(f"{scope}/bias", [columns], -0.25, device)
        + node(f"{scope}/MatMul", "MatMul", [value, f"{scope}/kernel/read"], of_float(), device)
        + node(f"{scope}/BiasAdd", "BiasAdd", [f"{scope}/MatMul", f"{scope}/bias/read"], of_float(), device)
    )


def graph(*parts: bytes) -> bytes:
    return b"".join(parts) + field(4, number(1, 1087))  # GraphDef.versions.producer


def dense(device: str = "") -> bytes:
    """x [?,4] -> first [4,3] -> second [3,2] -> out."""
    return graph(
        placeholder("x", [-1, 4]),
        layer("first", "x", 4, 3, device),
        node("first/Relu", "Relu", ["first/BiasAdd"], of_float()),
        layer("second", "first/Relu", 3, 2, device),
        node("out", "Softmax", ["second/BiasAdd"], of_float()),
    )


def doubtful() -> bytes:
    """As `dense`, with a matrix that nothing shows to have been a variable: a warning."""
    table = constant("third/table", [2, 2]) + node(
        "third/MatMul", "MatMul", ["out", "third/table"], of_float()
    )
    return dense() + table


def weightless() -> bytes:
    return graph(placeholder("x", [-1, 4]), node("out", "Relu", ["x"], of_float()))


def with_variable() -> bytes:
    """A graph that was never frozen: its values are in a checkpoint that is not here."""
    dims = attr("shape", field(7, shape([4, 3])))
    variable = node("first/kernel", "VariableV2", (), of_float("dtype") + dims)
    read = node("first/kernel/read", "Identity", ["first/kernel"], of_float())
    product = node("out", "MatMul", ["x", "first/kernel/read"], of_float())
    return graph(placeholder("x", [-1, 4]), variable, read, product)


def meta_graph(frozen: bytes) -> bytes:
    return field(2, frozen)


def collection(name: str, member: str) -> bytes:
    """An entry of MetaGraphDef.collection_def with one member, a VariableDef of that name."""
    return field(4, field(1, name) + field(2, field(2, field(1, field(1, member + ":0")))))


def saved_model(frozen: bytes) -> bytes:
    return number(1, 1) + field(2, field(1, field(4, "serve")) + meta_graph(frozen))


def onnx() -> bytes:
    """ModelProto: ir_version, producer, graph, opset."""
    relu = field(1, field(1, "x") + field(2, "y") + field(4, "Relu"))
    return (
        number(1, 8)
        + field(2, "pytorch")
        + field(3, "2.1")
        + field(7, relu + field(2, "g"))
        + field(8, number(2, 13))
    )


def heavy(megabytes: int) -> tuple[bytes, int, bytes]:
    """A model whose one weight is so large that writing it takes a while.

    What precedes its numbers, how many bytes of numbers, what follows them.
    """
    rows = megabytes * 256
    size = rows * 1024 * 4
    dims = number(1, FLOAT) + field(2, shape([rows, 1024]))
    name = field(1, "kernel") + field(2, "Const")
    dtype = of_float("dtype")
    # Lengths from the inside out; the numbers themselves stay a hole in the file.
    head = varint(4 << 3 | 2) + varint(size)
    tensor_size = len(dims) + len(head) + size
    value = varint(8 << 3 | 2) + varint(tensor_size)
    entry = field(1, "value") + varint(2 << 3 | 2) + varint(len(value) + tensor_size)
    pair_size = len(entry) + len(value) + tensor_size
    pair = varint(5 << 3 | 2) + varint(pair_size)
    whole = varint(1 << 3 | 2) + varint(len(name) + len(dtype) + len(pair) + pair_size)
    before = placeholder("x", [-1, rows]) + whole + name + dtype + pair + entry + value + dims + head
    read = node("kernel/read", "Identity", ["kernel"], of_float())
    return before, size, graph(read, node("out", "MatMul", ["x", "kernel/read"], of_float()))


@dataclass(frozen=True)
class Node:
    name: str
    op: str
    inputs: tuple[str, ...]
    device: str


def take_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The length-delimited fields of a message."""
    at = 0
    while at < len(data):
        key, at = take_varint(data, at)
        if key & 7 == 2:
            size, at = take_varint(data, at)
            yield key >> 3, data[at : at + size]
            at += size
        elif key & 7 == 0:
            _, at = take_varint(data, at)
        else:
            at += 8 if key & 7 == 1 else 4


def nodes(meta: bytes) -> dict[str, Node]:
    """The nodes of a written .meta, by name."""
    found = {}
    frozen = next(payload for at, payload in fields(meta) if at == 2)
    for told in (payload for at, payload in fields(frozen) if at == 1):
        parts: dict[int, list[str]] = {1: [], 2: [], 3: [], 4: []}
        for at, payload in fields(told):
            if at in parts:
                parts[at].append(payload.decode())
        one = Node(parts[1][0], parts[2][0], tuple(parts[3]), "".join(parts[4]))
        found[one.name] = one
    return found
