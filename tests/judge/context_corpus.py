#!/usr/bin/env python3
"""Contexts of loops and branches against TensorFlow's own, in the real MetaGraphs of a corpus, and against a prototype's.

  context_corpus.py [--corpus FOLDER] [--prototype FOLDER]

A MetaGraph's graph is frozen: its variables become constants of their shapes, what writes them goes. Thawed again it has to say of loops and
branches what TensorFlow said; two conds of one predicate count as one, and variables of loops that freezing dropped do not count. With the
prototype (`synth_contexts.py`) every frozen graph of the corpus is compared message by message.
"""

from __future__ import annotations

import argparse
import collections
import importlib
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf import control_flow_pb2, saved_model_pb2

import cases
import contexts
import graph_files
import thaw_tool
from imported import meta_graph
from strict_tf import tf, v1

VARIABLES = {"Variable", "VariableV2", "VarHandleOp"}
READS = {"ReadVariableOp"}
CONTROL = {"Switch", "RefSwitch", "Enter", "RefEnter"}
KEYS = ("while_context", "cond_context")


def meta_graphs(folder: Path) -> list[tuple[str, Any]]:
    """Every MetaGraph of the corpus that tells of loops or branches."""
    found = []
    for path in sorted([*folder.rglob("*.meta"), *folder.rglob("saved_model.pb")]):
        try:
            if path.suffix == ".meta":
                metas = [v1.MetaGraphDef.FromString(path.read_bytes())]
            else:
                metas = list(saved_model_pb2.SavedModel.FromString(path.read_bytes()).meta_graphs)
        except DecodeError:
            continue
        name = str(path.relative_to(folder))
        found += [(name, m) for m in metas if any(key in m.collection_def for key in KEYS)]
    return found


def frozen(graph_def: Any) -> Any:
    """What freezing leaves: variables as constants, nothing that writes them, no gradients, no ends that are loose only now."""
    consumers, producers = collections.defaultdict(list), {}
    for node in graph_def.node:
        producers[node.name] = [name.lstrip("^").split(":")[0] for name in node.input]
        for name in producers[node.name]:
            consumers[name].append(node.name)
    ops = {node.name: node.op for node in graph_def.node}
    trains = [node.name for node in graph_def.node if _trains(node, ops)]
    ends = [name for name in ops if not consumers[name]]
    gone = _reach(trains, consumers)
    kept = _reach([name for name in ends if name not in gone], producers)
    made = v1.GraphDef(versions=graph_def.versions, library=graph_def.library)
    for node in graph_def.node:
        if node.name not in kept:
            continue
        added = made.node.add()
        added.CopyFrom(node)
        if node.op in VARIABLES:
            _make_constant(added, node)
        elif node.op in READS:
            added.op = "Identity"
            added.attr["T"].CopyFrom(node.attr["dtype"])
            del added.attr["dtype"]
    return made


def _reach(names: list[str], neighbours: Mapping[str, list[str]]) -> set[str]:
    found, work = set(names), list(names)
    while work:
        for name in neighbours[work.pop()]:
            if name not in found:
                found.add(name)
                work.append(name)
    return found


def _trains(node: Any, ops: dict[str, str]) -> bool:
    """Writes a variable, or asks for more than its value, or is part of a gradient."""
    takes = {ops.get(name.split(":")[0]) for name in node.input} & VARIABLES
    if "gradients" in node.name.split("/"):
        return True
    return bool(takes) and node.op not in READS and (_writes(node.op) or "VarHandleOp" in takes)


def _writes(op: str) -> bool:
    return "Assign" in op or "Apply" in op or op.startswith("Scatter") or op == "IsVariableInitialized"


def _make_constant(added: Any, node: Any) -> None:
    shape = [d.size for d in node.attr["shape"].shape.dim]
    dtype = tf.as_dtype(node.attr["dtype"].type)
    numbers = np.random.default_rng(len(node.name)).normal(0, 0.3, shape).astype(dtype.as_numpy_dtype)
    added.Clear()
    added.name, added.op = node.name, "Const"
    added.attr["dtype"].CopyFrom(node.attr["dtype"])
    added.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(numbers, dtype))


def thawed_meta(graph_def: Any, folder: Path, weights: list[str]) -> Any:
    (folder / "frozen.pb").write_bytes(graph_def.SerializeToString())
    words = [word for name in weights for word in ("--thaw", name)]
    thawed = thaw_tool.thaw(folder / "frozen.pb", folder / "model.ckpt", *words)
    if thawed.exit:
        raise ValueError(thawed.error)
    return meta_graph(thawed.prefix)


def is_habit(line: str) -> bool:
    """What TensorFlow 1.0 to 1.4 wrote otherwise: a predicate lies in its own branch, the Enters of a loop are not listed."""
    return "/pred_id in ((" in line or "loop_enter_names [] and" in line


def against_tensorflow(folder: Path) -> int:
    """The MetaGraphs."""
    wrong = 0
    counts: collections.Counter[str] = collections.Counter()
    for name, meta in meta_graphs(folder):
        graph_def = frozen(meta.graph_def)
        weights = [n.name for n in graph_def.node if n.op == "Const" and _was_variable(n.name, meta)]
        with tempfile.TemporaryDirectory() as place:
            ours = thawed_meta(graph_def, Path(place), weights)
        told = contexts.differences(meta, ours)
        other = [line for line in told if not is_habit(line)]
        counts.update(graphs=1, owned=len(contexts.Contexts(ours).owner), habits=len(told) - len(other))
        wrong += len(other)
        for line in other:
            print(f"{name}: {line}"[:400], flush=True)
    print("TensorFlow's own contexts:", dict(counts), "differences:", wrong)
    return wrong


def _was_variable(name: str, meta: Any) -> bool:
    return any(node.name == name and node.op in VARIABLES for node in meta.graph_def.node)


def messages(meta: Any) -> list[Any]:
    """All root contexts of a MetaGraph, parsed, in their order."""
    kinds = control_flow_pb2.WhileContextDef, control_flow_pb2.CondContextDef
    return [
        kind.FromString(encoded)
        for key, kind in zip(KEYS, kinds, strict=True)
        if key in meta.collection_def
        for encoded in meta.collection_def[key].bytes_list.value
    ]


def against_prototype(folder: Path, prototype: Path) -> int:
    """Every frozen graph with loops or branches: the prototype tells of the thawed graph what is written of it."""
    sys.path.insert(0, str(prototype))
    made_by = importlib.import_module("synth_contexts")
    outputs = made_by.tf_noutputs()
    counts: collections.Counter[str] = collections.Counter()
    for case in cases.corpus(folder):
        try:
            ops = {node.op for node in graph_files.load(case.path).node}
        except DecodeError:
            continue
        if not CONTROL & ops:
            continue
        with tempfile.TemporaryDirectory() as place:
            thawed = thaw_tool.thaw(case.path, Path(place) / "model.ckpt")
            if thawed.exit:
                counts["nothing to thaw"] += 1
                continue
            meta = meta_graph(thawed.prefix)
        found = made_by.synthesize(v1.GraphDef.FromString(meta.graph_def.SerializeToString()), outputs)
        theirs, ours = _in_order([*found.while_defs, *found.cond_defs]), _in_order(messages(meta))
        counts["graphs"] += 1
        counts["contexts"] += len(ours)
        if theirs != ours:
            counts["wrong"] += 1
            print(f"{case.name}: another message than the prototype's", flush=True)
    print("The prototype's contexts:", dict(counts))
    return counts["wrong"]


def _inner(message: Any) -> Any:
    return message.while_ctxt if message.HasField("while_ctxt") else message.cond_ctxt


def _in_order(found: list[Any]) -> list[Any]:
    """Contexts beside each other may stand in any order, in each other too."""
    for message in found:
        nested = [_inner(inner) for inner in message.nested_contexts]
        ordered = _in_order(nested)
        order = [nested.index(inner) for inner in ordered]
        inners = [message.nested_contexts[k] for k in order]
        copies = [type(inner).FromString(inner.SerializeToString()) for inner in inners]
        del message.nested_contexts[:]
        message.nested_contexts.extend(copies)
    return sorted(found, key=lambda message: (message.DESCRIPTOR.name, message.pivot_name))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    parser.add_argument("--prototype", type=Path, default=cases.CORPUS.parent / "prototypes" / "controlflow")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"no corpus at {options.corpus}: contexts are not compared")
        return 0
    wrong = against_tensorflow(options.corpus)
    if (options.prototype / "synth_contexts.py").exists():
        wrong += against_prototype(options.corpus, options.prototype)
    else:
        print(f"no prototype at {options.prototype}: its contexts are not compared")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
