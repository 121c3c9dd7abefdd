"""A thawed graph with loops and branches against the training graph that it came from."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import thaw_tool
from strict_tf import rounded, tf, v1

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models" / "control_flow"))
import training_graphs  # noqa: E402


@dataclass
class Difference:
    """How far a thawed graph is from its training graph; 0.0 everywhere when it is the same.

    `rounded`: gradients differ by no more than another order of additions makes them.
    """

    forward: float
    gradient: float
    loss: float
    rounded: bool

    def __str__(self) -> str:
        return f"forward {self.forward:.1e}, gradient {self.gradient:.1e}, loss {self.loss:.1e}"


def distance(a: Any, b: Any) -> float:
    """The largest difference; infinite when only one of both is there."""
    if a is None or b is None:
        return 0.0 if a is b else float("inf")
    if not np.size(a):
        return 0.0
    return float(np.max(np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64))))


def _rounded(a: Any, b: Any) -> bool:
    return a is b if a is None or b is None else rounded(b, a)


def thaw_graph(graph_def: Any, folder: Path, *options: str) -> thaw_tool.Thawed:
    """Writes a frozen graph and thaws it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "frozen.pb").write_bytes(graph_def.SerializeToString())
    return thaw_tool.thaw(folder / "frozen.pb", folder / "model.ckpt", *options)


def train_thawed(
    thawed: thaw_tool.Thawed,
    built: training_graphs.Built,
    steps: int,
    weights: dict[str, str] | None = None,
    scope: str = "",
) -> training_graphs.Training:
    """Imports the set and trains it; `weights` tells which constant holds which weight."""
    graph = tf.Graph()
    with graph.as_default():
        saver = v1.train.import_meta_graph(str(thawed.prefix) + ".meta")
        variables = v1.trainable_variables()
    of_node = {v["name"]: v["node"] for v in thawed.variables}
    named = []
    for variable in variables:
        node = of_node[variable.op.name]
        named.append((node if weights is None else weights.get(node, "no weight: " + node), variable))

    def restore(session: Any) -> None:
        saver.restore(session, str(thawed.prefix))

    feeds = {scope + name: array for name, array in built.feeds.items()}
    outputs = [scope + name for name in built.outputs]
    return training_graphs.train(graph, feeds, outputs, named, restore, steps)


def compare(truth: training_graphs.Training, seen: training_graphs.Training) -> Difference:
    """Outputs, gradients of every weight, losses on the way."""
    steps = len(seen.losses)
    names = truth.gradients.keys() | seen.gradients.keys()
    return Difference(
        max(map(distance, truth.outputs, seen.outputs)),
        max(distance(truth.gradients.get(name), seen.gradients.get(name)) for name in names),
        max(map(distance, truth.losses[:steps], seen.losses)),
        all(_rounded(truth.gradients.get(name), seen.gradients.get(name)) for name in names),
    )
