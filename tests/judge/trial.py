"""The trial of one thawed set: import, restore, run, differentiate, train, save, initialise, freeze again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import graph_files
import training_trial
from imported import import_set, meta_graph, restored
from original import Behaviour, Original, behaviour
from refreeze import refrozen_differences
from strict_tf import first_line, session, tf, v1
from thaw_tool import Thawed


@dataclass
class Verdict:
    """What became of every step; a step is "ok", "" when it does not apply, or what went wrong."""

    imports: str = ""
    restores: str = ""
    values: str = ""
    runs: str = ""
    bit_equal: str = ""
    gradients: str = ""
    weights: int = 0
    trainable: int = 0
    none: list[str] = field(default_factory=list)
    zero: list[str] = field(default_factory=list)
    sgd: str = ""
    adam: str = ""
    saves: str = ""
    initialises: str = ""
    refrozen: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def trial(original: Original, thawed: Thawed, scratch: Path, refreezes: bool = True) -> Verdict:
    """Runs every step that applies; nothing raises."""
    verdict = Verdict(weights=len(thawed.variables))
    pair = _step(verdict, "imports", lambda: import_set(thawed.prefix))
    if pair is None:
        return verdict
    graph, saver = pair
    thawed_graph = meta_graph(thawed.prefix).graph_def
    with graph.as_default():
        verdict.trainable = len(v1.trainable_variables())
    _step(verdict, "restores", lambda: _restores(graph, saver, thawed.prefix))
    if verdict.restores != "ok":
        return verdict
    _step(verdict, "values", lambda: _values(graph_files.constants(original.graph_def), thawed))
    if refreezes:
        renamed = {v["name"]: v["node"] for v in thawed.variables if v["node"] != v["name"]}
        graphs = original.graph_def, thawed_graph
        _step(verdict, "refrozen", lambda: refrozen_differences(*graphs, thawed.prefix, renamed))
    _step(verdict, "initialises", lambda: _initialises(graph, saver, thawed.prefix))
    expected = original.behaviour
    if original.reference_slots:
        expected = _own_measure(verdict, original, graph, saver, thawed.prefix)
    if expected.ran:
        if not original.reference_slots:
            _compare(verdict, expected, graph, saver, thawed.prefix)
        training_trial.train(verdict, expected, thawed.prefix, scratch)
    return verdict


def _step(verdict: Verdict, name: str, action: Callable[[], Any]) -> Any:
    """Runs one step; a string it returns is what went wrong, anything else passes on."""
    try:
        result = action()
    except Exception as error:
        setattr(verdict, name, first_line(error))
        return None
    setattr(verdict, name, result if isinstance(result, str) and result else "ok")
    return result


def _restores(graph: Any, saver: Any, prefix: Path) -> None:
    restored(graph, saver, prefix).close()


def _values(constants: dict[str, Any], thawed: Thawed) -> str:
    """Every variable holds the bits of the constant it was."""
    reader = tf.train.load_checkpoint(str(thawed.prefix))
    for variable in thawed.variables:
        name = variable["name"]
        constant = constants.get(variable.get("node") or name)
        if constant is None or not reader.has_tensor(name):
            continue  # carried variables and partitions, which other checks know
        found, expected = reader.get_tensor(name), graph_files.value(constant)
        if variable.get("stored") and found.dtype.kind == "f":
            expected = expected.astype(found.dtype)  # stored in fewer bits, behind a Cast
        if not graph_files.same_bits(found, expected):
            return f"{name} has other bits than its constant"
    return ""


def _initialises(graph: Any, saver: Any, prefix: Path) -> str:
    """Initialised only: loud NaN (zero, empty); restored afterwards: the weights."""
    with graph.as_default(), session(graph) as opened:
        variables = v1.global_variables()
        opened.run(v1.global_variables_initializer())
        for variable, value in zip(variables, opened.run(variables), strict=True):
            if not _loud(np.asarray(value)):
                return f"{variable.op.name} is initialised to something quiet"
        saver.restore(opened, str(prefix))
        reader = tf.train.load_checkpoint(str(prefix))
        for variable, value in zip(variables, opened.run(variables), strict=True):
            key = variable.op.name
            if reader.has_tensor(key) and not graph_files.same_bits(value, reader.get_tensor(key)):
                return f"{key} differs after initialising and restoring"
    return ""


def _loud(value: np.ndarray) -> bool:
    if value.dtype == object:
        return all(item == b"" for item in value.reshape(-1).tolist())
    if value.dtype.kind in "iub":
        return not value.any()
    return bool(np.isnan(value.astype(np.complex128 if value.dtype.kind == "c" else np.float64)).all())


def _own_measure(verdict: Verdict, original: Original, graph: Any, saver: Any, prefix: Path) -> Behaviour:
    """A graph that only its thawed form can run is its own measure."""
    names = graph_files.fetchable(original.graph_def)
    seen = behaviour(graph, names, None, [], lambda g: restored(g, saver, prefix))
    verdict.runs = "ok" if seen.ran else seen.error
    return seen


def _compare(verdict: Verdict, expected: Behaviour, graph: Any, saver: Any, prefix: Path) -> None:
    def run() -> list[Any]:
        with restored(graph, saver, prefix, expected.init_ops) as opened:
            return list(opened.run(expected.names, expected.feeds))

    outputs = _step(verdict, "runs", run)
    if outputs is None or not expected.comparable:
        return
    pairs = zip(expected.names, expected.outputs, outputs, expected.sure, strict=True)
    wrong = [name for name, a, b, sure in pairs if sure and not graph_files.same_bits(a, b)]
    verdict.bit_equal = f"differ: {', '.join(wrong)}"[:240] if wrong else "ok"
