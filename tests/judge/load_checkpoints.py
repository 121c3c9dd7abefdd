#!/usr/bin/env python3
"""tfthaw.load_checkpoint against tf.train.load_checkpoint, bit for bit, on every checkpoint that TensorFlow opens.

    tests/judge/load_checkpoints.py --corpus ../shared/corpus
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
import tfthaw  # noqa: E402
from strict_tf import tf  # noqa: E402
from verify_corpus import checkpoints  # noqa: E402

Reader = Any


def open_both(prefix: Path) -> tuple[Reader | None, Reader | None]:
    """TensorFlow's reader, and ours when there is that one."""
    shards = sorted(prefix.parent.glob(f"{prefix.name}-?????-of-?????"))
    first = shards and not prefix.exists() and not prefix.with_name(prefix.name + ".index").exists()
    try:
        theirs = tf.train.load_checkpoint(f"{prefix}-?????{shards[0].name[-9:]}" if first else str(prefix))
    except (tf.errors.OpError, ValueError, RuntimeError):
        return None, None
    return theirs, tfthaw.load_checkpoint(prefix)


def is_same(ours: Any, theirs: Any) -> bool:
    a, b = np.asarray(ours), np.asarray(theirs)
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    return a.tolist() == b.tolist() if a.dtype == object else a.tobytes() == b.tobytes()


def read(reader: Reader, name: str) -> Any:
    """The tensor, or that it cannot be read."""
    try:
        return reader.get_tensor(name)
    except (tf.errors.OpError, tfthaw.Error, UnicodeDecodeError, RuntimeError, ValueError):
        return None


def differences(ours: Reader, theirs: Reader) -> list[str]:
    """What is not the same; tensors that TensorFlow cannot read are left out."""
    found = []
    shapes = theirs.get_variable_to_shape_map()
    if ours.get_variable_to_shape_map() != shapes:
        found.append("names or shapes")
    types = {name: dtype.as_numpy_dtype for name, dtype in theirs.get_variable_to_dtype_map().items()}
    if any(np.dtype(types[name]) != dtype for name, dtype in ours.get_variable_to_dtype_map().items()):
        found.append("types")
    # Of what is partitioned TensorFlow lists the parts, or their number: ours has a line for the whole.
    lines = {line for line in theirs.debug_string().split(b"\n") if not line.startswith(b"\0") and b", " not in line}
    if not lines <= set(ours.debug_string().split(b"\n")) or len(ours.debug_string().splitlines()) != len(shapes):
        found.append("debug_string")
    for name in shapes:
        known = read(theirs, name)
        if known is not None and not is_same(read(ours, name), known):
            found.append(f"tensor {name}")
        if not ours.has_tensor(name):
            found.append(f"has_tensor {name}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    corpus = parser.parse_args().corpus
    if not corpus.is_dir():
        print(f"load_checkpoints: {corpus} is not there")
        return 0
    opened = tensors = wrong = 0
    found = checkpoints(corpus)
    for prefix in found:
        theirs, ours = open_both(prefix)
        if theirs is None:
            continue
        opened, tensors = opened + 1, tensors + len(ours)
        for what in differences(ours, theirs):
            wrong += 1
            print(f"{prefix}: {what}")
    print(f"load_checkpoints: {opened} of {len(found)} checkpoints opened by TensorFlow, {tensors} tensors, {wrong} differences")
    return int(wrong > 0 or opened == 0)


if __name__ == "__main__":
    sys.exit(main())
