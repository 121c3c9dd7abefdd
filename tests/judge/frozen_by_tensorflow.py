"""TensorFlow's own freezer on a checkpoint and its .meta, and what another frozen graph has otherwise."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tensorflow.python.framework import op_def_registry

from imported import meta_graph, restored
from strict_tf import tf, v1

FROZEN = re.compile(r"(_frozen_([0-9a-f]{8}_*|\d+))?$")
NUMBER = re.compile(r"_\d+$")
# Notes of a graph that was saved, wrong where variables were: they are left out, TensorFlow's freezer keeps them.
NOTES = ("_read_only_resource_inputs", "_output_shapes")
SHAPES = ("_input_shapes", "_output_shapes")
TWINS = ("api_implements", "forward_function_name", "backward_function_name")


def tensorflow_freezes(prefix: Path, outputs: Sequence[str], kept: Sequence[str]) -> Any:
    """import_meta_graph, restore and convert_variables_to_constants of the graph as it was written."""
    with tf.Graph().as_default() as graph:
        saver = v1.train.import_meta_graph(f"{prefix}.meta") or v1.train.Saver()
        add_missing_reads(graph)
    with graph.as_default(), restored(graph, saver, prefix) as opened:
        return v1.graph_util.convert_variables_to_constants(
            opened, meta_graph(prefix).graph_def, list(outputs), variable_names_blacklist=list(kept)
        )


def add_missing_reads(graph: Any) -> None:
    """The freezer fetches X/Read/ReadVariableOp, which graphs of TensorFlow 2 need not have."""
    for handle in [op for op in graph.get_operations() if op.type == "VarHandleOp"]:
        name = handle.name + "/Read/ReadVariableOp"
        if name not in {op.name for op in graph.get_operations() if op.type == "ReadVariableOp"}:
            tf.raw_ops.ReadVariableOp(resource=handle.outputs[0], dtype=handle.get_attr("dtype"), name=name)


def differences(expected: Any, found: Any) -> str:
    """By kind: "input=1 added=1"; empty when nodes, functions and versions are equal, defaults filled in."""
    kinds: Counter[str] = Counter()
    a, b = ({node.name: node for node in graph.node} for graph in (expected, found))
    kinds["missing"] = len(a.keys() - b.keys())
    kinds["added"] = len(b.keys() - a.keys())
    kinds["order"] = [n.name for n in expected.node if n.name in b] != [n.name for n in found.node if n.name in a]
    kinds["versions"] = expected.versions != found.versions
    for name in a.keys() & b.keys():
        kinds.update(node_differences(a[name], b[name]))
    kinds.update(library_differences(expected.library, found.library))
    return " ".join(f"{kind}={count}" for kind, count in sorted(kinds.items()) if count)


def node_differences(a: Any, b: Any) -> list[str]:
    kinds = [k for k in ("op", "device") if plain_name(getattr(a, k)) != plain_name(getattr(b, k))]
    if list(a.input) != list(b.input):
        kinds.append("input")
    left, right = filled(a), filled(b)
    for key in sorted(left.keys() | right.keys()):
        if left.get(key) != right.get(key):
            kinds.append(f"attr:{key}")
    return kinds


def filled(node: Any) -> dict[str, bytes]:
    """The attributes, those that are left out with their defaults; NaN compares by its bytes."""
    attrs = {key: value_bytes(value) for key, value in node.attr.items() if key not in NOTES}
    op = op_def_registry.get(node.op)
    for attr in op.attr if op else ():
        if attr.HasField("default_value"):
            attrs.setdefault(attr.name, value_bytes(attr.default_value))
    return attrs


def value_bytes(value: Any) -> bytes:
    """An AttrValue without what freezers append to the names of functions."""
    copy = type(value)()
    copy.CopyFrom(value)
    if copy.HasField("func"):
        copy.func.name = plain_name(copy.func.name)
    for function in copy.list.func if copy.HasField("list") else ():
        function.name = plain_name(function.name)
    return bytes(copy.SerializeToString(deterministic=True))


def plain_name(name: str) -> str:
    return NUMBER.sub("", FROZEN.sub("", name))


def library_differences(a: Any, b: Any) -> Counter[str]:
    """Functions under their plain names, several of one name as a set."""
    kinds: Counter[str] = Counter()
    sides: list[dict[str, list[list[bytes]]]] = []
    for library in (a, b):
        side = defaultdict(list)
        for function in library.function:
            side[plain_name(function.signature.name)].append(function_parts(function))
        sides.append({name: sorted(parts) for name, parts in side.items()})
    for name in sides[0].keys() | sides[1].keys():
        if sides[0].get(name) != sides[1].get(name):
            kinds["function"] += 1
    return kinds


def function_parts(function: Any) -> list[bytes]:
    """What a function computes: recorded shapes are notes, and those of frozen arguments differ."""
    types = [[arg.type for arg in args] for args in (function.signature.input_arg, function.signature.output_arg)]
    nodes = []
    for node in function.node_def:
        attrs = {k: v for k, v in filled(node).items() if k not in SHAPES}
        nodes.append(repr((node.name, plain_name(node.op), list(node.input), sorted(attrs.items()))).encode())
    attrs = {k: value_bytes(v) for k, v in function.attr.items() if k not in (*SHAPES, *TWINS)}
    rest = repr((types, sorted(function.ret.items()), sorted(attrs.items()))).encode()
    return [rest, *sorted(nodes)]
