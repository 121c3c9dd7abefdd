"""A graph with all hints of names taken away: constants renamed, reads spliced out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from graph_files import constants, source

READ_VARIABLE = re.compile(r"(^|/)ReadVariableOp(_\d+)?$")
FOLDED_READ = re.compile(r"/read/_\d+__cf__\d+$")
TEST_INPUT = re.compile(r"in_\d+$")
FLOATS = (1, 2, 14, 19)  # DT_FLOAT, DT_DOUBLE, DT_BFLOAT16, DT_HALF


def reads(graph: Any) -> dict[str, str]:
    """Identity -> the constant that it reads as a variable."""
    known = constants(graph)
    found = {}
    for node in graph.node:
        if node.op == "Identity" and node.input and node.input[0] in known:
            if node.name == node.input[0] + "/read" or READ_VARIABLE.search(node.name):
                found[node.name] = node.input[0]
    return found


def proven(graph: Any) -> set[str]:
    """Constants that a read, or the name of a folded one, proves to have been variables."""
    folded = {name for name in constants(graph) if FOLDED_READ.search(name)}
    return set(reads(graph).values()) | folded


def is_visible(node: Any) -> bool:
    """Whether structure alone can tell: a float of rank 1 or more with something in it."""
    shape = [d.size for d in node.attr["value"].tensor.tensor_shape.dim]
    return node.attr["dtype"].type in FLOATS and bool(shape) and 0 not in shape


def with_inputs(graph: Any) -> Any:
    """The operator tests keep their inputs as variables `in_0`, `in_1`: here they are inputs again."""
    result = type(graph)()
    result.CopyFrom(graph)
    for node in result.node:
        if node.op == "Const" and TEST_INPUT.match(node.name):
            kind, shape = node.attr["dtype"].type, node.attr["value"].tensor.tensor_shape
            node.op = "Placeholder"
            node.attr["shape"].shape.CopyFrom(shape)
            node.attr["dtype"].type = kind
            del node.attr["value"]
    return result


@dataclass
class Blinded:
    """The blinded graph and where its constants went."""

    graph: Any
    names: dict[str, str]  # blind name -> name in the file


def blind(graph: Any) -> Blinded:
    """Renames every constant to something meaningless and lets consumers read it directly."""
    spliced = reads(graph)
    taken = {node.name for node in graph.node}
    fresh = (name for name in (f"node_{k}" for k in range(10**9)) if name not in taken)
    renamed = {name: next(fresh) for name in constants(graph)}
    result = type(graph)()
    result.CopyFrom(graph)
    del result.node[:]
    for node in graph.node:
        if node.name in spliced:
            continue
        copy = result.node.add()
        copy.CopyFrom(node)
        copy.name = renamed.get(node.name, node.name)
        copy.input[:] = [_edge(edge, spliced, renamed) for edge in node.input]
        copy.attr.pop("_class", None)
    return Blinded(result, {blind_name: name for name, blind_name in renamed.items()})


def _edge(edge: str, spliced: dict[str, str], renamed: dict[str, str]) -> str:
    mark = "^" if edge.startswith("^") else ""
    name = source(edge)
    name = spliced.get(name, name)
    if name in renamed:
        return mark + renamed[name]
    return edge
