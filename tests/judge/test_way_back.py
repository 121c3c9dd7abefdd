"""There, trained, and back: thawed, trained in TensorFlow, saved by it, frozen again. Only values may differ."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graph_files
import original
import thaw_tool
from imported import import_set, restored
from strict_tf import tf, v1
from training_trial import loss_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models"))
import catalogue  # noqa: E402

# One constant that is a weight and a shape: trained, it is no shape any more, or two constants.
TWO_USES = {"shape_and_weight", "shape_and_weight_stripped"}
# Weights in few bits become floats, and stay that: see docs/decisions/float-weights.md.
COMPACT = {"half_storage"}
NAMES = sorted(catalogue.load_all().keys() - TWO_USES - COMPACT)
STEPS = 3


def facts(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "truth.json").read_text()))


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [str(thaw_tool.binary()), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=thaw_tool.SECONDS)


def train(prefix: Path, seen: original.Original, trained: Path) -> dict[str, np.ndarray]:
    """A few steps, saved with the graph that trained; the values by the variables' names."""
    graph, saver = import_set(prefix)
    behaviour = seen.behaviour
    with graph.as_default():
        loss = loss_of(graph, behaviour)
        before = set(graph.get_operations())
        step = None
        if loss is not None and v1.trainable_variables():
            step = v1.train.AdamOptimizer(1e-3).minimize(loss)
        slots = [v for v in v1.global_variables() if v.op not in before]
        everything = v1.train.Saver(v1.global_variables())
        with restored(graph, saver, prefix, behaviour.init_ops) as opened:
            opened.run(v1.variables_initializer(slots))
            for _ in range(STEPS if step is not None else 0):
                opened.run(step, behaviour.feeds)
            everything.save(opened, str(trained))
            variables = [v for v in v1.global_variables() if v.op in before]
            return dict(zip((v.op.name for v in variables), opened.run(variables), strict=True))


def without_values(node: Any, weights: set[str]) -> bytes:
    bare = type(node)()
    bare.CopyFrom(node)
    if node.name in weights:
        del bare.attr["value"]
    return bytes(bare.SerializeToString(deterministic=True))


@pytest.mark.parametrize("name", NAMES)
def test_only_values_change(name: str, models: Path, tmp_path: Path) -> None:
    folder = models / name
    truth = facts(folder)
    with np.load(folder / "feed.npz") as stored:
        feed = {key + ":0": stored[key] for key in stored.files}
    seen = original.examine(folder / "frozen.pb", feed, truth)
    thawed = thaw_tool.thaw(folder / "frozen.pb", tmp_path / "thawed" / "model.ckpt")
    assert thawed.exit == 0, thawed.error
    trained = tmp_path / "trained" / "model.ckpt"
    trained.parent.mkdir()
    values = train(thawed.prefix, seen, trained)

    again = tmp_path / "again.pb"
    frozen = run("freeze", trained, "-o", again)
    assert frozen.returncode == 0, frozen.stderr
    assert "was changed after it was thawed" not in frozen.stderr
    was, now = graph_files.load(folder / "frozen.pb"), graph_files.load(again)
    names = {v["node"]: v["name"] for v in thawed.variables}
    root = {node.name for node in was.node}
    assert [n.name for n in now.node if n.name not in root] == []
    assert {n.name for n in now.node} == root
    changed = {node.name: node for node in now.node}
    for node in was.node:
        assert without_values(changed[node.name], set(names)) == without_values(node, set(names))
        if node.name in names and names[node.name] in values:
            found = tf.make_ndarray(changed[node.name].attr["value"].tensor)
            assert graph_files.same_bits(found, values[names[node.name]]), node.name
    assert {f.signature.name for f in now.library.function} == {f.signature.name for f in was.library.function}

    told = json.loads(run("diff", folder / "frozen.pb", again, "--json").stdout)
    graph = told["graph"]
    assert (graph["added"], graph["removed"], graph["changed"], graph["versions"]) == ([], [], [], [])
    assert {d["change"] for d in told["weights"]["differences"]} <= {"values"}
