"""The way back through TensorFlow's own freezer, compared node by node with the file it came from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import graph_files
from strict_tf import session, tf, v1


def refrozen_differences(frozen: Any, thawed: Any, prefix: Path, renamed: dict[str, str]) -> str:
    """What differs, by kind: "input=1 added=1"; empty when every node is literally equal.

    `renamed` leads from the names of variables to the constants they were.
    """
    ends = graph_files.terminals(frozen)
    expected = {n.name: n for n in v1.graph_util.extract_sub_graph(frozen, ends).node}
    found = {n.name: n for n in _renamed(_freeze(thawed, prefix, ends), renamed).node}
    kinds: Counter[str] = Counter()
    kinds["missing"] = len(expected.keys() - found.keys())
    kinds["added"] = len(found.keys() - expected.keys())
    for name in expected.keys() & found.keys():
        kinds.update(_node_differences(expected[name], found[name]))
    return " ".join(f"{kind}={count}" for kind, count in sorted(kinds.items()) if count)


def _freeze(thawed: Any, prefix: Path, ends: list[str]) -> Any:
    with tf.Graph().as_default() as graph:
        saver = v1.train.import_meta_graph(f"{prefix}.meta")
        kept = [v.op.name for v in v1.local_variables()]
        with session(graph) as opened:
            if kept:
                opened.run(v1.local_variables_initializer())
            saver.restore(opened, str(prefix))
            return v1.graph_util.convert_variables_to_constants(
                opened, thawed, ends, variable_names_blacklist=kept
            )


def _renamed(graph: Any, names: dict[str, str]) -> Any:
    """The same graph with the constants' old names, also where inputs and colocation name them."""
    for node in graph.node:
        node.name = names.get(node.name, node.name)
        node.input[:] = [names.get(edge, edge) for edge in node.input]
        if "_class" in node.attr:
            places = node.attr["_class"].list.s
            places[:] = [b"loc:@" + names.get(p[5:].decode(), p[5:].decode()).encode() for p in places]
    return graph


def _node_differences(a: Any, b: Any) -> list[str]:
    if a == b:
        return []
    kinds = [k for k in ("op", "device") if getattr(a, k) != getattr(b, k)]
    if list(a.input) != list(b.input):
        kinds.append("input")
    for key in sorted(set(a.attr) | set(b.attr)):
        if key not in a.attr or key not in b.attr:
            kinds.append(f"attr:{key}")
        elif a.attr[key] != b.attr[key] and not _same_nan(a.attr[key], b.attr[key]):
            kinds.append(f"attr:{key}")
    return kinds


def _same_nan(a: Any, b: Any) -> bool:
    """NaN is never equal to itself; the bytes are."""
    return bool(a.SerializeToString(deterministic=True) == b.SerializeToString(deterministic=True))
