"""A mutated graph: what Thaw makes of it, and what TensorFlow makes of both."""

from __future__ import annotations

import random
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import graph_mutations
from mutated_trial import Answer, in_a_line, told

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))


def make(job: Answer, _: Answer) -> Answer:
    folder = Path(job["folder"])
    shutil.rmtree(folder, ignore_errors=True)
    path, what = graph_mutations.mutated(random.Random(job["seed"]), Path(job["sound"]), folder)
    return {"what": what, "path": str(path)}


def loaded(job: Answer, answers: Answer) -> Answer:
    """Every constant as Thaw reads it."""
    import tfthaw

    try:
        model = tfthaw.load(answers["make"]["path"])
        constants: Answer = {}
        for name in model.nodes:
            node = model.nodes[name] if isinstance(name, str) else None  # bytes: no name that TensorFlow takes
            if node is None or node.op != "Const":
                continue
            try:
                value = node.attr["value"]
                constants[node.name] = told(value) if isinstance(value, (np.ndarray, np.generic, bytes)) else "no tensor"
            except (tfthaw.Error, KeyError, MemoryError) as error:
                constants[node.name] = in_a_line(error)
        return {"constants": constants}
    except tfthaw.Error as error:
        return {"error": in_a_line(error)}


def thawed(job: Answer, answers: Answer) -> Answer:
    import tfthaw

    try:
        report = tfthaw.thaw(answers["make"]["path"], Path(job["folder"]) / "out" / "m", sync=False)
    except tfthaw.Error as error:
        return {"error": in_a_line(error)}
    return {"variables": {one["name"]: one["node"] for one in report["variables"] if one["node"] and not one.get("stored")}}


# -- TensorFlow's side


def parsed(path: str) -> Any:
    from google.protobuf import text_format

    from strict_tf import v1

    data = Path(path).read_bytes()
    return text_format.Parse(data.decode(), v1.GraphDef()) if path.endswith("t") else v1.GraphDef.FromString(data)


def fed(graph_def: Any, graph: Any) -> dict[str, Any]:
    """Zeros and ones for all placeholders, three where a dimension is open."""
    feeds = {}
    for place, node in enumerate(node for node in graph_def.node if node.op == "Placeholder"):
        tensor = graph.get_tensor_by_name(f"{node.name}:0")
        shape = [3 if size is None else min(size, 64) for size in tensor.shape.as_list()] if tensor.shape.rank is not None else []
        feeds[tensor.name] = np.full(shape, place % 2, tensor.dtype.as_numpy_dtype)
    return feeds


def ends(graph_def: Any, graph: Any) -> list[str]:
    """First outputs that nothing takes."""
    taken = {name.lstrip("^").split(":")[0] for node in graph_def.node for name in node.input}
    found = [graph.get_operation_by_name(node.name) for node in graph_def.node if node.name not in taken]
    return [op.outputs[0].name for op in found if op.outputs and op.type not in ("Const", "Placeholder")]


def attempted(value: Callable[[], Any]) -> Any:
    try:
        return told(value())
    except Exception as error:  # noqa: BLE001  (of whatever kind: it is an answer)
        return in_a_line(error)


def fetched(runs: Any, names: list[str], feeds: dict[str, Any]) -> Answer:
    """All of them at once, or else each by itself."""
    try:
        return {name: told(value) for name, value in zip(names, runs.run(names, feeds), strict=True)}
    except Exception:  # noqa: BLE001  (whose fault it is will be told)
        return {name: attempted(lambda name=name: runs.run(name, feeds)) for name in names}


def imported(job: Answer, answers: Answer) -> Answer:
    """Whether TensorFlow imports the original, and the constants that a session gives."""
    from strict_tf import session, tf

    try:
        graph_def = parsed(answers["make"]["path"])
        with tf.Graph().as_default() as graph:
            tf.graph_util.import_graph_def(graph_def, name="")
        constants = [node for node in graph_def.node if node.op == "Const"]
        with session(graph) as runs:
            values = fetched(runs, [f"{node.name}:0" for node in constants], {})
            return {
                "constants": {node.name: values[f"{node.name}:0"] for node in constants},
                "arrays": {node.name: attempted(lambda node=node: tf.make_ndarray(node.attr["value"].tensor)) for node in constants},
            }
    except Exception as error:  # noqa: BLE001
        return {"error": in_a_line(error)}


def ran(job: Answer, answers: Answer) -> Answer:
    """What the original's outputs are."""
    from strict_tf import session, tf

    if "constants" not in answers["imported"]:
        return {}
    graph_def = parsed(answers["make"]["path"])
    with tf.Graph().as_default() as graph:
        tf.graph_util.import_graph_def(graph_def, name="")
    names, feeds = ends(graph_def, graph), fed(graph_def, graph)
    with session(graph) as runs:
        return {"outputs": fetched(runs, names, feeds)}


def restored(job: Answer, answers: Answer) -> Answer:
    """What Thaw wrote: its values, and the same outputs."""
    from strict_tf import session, tf, v1

    if "variables" not in answers["thawed"]:
        return {}
    prefix = str(Path(job["folder"]) / "out" / "m")
    reader = tf.train.load_checkpoint(prefix)
    held = {name: told(reader.get_tensor(name)) for name in answers["thawed"]["variables"] if reader.has_tensor(name)}
    try:
        graph_def = parsed(answers["make"]["path"])
        with tf.Graph().as_default() as graph, session(graph) as runs:
            saver = v1.train.import_meta_graph(f"{prefix}.meta")
            saver.restore(runs, prefix)
            feeds = fed(graph_def, graph)
            names = [name for name, value in answers["ran"].get("outputs", {}).items() if isinstance(value, list)]
            outputs = fetched(runs, names, feeds)
    except Exception as error:  # noqa: BLE001
        return {"held": held, "error": in_a_line(error)}
    return {"held": held, "outputs": outputs}


STEPS = [make, loaded, thawed, imported, ran, restored]
OURS = ("make", "loaded", "thawed")  # must not end the process


# -- what is to be thought of it


def compared(answers: Answer) -> dict[str, list[str]]:
    """As of a checkpoint: what is the same, what only one of the two takes, what differs."""
    verdicts: dict[str, list[str]] = {}

    def say(kind: str, what: str) -> None:
        verdicts.setdefault(kind, []).append(what)

    theirs, ours, made = answers["imported"], answers["loaded"], answers["thawed"]
    refused = theirs.get("error") or theirs.get("died")
    fault = ours.get("error") or made.get("error", "")
    if refused:
        after = answers["restored"].get("error") or answers["restored"].get("died")
        say("neither" if fault else "only_thaw", f"{'before and after' if after else 'only before'}: {refused}")
        return verdicts
    if fault and not made.get("error", "").startswith("NoWeightsError"):
        say("only_tensorflow", neither_can(fault, theirs["constants"]) + fault)
    compare_constants(ours.get("constants", {}), theirs["constants"], say)
    for name, value in theirs["arrays"].items():
        if isinstance(value, list) and isinstance(theirs["constants"][name], list) and value != theirs["constants"][name]:
            say("make_ndarray_differs", name)
    if "variables" in made:
        compare_restored(answers, say)
    return verdicts


def neither_can(fault: str, constants: Answer) -> str:
    """Says so where Thaw names a constant that no session gives either."""
    named = re.search(r"node '([^']*)'", fault)
    return "no session gives it: " if named and isinstance(constants.get(named[1]), str) else ""


def compare_constants(ours: Answer, theirs: Answer, say: Any) -> None:
    for name in sorted({*ours} & {*theirs}):
        here, there = ours[name], theirs[name]
        if isinstance(here, list) and isinstance(there, list):
            say("same" if here == there else "different", f"constant {name!r}: {here} {there}")
        elif isinstance(here, list):
            say("only_thaw", str(there))
        elif isinstance(there, list):
            say("only_tensorflow", str(here))
        else:
            say("neither", name)


def compare_restored(answers: Answer, say: Any) -> None:
    made, theirs, values = answers["restored"], answers["imported"]["constants"], answers["thawed"]["variables"]
    fault = made.get("error") or made.get("died", "")
    if "Cannot assign a device" in fault:
        say("neither", fault)  # nothing of it runs here, before or after
    elif fault:
        say("different", f"what Thaw wrote is not restored: {fault}")
    for name, held in made.get("held", {}).items():
        truth = theirs.get(values[name])
        if isinstance(truth, list):
            say("same" if held == truth else "different", f"variable {name!r}: {held} {truth}")
        elif truth is not None:
            say("only_thaw", truth)
    for name, value in made.get("outputs", {}).items():
        truth = answers["ran"]["outputs"][name]
        say("same" if value == truth else "different", f"output {name!r}: {value} {truth}")
