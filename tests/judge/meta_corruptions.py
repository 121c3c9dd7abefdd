"""Ways to damage what stands beside the nodes of a graph, and its variables. See corruptions.py."""

from __future__ import annotations

import random
from pathlib import Path

from tensorflow.core.framework import types_pb2, variable_pb2
from tensorflow.core.protobuf import control_flow_pb2

from corruptions import Sound, Where, corruption
from meta_file import VARIABLES, opened, saver_lists


@corruption
def variable_shape(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    fitting = [n for n in meta.nodes if n.op in VARIABLES and n.attr["shape"].shape.dim] if meta else []
    saved = " ".join(str(n.attr["value"].tensor.string_val) for n in saver_lists(meta)) if meta else ""
    fitting = [n for n in fitting if f"'{n.name}'" in saved]
    if meta is None or not fitting:
        return None
    node = rng.choice(fitting)
    node.attr["shape"].shape.dim[0].size += 1
    meta.write()
    return Where(meta.file, nodes=(node.name,))


@corruption
def variable_dtype(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    fitting = [n for n in meta.nodes if n.op in VARIABLES and n.attr["dtype"].type == types_pb2.DT_FLOAT] if meta else []
    saved = " ".join(str(n.attr["value"].tensor.string_val) for n in saver_lists(meta)) if meta else ""
    fitting = [n for n in fitting if f"'{n.name}'" in saved]
    if meta is None or not fitting:
        return None
    node = rng.choice(fitting)
    node.attr["dtype"].type = types_pb2.DT_DOUBLE
    meta.write()
    return Where(meta.file, nodes=(node.name,))


@corruption
def saver_name(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    lists = saver_lists(meta) if meta else []
    if meta is None or not lists:
        return None
    names = rng.choice(lists).attr["value"].tensor.string_val
    at = rng.randrange(len(names))
    names[at] += b"_other"
    meta.write()
    return Where(meta.file, keys=(names[at].decode(),))


@corruption
def saver_names_swapped(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    """Each would be restored from the other's entry."""
    meta = opened(folder, sound)
    lists = [n for n in saver_lists(meta) if len(set(n.attr["value"].tensor.string_val)) > 1] if meta else []
    if meta is None or not lists:
        return None
    names = rng.choice(lists).attr["value"].tensor.string_val
    a, b = rng.sample(range(len(names)), 2)
    if names[a] == names[b]:
        return None
    names[a], names[b] = names[b], names[a]
    meta.write()
    return Where(meta.file, keys=(names[a].decode(), names[b].decode()))


@corruption
def saver_def(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    if meta is None or not meta.meta.saver_def.restore_op_name:
        return None
    which = rng.choice(["filename_tensor_name", "save_tensor_name", "restore_op_name"])
    setattr(meta.meta.saver_def, which, "gone/" + getattr(meta.meta.saver_def, which))
    meta.write()
    return Where(meta.file, nodes=(getattr(meta.meta.saver_def, which),))


@corruption
def variable_def(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    """A declaration names another node."""
    meta = opened(folder, sound)
    collections = [c for c in ("variables", "trainable_variables") if meta and c in meta.meta.collection_def]
    if meta is None or not collections:
        return None
    values = meta.meta.collection_def[rng.choice(collections)].bytes_list.value
    at = rng.randrange(len(values))
    definition = variable_pb2.VariableDef.FromString(values[at])
    was = definition.variable_name.split(":")[0]
    which = rng.choice(["variable_name", "initializer_name", "snapshot_name", "initial_value_name"])
    if not getattr(definition, which):
        return None
    wrong = "gone/" + getattr(definition, which)
    others = [n.name for n in meta.nodes if n.op in VARIABLES and n.name != was]
    if which != "initial_value_name" and others and rng.random() < 0.5:
        wrong = rng.choice(others) + ":0"
    setattr(definition, which, wrong)
    values[at] = definition.SerializeToString()
    meta.write()
    return Where(meta.file, nodes=(was, was + ":0", wrong, wrong.split(":")[0]))


@corruption
def collection_node(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    lists = [c for c in meta.meta.collection_def.values() if c.node_list.value] if meta else []
    if meta is None or not lists:
        return None
    values = rng.choice(lists).node_list.value
    values[0] = "gone/" + values[0]
    meta.write()
    return Where(meta.file, nodes=(values[0],))


@corruption
def signature_tensor(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    meta = opened(folder, sound)
    infos = [t for s in meta.meta.signature_def.values() for t in s.outputs.values() if t.name] if meta else []
    if meta is None or not infos:
        return None
    info = rng.choice(infos)
    info.name = "gone/" + info.name
    meta.write()
    return Where(meta.file, nodes=(info.name,))


@corruption
def context_name(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    """A loop's or a branch's pivot."""
    meta = opened(folder, sound)
    if meta is None:
        return None
    for key in ("while_context", "cond_context"):
        values = meta.meta.collection_def[key].bytes_list.value if key in meta.meta.collection_def else []
        if not values:
            continue
        kind = control_flow_pb2.WhileContextDef if key == "while_context" else control_flow_pb2.CondContextDef
        context = kind.FromString(values[0])
        context.pivot_name = "gone/" + context.pivot_name
        values[0] = context.SerializeToString()
        meta.write()
        return Where(meta.file, nodes=(context.pivot_name,))
    return None
