"""The nodes of a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import _core
from ._arrays import array_of

__all__ = ["Node", "Nodes"]


@dataclass(frozen=True)
class Node:
    """A node of the graph.

    >>> node = load(MODEL).nodes["conv1/Conv2D"]
    >>> node.op, node.inputs
    ('Conv2D', ('images', 'conv1/kernel/read'))
    >>> node.attr["strides"], node.attr["padding"]
    ([1, 1, 1, 1], b'SAME')
    """

    name: str
    op: str
    inputs: tuple[str, ...]
    """As in the file: "a", "a:1" for its second output, "^a" for a control edge."""
    device: str
    attr: Mapping[str, Any] = field(repr=False)
    """name -> int, float, bool, bytes, a list of them; types as "float32", shapes as tuples (None: unknown), tensors
    as arrays, functions by their names."""


def _attribute(told: tuple[str, Any]) -> Any:
    kind, value = told
    if kind == "list":
        return [_attribute(item) for item in value]
    return array_of(value) if kind == "tensor" else value


class _Attributes(Mapping[str, Any]):
    """Tensors are read when they are asked for."""

    def __init__(self, told: dict[str, tuple[str, Any]]) -> None:
        self._told = told

    def __getitem__(self, name: str) -> Any:
        return _attribute(self._told[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)

    def __repr__(self) -> str:
        return f"<attributes {', '.join(self._told)}>"


class Nodes(Mapping[str, Node]):
    """name -> Node, in the order of the file. Functions are not among them. A name that is not there raises KeyError;
    bytes of a name that are no UTF-8 are text as in names of files (errors="surrogateescape").

    >>> nodes = load(MODEL).nodes
    >>> [node.name for node in nodes.values() if node.op == "Placeholder"]
    ['images']
    """

    def __init__(self, core: _core.Model) -> None:
        self._core = core

    def __getitem__(self, name: str) -> Node:
        place = self._place(name)
        if place is None:
            raise KeyError(name)
        found, op, inputs, device, attributes = self._core.node(place)
        return Node(found, op, tuple(inputs), device, _Attributes(attributes))

    def __iter__(self) -> Iterator[str]:
        return (self._core.node_name(place) for place in range(self._core.node_count))

    def __len__(self) -> int:
        return self._core.node_count

    def __contains__(self, name: object) -> bool:
        return self._place(name) is not None

    def __repr__(self) -> str:
        return f"<{len(self)} nodes>"

    def _place(self, name: object) -> int | None:
        if not isinstance(name, str):
            return None
        try:
            return self._core.find_node(name.encode("utf-8", "surrogateescape"))
        except UnicodeEncodeError:  # no bytes are that text
            return None
