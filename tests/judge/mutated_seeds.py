"""What is sound before it is mutated: checkpoints of both formats and frozen graphs, in every encoding."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import table_files
import tensor_forms
from strict_tf import tf, v1
from thaw_tool import REPOSITORY

DATA = REPOSITORY / "tests" / "data"
V1_TYPES = "float32 float64 int8 int16 int32 int64 uint8 bool complex64".split()
QUANTISED = {"qint8": "int8", "quint8": "uint8", "qint16": "int16", "quint16": "uint16", "qint32": "int32"}


def make(folder: Path) -> None:
    """Folders of checkpoints, all called m, below `checkpoints`; graphs in `graphs`."""
    draw = np.random.default_rng(11)
    for name, write in {"plain": plain, "sliced": sliced, "shards": shards, "v1": v1_whole, "v1_sliced": v1_sliced}.items():
        place = folder / "checkpoints" / name
        place.mkdir(parents=True)
        write(draw, str(place / "m"))
    v1_shards(folder / "checkpoints")
    for name in ("dtypes", "partitioned", "two_shards"):
        copied(DATA / "bundles", name, folder / "checkpoints" / name)
    rewritten(folder / "checkpoints", "plain", "plain_blocks", 3, table_files.RAW)
    rewritten(folder / "checkpoints", "plain", "plain_snappy", 9, table_files.SNAPPY)
    rewritten(folder / "checkpoints", "sliced", "sliced_blocks", 2, table_files.RAW)
    graphs(folder / "graphs")


def copied(source: Path, name: str, place: Path) -> None:
    place.mkdir(parents=True)
    for file in source.glob(f"{name}.*"):
        shutil.copy(file, place / f"m{file.name[len(name):]}")


def rewritten(folder: Path, source: str, name: str, rows: int, kind: int) -> None:
    """With an index of small blocks, as no writer makes it and every reader takes it."""
    shutil.copytree(folder / source, folder / name)
    index = folder / name / "m.index"
    table = table_files.table_of(table_files.rows_of(index.read_bytes()), rows, 2, kind)
    index.write_bytes(table.written())


def saved(prefix: str, names: Sequence[str], values: Sequence[Any], slices: Sequence[str] | None = None) -> None:
    tf.raw_ops.SaveV2(
        prefix=prefix, tensor_names=list(names), shape_and_slices=list(slices or [""] * len(names)), tensors=list(values)
    )


def plain(draw: np.random.Generator, prefix: str) -> None:
    """Long keys that share much, strings, and shapes without elements or dimensions."""
    named: dict[str, Any] = {f"model/layer_{i}/kernel": draw.normal(size=(2, 3)).astype(np.float32) for i in range(9)}
    named |= {f"model/layer_{i}/bias": draw.normal(size=3) for i in range(9)}
    named |= {"global_step": np.int64(900), "none": np.zeros((0, 3), np.int32), "flag": np.array([True, False])}
    named |= {"words": np.array([b"a", b"", b"longer\0word" * 13], object), "word": np.array(b"x" * 200, object)}
    names = sorted(named)
    saved(prefix, names, [tf.constant(named[name]) for name in names])


def sliced(draw: np.random.Generator, prefix: str) -> None:
    """Parts of a table by rows, of another by both dimensions, and one whole tensor between them."""
    whole = tf.constant(draw.normal(size=(6, 4)).astype(np.float32))
    other = tf.constant(draw.integers(0, 99, (4, 4)))
    parts = [("rows", f"6 4 {start},{size}:-", whole[start : start + size]) for start, size in ((0, 2), (2, 1), (3, 3))]
    parts += [("tiles", f"4 4 {r},2:{c},2", other[r : r + 2, c : c + 2]) for r in (0, 2) for c in (0, 2)]
    parts += [("rows_and_more", "", tf.constant([1.5, 2.5])), ("vector", "5 1,3", tf.constant([1, 2, 3]))]
    names, slices, values = zip(*parts, strict=True)
    saved(prefix, names, values, slices)


def shards(draw: np.random.Generator, prefix: str) -> None:
    """Three data files, and a partitioned tensor over two of them."""
    temporary = [f"{prefix}_temp/part-{i:05d}-of-00003" for i in range(3)]
    for i, one in enumerate(temporary):
        extra = [("parts", "4 2 " + ("0,2:-" if i == 0 else "2,2:-"), tf.constant(draw.normal(size=(2, 2))))] if i < 2 else []
        extra += [(f"w{i}_{j}", "", tf.constant(draw.normal(size=(3, j)).astype(np.float32))) for j in range(3)]
        names, slices, values = zip(*extra, (f"text{i}", "", tf.constant(["p", "q" * i])), strict=True)
        saved(one, names, values, slices)
    tf.raw_ops.MergeV2Checkpoints(checkpoint_prefixes=temporary, destination_prefix=prefix)


def v1_whole(draw: np.random.Generator, prefix: str) -> None:
    names = [f"{dtype}/{len(shape)}" for dtype in V1_TYPES for shape in ((), (2, 3))]
    shapes = [shape for _ in V1_TYPES for shape in ((), (2, 3))]
    types = [dtype for dtype in V1_TYPES for _ in range(2)]
    data = [tf.cast(tf.constant(draw.integers(0, 100, shape)), dtype) for shape, dtype in zip(shapes, types, strict=True)]
    tf.raw_ops.Save(filename=prefix, tensor_names=[*names, "words"], data=[*data, tf.constant(["a", "bc", ""])])


def v1_sliced(draw: np.random.Generator, prefix: str) -> None:
    whole = tf.constant(draw.normal(size=(6, 4)).astype(np.float32))
    slices = ["6 4 0,2:-", "6 4 2,4:-", ""]
    tf.raw_ops.SaveSlices(
        filename=prefix, tensor_names=["rows", "rows", "b"], shapes_and_slices=slices, data=[whole[:2], whole[2:], tf.constant([7, 8])]
    )


def v1_shards(folder: Path) -> None:
    (folder / "v1_shards").mkdir()
    for i in range(2):
        tf.raw_ops.SaveSlices(
            filename=str(folder / "v1_shards" / f"m-{i:05d}-of-00002"),
            tensor_names=["rows", f"only_{i}"],
            shapes_and_slices=[f"4 2 {2 * i},2:-", ""],
            data=[tf.fill([2, 2], float(i)), tf.constant([i, 5])],
        )


def graphs(folder: Path) -> None:
    folder.mkdir(parents=True)
    for path in (DATA / "small_models").glob("*.pb"):
        shutil.copy(path, folder)
    (folder / "types.pb").write_bytes(types().SerializeToString(deterministic=True))
    (folder / "forms.pb").write_bytes(forms())


def read(name: str, value: Any) -> Any:
    """A constant as the freezer of TensorFlow 1 leaves a variable."""
    return tf.identity(tf.constant(value, name=name), name=f"{name}/read")


def types() -> Any:
    """A constant of every type that a tensor's message can hold."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [2, 3], name="x")
        tf.add(x, read("float32/kernel", np.arange(6, dtype=np.float32).reshape(2, 3)), name="out")
        for dtype in (*V1_TYPES, "float16", "bfloat16", "uint16", "uint32", "uint64", "complex128", *tensor_forms.NARROW):
            read(f"{dtype}/w", np.arange(6).reshape(2, 3).astype(tf.as_dtype(dtype).as_numpy_dtype))
        read("string/w", [["a", "", "c\0"], ["long" * 40, "b", "b"]])
        for dtype, plain_type in QUANTISED.items():
            constant = v1.constant(np.arange(6), plain_type, name=f"{dtype}/w").op.node_def
            constant.attr["dtype"].type = constant.attr["value"].tensor.dtype = tf.as_dtype(dtype).as_datatype_enum
            made = tf.graph_util.import_graph_def(v1.GraphDef(node=[constant]), return_elements=[f"{dtype}/w:0"], name="q")
            tf.identity(made[0], name=f"q/{dtype}/w/read")
    return graph.as_graph_def()


def forms() -> bytes:
    """The same, each in another encoding of those that mean the same."""
    data = types().SerializeToString(deterministic=True)
    for i, place in enumerate(tensor_forms.constants(data)):
        data = tensor_forms.with_tensor(data, place, lambda tensor, i=i: tensor_forms.same(tensor, i))
    return data
