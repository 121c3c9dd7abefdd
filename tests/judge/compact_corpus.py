"""Models of a corpus that hold weights in few bits, or compute with them: what thawing makes of each.

    python tests/judge/compact_corpus.py [FOLDER]

A line for each model: how many weights were stored compactly, whether the outputs are equal bit for bit, and with
--float-ops how far they are from it, as a part of their range, and which variables a gradient reaches.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

import thaw_tool
from imported import import_set, restored
from strict_tf import first_line, session, tf, v1

COMPACT = ("Dequantize", "Quantize", "Requanti", "FakeQuant")


def is_compact(graph_def: Any) -> bool:
    types = {node.name: node.attr["dtype"].type for node in graph_def.node if node.op == "Const"}
    short = (tf.float16.as_datatype_enum, tf.bfloat16.as_datatype_enum)
    cast = any(node.op == "Cast" and types.get(node.input[0]) in short for node in graph_def.node)
    return cast or any(node.op.startswith(COMPACT) for node in graph_def.node)


def behaviour(graph: Any, opened: Any, report: dict[str, Any]) -> list[np.ndarray]:
    feeds = {}
    for row in report["inputs"]:
        shape = [1, 32, 32, 3] if row["shape"] is None else [8 if d is None else d for d in row["shape"]]
        values = np.random.default_rng(1).uniform(0, 1, shape)
        feeds[row["name"]] = values.astype(tf.as_dtype(row["dtype"]).as_numpy_dtype)
    floats = [row["name"] for row in report["outputs"] if row["dtype"].startswith("float")]
    return list(opened.run(floats or [row["name"] for row in report["outputs"]], feeds))


def look_at(model: Path, graph_def: Any, options: list[str], folder: Path) -> str:
    thawed = thaw_tool.thaw(model, folder / "-".join(["thawed", *options]) / "model.ckpt", "--verify", *options)
    if thawed.exit != 0:
        return thawed.error.splitlines()[0] if thawed.error else f"exit {thawed.exit}"
    stored = sum(v["stored"] is not None for v in thawed.variables)
    told = f"{len(thawed.variables)} variables, {stored} of them compact"
    try:
        with tf.Graph().as_default() as graph:
            v1.import_graph_def(graph_def, name="")
        with session(graph) as opened:
            expected = behaviour(graph, opened, thawed.report)
        again, saver = import_set(thawed.prefix)
        with restored(again, saver, thawed.prefix) as opened:
            found = behaviour(again, opened, thawed.report)
        told += "; " + distance(expected, found)
        with again.as_default():
            outputs = [again.get_tensor_by_name(row["name"]) for row in thawed.report["outputs"]]
            trained = v1.trainable_variables()
            slopes = v1.gradients([y for y in outputs if y.dtype.is_floating], trained) if trained else []
        told += f"; gradients reach {sum(g is not None for g in slopes)} of {len(trained)}"
    except Exception as error:
        told += "; " + first_line(error)
    return told


def distance(expected: list[np.ndarray], found: list[np.ndarray]) -> str:
    if all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(expected, found, strict=True)):
        return "outputs equal"
    parts = [
        np.abs(a.astype(float) - b.astype(float)).max() / max(np.ptp(a.astype(float)), 1e-30)
        for a, b in zip(expected, found, strict=True)
    ]
    return f"outputs differ by {max(parts):.2%} of their range"


def main(folder: Path) -> None:
    for model in sorted(folder.rglob("*.pb")):
        try:
            graph_def = v1.GraphDef.FromString(model.read_bytes())
        except Exception:
            continue
        if not is_compact(graph_def):
            continue
        with tempfile.TemporaryDirectory() as scratch:
            print(model.relative_to(folder))
            for options in ([], ["--float-ops"]):
                print(f"  {' '.join(options) or 'plain':12} {look_at(model, graph_def, options, Path(scratch))}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else thaw_tool.REPOSITORY.parent / "shared" / "corpus")
