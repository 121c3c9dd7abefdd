"""The frozen graph as it is: does TensorFlow import it, and what does it compute?"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import feeds
import graph_files
from strict_tf import first_line, session, tf

ATTEMPTS = 60
DEAD = "does not have value"


@dataclass
class Behaviour:
    """What one set of feeds gives."""

    feeds: dict[str, np.ndarray] = field(default_factory=dict)
    init_ops: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # of the fetched tensors
    outputs: list[np.ndarray] = field(default_factory=list)
    sure: list[bool] = field(default_factory=list)  # the output repeats from run to run
    error: str = ""

    @property
    def ran(self) -> bool:
        return bool(self.names) and not self.error

    @property
    def comparable(self) -> bool:
        return any(self.sure)


@dataclass
class Original:
    """A frozen graph and what TensorFlow says to it."""

    path: Path
    graph_def: Any = None
    import_error: str = ""
    behaviour: Behaviour = field(default_factory=Behaviour)

    @property
    def reference_slots(self) -> bool:
        """Refused because a constant stands where only a variable may stand."""
        return "expected" in self.import_error and "_ref" in self.import_error


def examine(path: Path, feed: dict[str, np.ndarray] | None, truth: dict[str, Any]) -> Original:
    """Imports and runs a frozen graph; nothing raises. `truth` is what an own model knows of itself."""
    seen = Original(path)
    try:
        seen.graph_def = graph_files.load(path)
        with tf.Graph().as_default() as graph:
            # import_graph_def writes default attributes into what it is given.
            tf.import_graph_def(graph_files.load(path), name="")
    except Exception as error:
        seen.import_error = first_line(error)
        return seen
    names = truth.get("outputs") or graph_files.fetchable(seen.graph_def)
    seen.behaviour = behaviour(graph, names, feed, truth.get("init_ops", []))
    return seen


def behaviour(
    graph: Any,
    names: list[str],
    feed: dict[str, np.ndarray] | None,
    init_ops: list[str],
    opener: Callable[[Any], Any] = session,
) -> Behaviour:
    """Runs `graph` on the first feed that it accepts, twice, each time in a fresh session."""
    tensors = graph_files.fetches(graph, names)
    if not tensors:
        return Behaviour(error="nothing to fetch")
    first_error = ""
    for fed in itertools.islice([feed] if feed is not None else feeds.guesses(graph), ATTEMPTS):
        try:
            alive = _alive(opener, graph, tensors, fed, init_ops)
            outputs = _run(opener(graph), alive, fed, init_ops)
            again = _run(opener(graph), alive, fed, init_ops)
        except Exception as error:
            first_error = first_error or first_line(error)
            if "uninitialized" in str(error):
                break
            continue
        same = [graph_files.same_bits(a, b) for a, b in zip(outputs, again, strict=True)]
        sure = [equal and not _chance(tensor) for equal, tensor in zip(same, alive, strict=True)]
        return Behaviour(fed, init_ops, [t.name for t in alive], outputs, sure)
    return Behaviour(error=first_error)


def _alive(
    opener: Callable[[Any], Any],
    graph: Any,
    tensors: list[Any],
    fed: dict[str, np.ndarray],
    init_ops: list[str],
) -> list[Any]:
    """Without the outputs of a branch that is not taken."""
    try:
        _run(opener(graph), tensors, fed, init_ops)
        return tensors
    except tf.errors.InvalidArgumentError as error:
        if DEAD not in str(error) or len(tensors) == 1:
            raise
    halves = tensors[: len(tensors) // 2], tensors[len(tensors) // 2 :]
    found: list[Any] = []
    for half in halves:
        try:
            found += _alive(opener, graph, half, fed, init_ops)
        except tf.errors.InvalidArgumentError as error:
            if DEAD not in str(error):
                raise
    return found


def _chance(tensor: Any) -> bool:
    """Whether an unseeded random operation, or memory as it was found, has a part in this output."""
    seen, waiting = set(), [tensor.op]
    while waiting:
        op = waiting.pop()
        if op.name in seen:
            continue
        seen.add(op.name)
        seeds = [op.get_attr(key) for key in ("seed", "seed2") if key in op.node_def.attr]
        if op.type == "Empty" or (seeds and not any(seeds)):
            return True
        waiting += [source.op for source in op.inputs]
    return False


def _run(
    opened: Any, tensors: list[Any], fed: dict[str, np.ndarray], init_ops: list[str]
) -> list[np.ndarray]:
    with opened:
        for name in init_ops:
            opened.run(name)
        return [np.asarray(out) for out in opened.run(tensors, fed)]
