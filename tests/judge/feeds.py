"""Something to feed a graph about which nothing is known: guesses, the likeliest first."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from strict_tf import tf

SIZES = (2, 1, 3, 4, 8, 5, 6, 16, 28)
RANKS = (2, 4, 1, 0, 3, 5)
PASSED_THROUGH = {
    "Identity",
    "Cast",
    "Relu",
    "Mul",
    "Sub",
    "Add",
    "AddV2",
    "Div",
    "RealDiv",
    "PlaceholderWithDefault",
}


def guesses(graph: Any) -> Iterator[dict[str, np.ndarray]]:
    """Feeds by tensor name."""
    holders = [op for op in graph.get_operations() if op.type in ("Placeholder", "PlaceholderV2")]
    holders = [op for op in holders if op.outputs[0].dtype.base_dtype not in (tf.variant, tf.resource)]
    if not holders:
        yield {}
        return
    wav = any(op.type == "DecodeWav" for op in graph.get_operations())
    open_shapes = any(not op.outputs[0].shape.is_fully_defined() for op in holders)
    integers = any(op.outputs[0].dtype.base_dtype.is_integer for op in holders)
    for size in SIZES if open_shapes else SIZES[:1]:
        for rank in RANKS if any(op.outputs[0].shape.rank is None for op in holders) else RANKS[:1]:
            for series in range(4) if integers else range(1):
                yield {op.name + ":0": _fed(op, size, rank, series, wav) for op in holders}


def _fed(op: Any, size: int, rank: int, series: int, wav: bool) -> np.ndarray:
    dtype = op.outputs[0].dtype.base_dtype
    if dtype == tf.string:
        return _strings(_shape(op, size, 0), wav)
    shape = _shape(op, size, rank)
    if dtype == tf.bool:
        return np.zeros(shape, bool)
    count = int(np.prod(shape))
    if dtype.is_integer:
        numbers = (np.ones(count), np.arange(count) % 2, np.zeros(count), np.arange(count) % 3)[series]
        return numbers.reshape(shape).astype(dtype.as_numpy_dtype)
    random = np.random.default_rng(zlib.crc32(op.name.encode()))
    return np.asarray(random.uniform(0.05, 0.95, shape)).astype(dtype.as_numpy_dtype)


def _shape(op: Any, size: int, rank: int) -> list[int]:
    """The declared shape; what is open comes from the first operation that says something, else from the guess."""
    hinted = _hint(op.outputs[0], 0)
    known = op.outputs[0].shape
    if known.rank is None:
        if hinted is not None:
            return [size if n is None else n for n in hinted]
        return [size] * rank
    dims = known.as_list()
    if hinted is not None and len(hinted) == len(dims):
        dims = [wanted if n is None else n for n, wanted in zip(dims, hinted, strict=True)]
    return [size if n is None else n for n in dims]


def _hint(tensor: Any, depth: int) -> list[int | None] | None:
    for consumer in tensor.consumers():
        found = _hint_of(consumer, tensor, depth)
        if found is not None:
            return found
    return None


def _hint_of(consumer: Any, tensor: Any, depth: int) -> list[int | None] | None:
    if consumer.type == "Switch" and consumer.inputs[1] is tensor:
        return []
    if consumer.type == "MatMul" and consumer.inputs[0] is tensor:
        rows = consumer.inputs[1].shape
        column = 1 if consumer.get_attr("transpose_b") else 0
        return [None, rows.as_list()[column] if rows.rank == 2 else None]
    if consumer.type in ("Conv2D", "DepthwiseConv2dNative") and consumer.inputs[0] is tensor:
        kernel = consumer.inputs[1].shape
        channels = kernel.as_list()[2] if kernel.rank == 4 else None
        last = consumer.get_attr("data_format") == b"NHWC"
        return [1, 24, 24, channels] if last else [1, channels, 24, 24]
    if consumer.type in PASSED_THROUGH and depth < 4:
        return _hint(consumer.outputs[0], depth + 1)
    return None


def _strings(shape: list[int], wav: bool) -> np.ndarray:
    array = np.empty(shape, object)
    array.fill(_wav() if wav else b"1")
    return array


def _wav() -> bytes:
    """One second of a quiet tone, 16 kHz mono."""
    samples = (3000 * np.sin(np.arange(16000) * 0.1)).astype("<i2").tobytes()
    out = io.BytesIO()
    out.write(b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt ")
    out.write(struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16) + b"data")
    out.write(struct.pack("<I", len(samples)) + samples)
    return out.getvalue()
