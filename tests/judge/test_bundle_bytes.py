"""The checkpoint that thaw writes is byte for byte the one that TensorFlow writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorflow.core.framework.tensor_pb2 import TensorProto

import handmade
import thaw_tool
from strict_tf import tf

INTEGERS = ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64")
REALS = ("float16", "bfloat16", "float32", "float64")
COMPLEX = ("complex64", "complex128")
SHAPES: tuple[tuple[int, ...], ...] = ((), (1,), (3,), (2, 3), (0,), (0, 3), (4, 1, 2), (1, 1, 1, 1, 1, 5))


def numbers(dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    count = int(np.prod(shape))
    base = np.arange(1, count + 1) * 3 % 100 + 1
    if dtype == "bool":
        return (base % 2 == 0).reshape(shape)
    kind = tf.as_dtype(dtype).as_numpy_dtype
    return (base * (1 - 2j if dtype in COMPLEX else 1)).astype(kind).reshape(shape)


def dtype_table() -> dict[str, np.ndarray]:
    kinds = (*INTEGERS, *REALS, *COMPLEX, "bool")
    return {
        f"{dtype}/rank{len(shape)}_{k}": numbers(dtype, shape)
        for dtype in kinds
        for k, shape in enumerate(SHAPES)
    }


def string_table() -> dict[str, np.ndarray]:
    return {
        "one": np.array(b"word", object),
        "empty_word": np.array(b"", object),
        "some": np.array([b"a", b"", b"longer " * 40, bytes(range(256))], object),
        "grid": np.array([[b"x", b"yy"], [b"zzz", b""]], object),
        "none": np.array([], object),
        "long": np.array([b"l" * 70000, b"s"], object),
        "between/float": np.arange(5, dtype=np.float32),
    }


def name_table() -> dict[str, np.ndarray]:
    names = [
        "a",
        "b",
        "A",
        "a.b",
        "a/b",
        "a/b/c",
        "a_1",
        "a0",
        "z" * 300,
        "x/" + "y" * 200,
        "x/" + "y" * 200 + "/z",
        "0",
    ]
    names += [f"layer_{k}/kernel" for k in (0, 1, 2, 9, 10, 11, 99, 100)]
    return {name: np.full((2,), k, np.float32) for k, name in enumerate(names)}


def many(count: int) -> dict[str, np.ndarray]:
    return {
        f"block_{k // 40}/unit_{k % 40}/weight": np.array([k, -k], np.int32 if k % 3 else np.float32)
        for k in range(count)
    }


TABLES = {
    "one": lambda: {"w": np.arange(6, dtype=np.float32).reshape(2, 3)},
    "dtypes and shapes": dtype_table,
    "strings": string_table,
    "names": name_table,
    "large": lambda: {
        "big": numbers("float32", (700, 1000)),
        "small": numbers("float32", (3,)),
        "zz": numbers("float64", (129, 513)),
    },
    "nine thousand": lambda: many(9000),
    "a hundred thousand": lambda: many(100_000),
}


def assert_same_files(ours: Path, theirs: Path) -> None:
    for member in (".index", ".data-00000-of-00001"):
        a, b = Path(f"{ours}{member}").read_bytes(), Path(f"{theirs}{member}").read_bytes()
        if a != b:
            where = next(
                (k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
            )
            pytest.fail(f"{member}: {len(a)} bytes here, {len(b)} there, first difference at {where}")


LONG = "a hundred thousand"


@pytest.mark.parametrize("table", [pytest.param(t, marks=pytest.mark.long) if t == LONG else t for t in TABLES])
def test_same_bytes_as_savev2(table: str, tmp_path: Path) -> None:
    values = TABLES[table]()
    model = handmade.variables_only(values, tmp_path / "frozen.pb")
    thawed = thaw_tool.thaw(model, tmp_path / "ours" / "model.ckpt")
    assert thawed.exit == 0, thawed.error
    assert thawed.found == values.keys()
    handmade.saved_by_tensorflow(values, tmp_path / "theirs" / "model.ckpt")
    assert_same_files(thawed.prefix, tmp_path / "theirs" / "model.ckpt")


@pytest.mark.parametrize("style", ["resource", "ref"])
def test_style_makes_no_difference(style: str, tmp_path: Path) -> None:
    values = name_table()
    model = handmade.variables_only(values, tmp_path / "frozen.pb")
    thawed = thaw_tool.thaw(model, tmp_path / "ours" / "model.ckpt", "--variables", style)
    handmade.saved_by_tensorflow(values, tmp_path / "theirs" / "model.ckpt")
    assert_same_files(thawed.prefix, tmp_path / "theirs" / "model.ckpt")


def encodings() -> dict[str, Any]:
    """The ways in which a TensorProto can say the same."""
    numbers_ = np.array([1.5, -2.0, 3.25, 3.25, 3.25], np.float32)
    listed = TensorProto(dtype=1, float_val=numbers_.tolist())
    listed.tensor_shape.dim.add(size=5)
    short = TensorProto(dtype=1, float_val=[1.5, -2.0, 3.25])  # the last one is repeated
    short.tensor_shape.dim.add(size=5)
    splat = TensorProto(dtype=3, int_val=[7])
    splat.tensor_shape.dim.add(size=4)
    nothing = TensorProto(dtype=1)  # no value at all: zeros
    nothing.tensor_shape.dim.add(size=3)
    half = TensorProto(dtype=19, half_val=[0x3C00, 0xC000])
    half.tensor_shape.dim.add(size=2)
    return {"listed": listed, "short": short, "splat": splat, "nothing": nothing, "half": half}


def test_every_encoding_of_a_tensor(tmp_path: Path) -> None:
    protos = encodings()
    model = handmade.variables_only(protos, tmp_path / "frozen.pb")
    thawed = thaw_tool.thaw(model, tmp_path / "ours" / "model.ckpt", "--thaw", ".*(?:d|t|g|f)")
    assert thawed.exit == 0, thawed.error
    values = {name: np.asarray(tf.make_ndarray(proto)) for name, proto in protos.items()}
    handmade.saved_by_tensorflow(values, tmp_path / "theirs" / "model.ckpt")
    assert_same_files(thawed.prefix, tmp_path / "theirs" / "model.ckpt")


def test_partitioned_weights_are_sliced_entries(models: Path, tmp_path: Path) -> None:
    folder = models / "partitioned"
    truth = json.loads((folder / "truth.json").read_text())
    thawed = thaw_tool.thaw(folder / "frozen.pb", tmp_path / "ours" / "model.ckpt")
    reader = tf.train.load_checkpoint(str(folder / "truth.ckpt"))
    values, slices = {}, []
    for weight in sorted(truth["weights"], key=lambda w: w["constant"]):
        whole = reader.get_tensor(weight["key"])
        part = tuple(slice(start, start + length) for start, length in weight["slice"])
        values[weight["constant"]] = whole[part]
        extents = ":".join(f"{start},{length}" for start, length in weight["slice"])
        spec = f"{' '.join(map(str, whole.shape))} {extents}" if extents else ""
        slices.append((weight["key"], spec))
    handmade.saved_by_tensorflow(values, tmp_path / "theirs" / "model.ckpt", slices)
    assert_same_files(thawed.prefix, tmp_path / "theirs" / "model.ckpt")
