"""Frozen graph files and the questions the checks ask of a GraphDef."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from strict_tf import tf, v1

SILENT = {"NoOp", "Const", "Assert", "Placeholder", "PlaceholderV2", "VariableV2", "Variable", "VarHandleOp"}


def load(path: Path) -> Any:
    """A GraphDef from its binary or text form."""
    graph = v1.GraphDef()
    if path.suffix == ".pbtxt":
        from google.protobuf import text_format

        text_format.Parse(path.read_text(), graph)
    else:
        graph.ParseFromString(path.read_bytes())
    return graph


def source(edge: str) -> str:
    """The node that an input names."""
    return edge.lstrip("^").split(":")[0]


def terminals(graph: Any) -> list[str]:
    """Nodes that nothing consumes, not even for control: everything else is reached from them."""
    consumed = {source(edge) for node in graph.node for edge in node.input}
    return [node.name for node in graph.node if node.name not in consumed]


def fetchable(graph: Any) -> list[str]:
    """Nodes without a data consumer that compute something, outside of loops."""
    consumed = {source(edge) for node in graph.node for edge in node.input if not edge.startswith("^")}
    inside = _in_loops(graph)
    ends = [node for node in graph.node if node.name not in consumed and node.name not in inside]
    return [node.name for node in ends if node.op not in SILENT]


def _in_loops(graph: Any) -> set[str]:
    """What lies between an Enter and its Exit runs many times and cannot be fetched."""
    consumers: dict[str, list[Any]] = {}
    for node in graph.node:
        for edge in node.input:
            consumers.setdefault(source(edge), []).append(node)
    inside = {node.name for node in graph.node if node.op in ("Enter", "RefEnter")}
    waiting = list(inside)
    while waiting:
        for node in consumers.get(waiting.pop(), ()):
            if node.name not in inside and node.op not in ("Exit", "RefExit"):
                inside.add(node.name)
                waiting.append(node.name)
    return inside


def fetches(graph: Any, names: list[str]) -> list[Any]:
    """The tensors of those nodes that a session can hand out."""
    odd = (tf.resource, tf.variant)
    tensors = [t for name in names for t in graph.get_operation_by_name(name).outputs]
    return [t for t in tensors if t.dtype.base_dtype not in odd]


def constants(graph: Any) -> dict[str, Any]:
    """Constants of the main graph by name."""
    return {node.name: node for node in graph.node if node.op == "Const"}


def value(node: Any) -> np.ndarray:
    return np.asarray(tf.make_ndarray(node.attr["value"].tensor))


def same_bits(a: Any, b: Any) -> bool:
    """Equal type, shape and bytes; strings element by element."""
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    return bool(a.tolist() == b.tolist()) if a.dtype == object else a.tobytes() == b.tobytes()
