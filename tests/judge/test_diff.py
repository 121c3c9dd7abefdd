"""`thaw diff` against graphs and checkpoints that TensorFlow made: exactly what was changed is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graph_files
import graph_oracle
import thaw_tool
from diff_tool import diff, saved
from strict_tf import tf

from google.protobuf import text_format
from tensorflow.core.framework import types_pb2

DIGITS = thaw_tool.REPOSITORY / "demo" / "digits.pb"


def weight(graph: Any) -> Any:
    """The first constant of floats with more than one axis, and its array."""
    for found in graph.node:
        if found.op == "Const" and len(found.attr["value"].tensor.tensor_shape.dim) > 1:
            return found
    raise AssertionError("no weight")


def set_value(found: Any, array: np.ndarray) -> None:
    found.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(array))


def value(found: Any) -> np.ndarray:
    return np.array(tf.make_ndarray(found.attr["value"].tensor))


def to_list(graph: Any) -> None:
    """float_val in place of tensor_content."""
    for found in graph.node:
        tensor = found.attr["value"].tensor if found.op == "Const" else None
        if tensor is not None and tensor.dtype == types_pb2.DT_FLOAT and tensor.tensor_content:
            numbers = np.frombuffer(tensor.tensor_content, np.float32)
            tensor.tensor_content = b""
            tensor.float_val.extend(numbers.tolist())


def to_content(graph: Any) -> None:
    """tensor_content in place of lists and of one repeated number."""
    for found in graph.node:
        if found.op == "Const" and found.attr["value"].tensor.dtype != types_pb2.DT_STRING:
            tensor = found.attr["value"].tensor
            array = tf.make_ndarray(tensor)
            for field in ("float_val", "int_val", "int64_val", "bool_val", "half_val", "double_val"):
                tensor.ClearField(field)
            tensor.tensor_content = array.tobytes()


def fill_defaults(graph: Any) -> None:
    for found in graph.node:
        for key, preset in graph_oracle.defaults().get(found.op, {}).items():
            if key not in found.attr:
                found.attr[key].CopyFrom(preset)


def strip_defaults(graph: Any) -> None:
    for found in graph.node:
        for key, preset in graph_oracle.defaults().get(found.op, {}).items():
            if key in found.attr and found.attr[key] == preset:
                del found.attr[key]


def reverse(graph: Any) -> None:
    nodes = list(graph.node)[::-1]
    del graph.node[:]
    graph.node.extend(nodes)


def write_outputs(graph: Any) -> None:
    for found in graph.node:
        inputs = [i if ":" in i or i.startswith("^") else f"{i}:0" for i in found.input]
        del found.input[:]
        found.input.extend(inputs)


UNCHANGED: dict[str, Callable[[Any], None]] = {
    "lists": to_list,
    "content": to_content,
    "defaults filled in": fill_defaults,
    "defaults stripped": strip_defaults,
    "order": reverse,
    "outputs": write_outputs,
}


@pytest.mark.parametrize("edit", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_another_way_to_write_it(edit: Callable[[Any], None], tmp_path: Path) -> None:
    graph = graph_files.load(DIGITS)
    edit(graph)
    for other in (saved(graph, tmp_path / "other.pb"), tmp_path / "other.pbtxt"):
        if other.suffix == ".pbtxt":
            other.write_text(text_format.MessageToString(graph))
        report = diff(DIGITS, other)
        assert not report["differs"], report
        assert report["graph"]["equal"] == len(graph.node)


def add(graph: Any) -> None:
    graph.node.add(name="more", op="NoOp")


def remove(graph: Any) -> None:
    taken = {graph_oracle.plain(i).lstrip("^") for n in graph.node for i in n.input}
    graph.node.remove(next(n for n in graph.node if n.name not in taken))


def rewire(graph: Any) -> None:
    found = next(n for n in graph.node if len(n.input) == 2)
    found.input[1] = found.input[0]


def wait(graph: Any) -> None:
    graph.node[-1].input.append(f"^{graph.node[0].name}")


def attribute(graph: Any) -> None:
    next(n for n in graph.node if n.op == "Conv2D").attr["padding"].s = b"EXPLICIT"


def operation(graph: Any) -> None:
    next(n for n in graph.node if n.op == "Relu").op = "Relu6"


def device(graph: Any) -> None:
    graph.node[-1].device = "/device:GPU:0"


def hidden(graph: Any) -> None:
    graph.node[-1].attr["_mine"].s = b"x"


def retype(graph: Any) -> None:
    found = weight(graph)
    found.attr["dtype"].type = types_pb2.DT_DOUBLE
    set_value(found, value(found).astype(np.float64))


def reshape(graph: Any) -> None:
    found = weight(graph)
    set_value(found, value(found).reshape(-1))


def nudge(graph: Any) -> None:
    found = weight(graph)
    array = value(found)
    array.flat[3] += 0.25
    set_value(found, array)


def negative_zero(graph: Any) -> None:
    found = weight(graph)
    array = value(found)
    array.flat[0] = 0.0
    set_value(found, array)


CHANGED = [
    add, remove, rewire, wait, attribute, operation, device, hidden, retype, reshape, nudge, negative_zero,
]  # fmt: skip


@pytest.mark.parametrize("edit", CHANGED, ids=lambda edit: edit.__name__)
def test_what_was_changed(edit: Callable[[Any], None], tmp_path: Path) -> None:
    before, after = graph_files.load(DIGITS), graph_files.load(DIGITS)
    edit(after)
    report = diff(DIGITS, saved(after, tmp_path / "after.pb"), "--graph")
    expected = graph_oracle.compare(before.node, after.node)
    assert expected["added"] or expected["removed"] or expected["changed"]
    assert graph_oracle.told(report["graph"]) == expected
    # The other way round.
    back = diff(tmp_path / "after.pb", DIGITS, "--graph")
    assert graph_oracle.told(back["graph"]) == graph_oracle.compare(after.node, before.node)


BITS = {
    "NaN and another NaN": (0x7FC00000, 0x7FC00001, {"changed": 1, "not_finite": 1, "largest": None}),
    "the same NaN": (0x7FC00001, 0x7FC00001, None),
    "zero and negative zero": (0x00000000, 0x80000000, {"changed": 1, "not_finite": 0, "largest": 0.0}),
    "infinite": (0x7F800000, 0x3F800000, {"changed": 1, "not_finite": 1, "largest": None}),
    "one bit": (0x3F800000, 0x3F800001, {"changed": 1, "not_finite": 0, "largest": 2.0**-23}),
}


@pytest.mark.parametrize(("one", "other", "delta"), BITS.values(), ids=BITS.keys())
def test_bits(one: int, other: int, delta: dict[str, Any] | None, tmp_path: Path) -> None:
    paths = []
    for name, bits in (("a.pb", one), ("b.pb", other)):
        graph = graph_files.load(DIGITS)
        array = value(weight(graph)).copy()
        array.reshape(-1).view(np.uint32)[5] = bits
        weight(graph).attr["value"].tensor.ClearField("float_val")
        weight(graph).attr["value"].tensor.tensor_content = array.tobytes()
        paths.append(saved(graph, tmp_path / name))
    report = diff(*paths)
    told = [w["delta"] for w in report["weights"]["differences"]]
    assert [{key: d[key] for key in delta} for d in told] == ([delta] if delta else []) if delta else told == []
    if delta and delta["largest"] is not None:
        assert not diff(*paths, "--tolerance", str(delta["largest"]))["differs"]
    elif delta:
        assert diff(*paths, "--tolerance", "1e30")["differs"]
