"""Frozen graphs written down as they are, without a session: constants and their reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tensorflow.core.framework.tensor_pb2 import TensorProto

from strict_tf import tf, v1


def variables_only(values: Mapping[str, Any], path: Path) -> Path:
    """A frozen graph that is nothing but former variables: each a Const and its `/read`."""
    graph = v1.GraphDef()
    for name, array in values.items():
        tensor = array if isinstance(array, TensorProto) else tf.make_tensor_proto(array)
        constant = graph.node.add(name=name, op="Const")
        constant.attr["dtype"].type = tensor.dtype
        constant.attr["value"].tensor.CopyFrom(tensor)
        read = graph.node.add(name=f"{name}/read", op="Identity", input=[name])
        read.attr["T"].type = tensor.dtype
        read.attr["_class"].list.s.append(f"loc:@{name}".encode())
    path.write_bytes(graph.SerializeToString())
    return path


def saved_by_tensorflow(
    values: Mapping[str, Any], prefix: Path, slices: list[tuple[str, str]] | None = None
) -> None:
    """What SaveV2 writes for the same names and values, in sorted order."""
    order = sorted(values, key=lambda name: name.encode())
    tensors = [
        tf.constant(values[name]) if isinstance(values[name], np.ndarray) else values[name] for name in order
    ]
    keys = slices or [(name, "") for name in order]
    prefix.parent.mkdir(parents=True, exist_ok=True)
    tf.raw_ops.SaveV2(
        prefix=str(prefix),
        tensor_names=[key for key, _ in keys],
        shape_and_slices=[part for _, part in keys],
        tensors=tensors,
    )
