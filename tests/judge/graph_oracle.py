"""What differs between two GraphDefs, by TensorFlow's own parser and registry: the second opinion on `thaw diff`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

from strict_tf import tf

from tensorflow.core.framework import op_def_pb2
from tensorflow.python.client import pywrap_tf_session


@cache
def defaults() -> dict[str, dict[str, Any]]:
    """AttrValues by operation and key."""
    ops = op_def_pb2.OpList()
    ops.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
    return {
        op.name: {a.name: a.default_value for a in op.attr if a.HasField("default_value")} for op in ops.op
    }


def tensor(proto: Any) -> tuple[Any, ...]:
    try:
        value = tf.make_ndarray(proto)
    except Exception:  # noqa: BLE001 - types that numpy does not have
        return (proto.SerializeToString(deterministic=True),)
    if value.dtype == object:
        return (proto.dtype, value.shape, tuple(value.ravel().tolist()))
    return (proto.dtype, value.shape, np.ascontiguousarray(value).tobytes())


def attributes(node: Any, keys: set[str]) -> dict[str, Any]:
    """What these attributes mean: defaults filled in, tensors decoded, places a set."""
    presets = defaults().get(node.op, {})
    meant: dict[str, Any] = {}
    for key in keys - {"_output_shapes"}:
        value = node.attr[key] if key in node.attr else presets.get(key)
        if value is None:
            continue
        if value.HasField("tensor"):
            meant[key] = tensor(value.tensor)
        elif key == "_class":
            meant[key] = frozenset(value.list.s)
        else:
            meant[key] = value.SerializeToString(deterministic=True)
    return {key: value for key, value in meant.items() if not (key == "_class" and not value)}


def plain(name: str) -> str:
    return name[:-2] if name.endswith(":0") else name


def parts(a: Any, b: Any) -> set[tuple[str, str]]:
    """(part, name) of all that differs between two nodes."""
    found = set()
    if a.op != b.op:
        found.add(("op", ""))
    if a.device != b.device:
        found.add(("device", ""))
    data = [[plain(i) for i in node.input if not i.startswith("^")] for node in (a, b)]
    for slot in range(max(map(len, data))):
        if data[0][slot : slot + 1] != data[1][slot : slot + 1]:
            found.add(("input", str(slot)))
    if {i for i in a.input if i.startswith("^")} != {i for i in b.input if i.startswith("^")}:
        found.add(("control", ""))
    keys = set(a.attr) | set(b.attr)
    one, other = attributes(a, keys), attributes(b, keys)
    for key in one.keys() | other.keys():
        if one.get(key) != other.get(key):
            both = all(isinstance(side.get(key), tuple) for side in (one, other))
            found.add(("value" if both else "attribute", key))
    return found


def compare(a: Iterable[Any], b: Iterable[Any]) -> dict[str, Any]:
    """As `thaw diff --graph --json` tells it: names added and removed, parts of those that changed."""
    one, other = {n.name: n for n in a}, {n.name: n for n in b}
    changed = {name: parts(node, other[name]) for name, node in one.items() if name in other}
    return {
        "added": sorted(other.keys() - one.keys()),
        "removed": sorted(one.keys() - other.keys()),
        "changed": {name: found for name, found in changed.items() if found},
    }


def told(report: dict[str, Any]) -> dict[str, Any]:
    """The same of a report of nodes."""
    return {
        "added": sorted(node["name"] for node in report["added"]),
        "removed": sorted(node["name"] for node in report["removed"]),
        "changed": {
            node["name"]: {
                (part["part"], part["name"] if part["part"] != "control" else "") for part in node["parts"]
            }
            for node in report["changed"]
        },
    }
