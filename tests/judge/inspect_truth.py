"""What TensorFlow's own parsers say of a file, in the words of thaw.inspect/1."""

from __future__ import annotations

import collections
import math
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf import text_format
from google.protobuf.message import DecodeError, Message

from strict_tf import tf, v1

VARIABLES = ("VarHandleOp", "VariableV2", "Variable")
UNKNOWN_SCALARS = 24  # older producers mean an unknown shape by `shape {}`


def parse(path: Path) -> list[Any]:
    """The MetaGraphDefs of a file, a plain graph in one of its own; empty when TensorFlow reads no graph in it."""
    data = path.read_bytes()
    for kind in (v1.MetaGraphDef, v1.GraphDef) if path.suffix == ".meta" else (v1.GraphDef, v1.MetaGraphDef):
        found = _message(kind, data, path)
        if found is not None and kind is v1.GraphDef and len(found.node):
            return [v1.MetaGraphDef(graph_def=found)]
        if found is not None and kind is v1.MetaGraphDef and len(found.graph_def.node):
            return [found]
    return []


def parse_saved_model(path: Path) -> list[Any]:
    from tensorflow.core.protobuf import saved_model_pb2

    found = _message(saved_model_pb2.SavedModel, path.read_bytes(), path)
    return [] if found is None else list(found.meta_graphs)


def _message(kind: Any, data: bytes, path: Path) -> Message | None:
    try:
        if path.suffix != ".pbtxt":
            return kind.FromString(data)
    except DecodeError:
        pass
    try:
        return text_format.Parse(data.decode("utf-8", "surrogateescape"), kind())
    except (text_format.ParseError, UnicodeError, ValueError):
        return None


def dims(shape: Any) -> list[int | None] | None:
    return None if shape.unknown_rank else [None if d.size < 0 else d.size for d in shape.dim]


def dtype(number: int) -> str:
    return str(tf.dtypes.as_dtype(number % 100).name) if number else "invalid"


def ops(nodes: Any) -> dict[str, int]:
    return dict(collections.Counter(node.op for node in nodes))


def tensor(node: Any) -> tuple[str, list[int | None] | None]:
    """Type and shape of a constant's value."""
    value = node.attr["value"].tensor
    return dtype(value.dtype), dims(value.tensor_shape)


def size(kind: str) -> int:
    """Bytes of an element in a checkpoint; 0 for strings and handles."""
    if kind in ("string", "resource", "variant", "invalid"):
        return 0
    return int(np.dtype(tf.dtypes.as_dtype(kind).as_numpy_dtype).itemsize)


def graph_facts(meta: Any) -> dict[str, Any]:
    graph, info = meta.graph_def, meta.meta_info_def
    functions = graph.library.function
    heads = [tensor(node) for node in graph.node if node.op == "Const"]
    counts = [math.prod(d or 0 for d in shape) if shape is not None else 0 for _, shape in heads]
    return {
        "nodes": len(graph.node),
        "ops": ops(graph.node),
        "functions": len(functions),
        "function_nodes": sum(len(f.node_def) for f in functions),
        "function_ops": ops(node for f in functions for node in f.node_def),
        "producer": graph.versions.producer or None,
        "tags": list(info.tags),
        "tensorflow_version": info.tensorflow_version,
        "constants": {
            "nodes": len(heads),
            "numbers": sum(counts),
            "bytes": sum(n * size(kind) for n, (kind, _) in zip(counts, heads, strict=True)),
        },
    }


def signatures(meta: Any) -> list[dict[str, Any]]:
    found = []
    for name in sorted(meta.signature_def):
        if name == "__saved_model_init_op":
            continue
        definition = meta.signature_def[name]
        sides = {"inputs": definition.inputs, "outputs": definition.outputs}
        told = {side: [_endpoint(k, tensors[k]) for k in sorted(tensors)] for side, tensors in sides.items()}
        found.append({"name": name, "method": definition.method_name, **told})
    return found


def _endpoint(key: str, info: Any) -> dict[str, Any]:
    return {"key": key, "name": info.name, "dtype": dtype(info.dtype), "shape": dims(info.tensor_shape)}


def placeholders(graph: Any) -> dict[str, tuple[str, list[int | None] | None]]:
    """Types and shapes of the inputs of a graph without signatures."""
    found = {}
    for node in graph.node:
        if node.op not in ("Placeholder", "PlaceholderV2"):
            continue
        shape = dims(node.attr["shape"].shape) if "shape" in node.attr else None
        if shape == [] and graph.versions.producer < UNKNOWN_SCALARS:
            shape = None
        found[node.name + ":0"] = dtype(node.attr["dtype"].type), shape
    return found


def stored(prefix: Path) -> dict[str, tuple[str, list[int]]] | None:
    """Types and shapes of a checkpoint's tensors; None when TensorFlow does not open it."""
    try:
        reader = tf.train.load_checkpoint(str(prefix))
    except (tf.errors.OpError, ValueError, RuntimeError):
        return None
    types = reader.get_variable_to_dtype_map()
    return {key: (types[key].name, list(shape)) for key, shape in reader.get_variable_to_shape_map().items()}


def same_statistics(told: dict[str, Any], array: Any) -> bool:
    """Against numpy, in double precision."""
    numbers = np.asarray(array).astype(np.float64).ravel()
    finite = numbers[np.isfinite(numbers)]
    expected = {
        "numbers": numbers.size,
        "zeros": int((finite == 0).sum()),
        "nans": int(np.isnan(numbers).sum()),
        "infinities": int(np.isinf(numbers).sum()),
    }
    if any(told[name] != value for name, value in expected.items()):
        return False
    figures = ("min", "max", "mean", "deviation")
    if not finite.size:
        return all(told[name] is None for name in figures)
    values = (finite.min(), finite.max(), finite.mean(), finite.std())
    scale = max(abs(finite.min()), abs(finite.max()), 1e-300)
    return all(abs(told[n] - v) <= 1e-9 * scale for n, v in zip(figures, values, strict=True))
