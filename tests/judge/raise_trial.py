"""A SavedModel whose loops and branches were raised, called and differentiated by TensorFlow 2."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import thaw_tool
from strict_tf import tf

# What TensorFlow 2 has no gradient through when it has loaded a graph.
OLD = {"Switch", "Merge", "Enter", "NextIteration", "Exit", "LoopCond"}


@dataclass
class Loaded:
    """What a loaded SavedModel gives, by the names of the thawed graph's nodes."""

    report: dict[str, Any]
    outputs: dict[str, np.ndarray]
    values: dict[str, np.ndarray]
    gradients: dict[str, np.ndarray | None]
    losses: list[float]


def old_ops(folder: Path) -> set[str]:
    """The operations of loops, branches and arrays that a SavedModel still runs in TensorFlow 2."""
    model = tf.saved_model.load(str(folder))
    graph = model.signatures["serving_default"].graph.as_graph_def()
    ops = {node.op for node in graph.node}
    for function in graph.library.function:
        ops |= {node.op for node in function.node_def}
    return {op for op in ops if op in OLD or op.startswith("TensorArray")}


def load(
    graph_def: Any, folder: Path, feeds: dict[str, np.ndarray], loss: Callable[[dict[str, Any]], Any], *options: str
) -> Loaded:
    """Thaws a frozen graph into a SavedModel, loads it, and takes three steps down."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "frozen.pb").write_bytes(graph_def.SerializeToString())
    saved = folder / "saved"
    thawed = thaw_tool.thaw(folder / "frozen.pb", folder / "c" / "model.ckpt", "--saved-model", str(saved), *options)
    assert thawed.exit == 0, thawed.error
    made = thawed.report["saved_model"]
    assert not made["not_raised"], made["not_raised"]
    assert not old_ops(saved)
    model = tf.saved_model.load(str(saved))
    signature = next(s for s in made["signatures"] if s["name"] == "serving_default")
    fed = {given["name"]: tf.constant(feeds[given["tensor"].split(":")[0]]) for given in signature["inputs"]}
    places = {given["name"]: given["tensor"].split(":")[0] for given in signature["outputs"]}

    def call() -> dict[str, Any]:
        found = model.signatures["serving_default"](**fed)
        return {places[key]: value for key, value in found.items()}

    variables = [v for v in model.variables if v.trainable]
    losses = []
    for step in range(3):
        with tf.GradientTape() as tape:
            outputs = call()
            value = loss(outputs)
        found = [None if g is None else tf.convert_to_tensor(g) for g in tape.gradient(value, variables)]
        losses.append(float(value))
        if step == 0:
            names = [v.name.split(":")[0] for v in variables]
            first = Loaded(
                made,
                {key: tensor.numpy() for key, tensor in outputs.items()},
                {n: v.numpy() for n, v in zip(names, variables, strict=True)},
                {n: None if g is None else g.numpy() for n, g in zip(names, found, strict=True)},
                losses,
            )
        for variable, gradient in zip(variables, found, strict=True):
            if gradient is not None:
                variable.assign_sub(1e-4 * gradient)
    return first
