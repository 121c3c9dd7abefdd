"""Writes tests/data/bundles with real TensorFlow: what the checkpoint tests compare bytes with.

    python tests/data/make_bundles.py
"""

import os
import pathlib
import tempfile

import ml_dtypes
import numpy as np
import tensorflow as tf

FOLDER = pathlib.Path(__file__).parent / "bundles"

PLAIN = [
    np.float32, np.float64, np.int32, np.uint8, np.int16, np.int8, np.complex64, np.int64, np.bool_, np.uint16,
    np.complex128, np.float16, np.uint32, np.uint64, ml_dtypes.bfloat16, ml_dtypes.float8_e5m2,
    ml_dtypes.float8_e4m3fn, ml_dtypes.int4, ml_dtypes.uint4,
]
QUANTIZED = {tf.qint8: np.int8, tf.quint8: np.uint8, tf.qint16: np.int16, tf.quint16: np.uint16, tf.qint32: np.int32}
SHAPES = [[], [3], [0, 3], [2, 3, 4]]


def save(prefix, tensors, slices=None):
    """`tensors` are (name, tensor) in the order of SaveV2's arguments."""
    names = [name for name, _ in tensors]
    tf.raw_ops.SaveV2(
        prefix=str(prefix), tensor_names=names, shape_and_slices=slices or [""] * len(names),
        tensors=[tensor for _, tensor in tensors])


def dtypes():
    for shape in SHAPES:
        label = "x".join(map(str, shape)) or "scalar"
        numbers = (np.arange(int(np.prod(shape))) % 7).reshape(shape)
        for dtype in PLAIN:
            yield f"{np.dtype(dtype).name}/{label}", tf.constant(numbers.astype(dtype))
        for dtype, base in QUANTIZED.items():
            yield f"{dtype.name}/{label}", tf.bitcast(tf.constant(numbers.astype(base)), dtype)
    yield "string/scalar", tf.constant("x")
    yield "string/2", tf.constant(["ab", ""])
    yield "string/0", tf.constant([], tf.string)
    yield "string/2x2", tf.constant([["q" * 200, "\u00e9"], [b"\x00\xff", "long" * 500]])
    yield "\u00fcber/\u540d", tf.constant(1.0)


def two_shards():
    """A partitioned tensor across two data files, made as a sharded save makes it."""
    whole = tf.reshape(tf.range(24, dtype=tf.float32), [6, 4])
    columns = tf.reshape(tf.range(30, dtype=tf.int64), [5, 6])
    with tempfile.TemporaryDirectory() as folder:
        parts = [os.path.join(folder, name) for name in ("a", "b")]
        save(parts[0], [("rows", whole[:2]), ("bias", tf.constant([1.0, 2.0])), ("columns", columns[:, :4])],
             ["6 4 0,2:0,4", "", "5 6 0,5:0,4"])
        save(parts[1], [("columns", columns[:, 4:]), ("rows", whole[2:5]), ("rows", whole[5:]), ("words", tf.constant(["a", "bc"]))],
             ["5 6 0,5:4,2", "6 4 2,3:0,4", "6 4 5,1:0,4", ""])
        tf.raw_ops.MergeV2Checkpoints(
            checkpoint_prefixes=parts, destination_prefix=str(FOLDER / "two_shards"), delete_old_dirs=False)


def partitioned():
    whole = tf.reshape(tf.range(48, dtype=tf.float32), [4, 6, 2])
    tensors, slices = [], []
    for row in (0, 2):
        for column in (0, 3):
            for plane in (0, 1):
                tensors.append(("grid", whole[row:row + 2, column:column + 3, plane:plane + 1]))
                slices.append(f"4 6 2 {row},2:{column},3:{plane},1")
    tensors.append(("long", tf.zeros([9000], tf.uint8)))
    slices.append("18000 0,9000")
    tensors.append(("long", tf.zeros([9000], tf.uint8)))
    slices.append("18000 9000,9000")
    tensors.append(("one", tf.constant([1.0, 2.0, 3.0])))
    slices.append("3 0,3")
    save(FOLDER / "partitioned", tensors, slices)


def main():
    FOLDER.mkdir(exist_ok=True)
    save(FOLDER / "dtypes", sorted(dtypes(), key=lambda item: item[0].encode()))
    two_shards()
    partitioned()


if __name__ == "__main__":
    main()
