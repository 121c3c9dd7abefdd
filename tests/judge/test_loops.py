"""Loops, conds and recurrences: thawed graphs against the training graphs that they came from."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

import pytest

import contexts
import loop_trial
import thaw_tool
from imported import meta_graph
from strict_tf import tf, v1

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models" / "control_flow"))
import training_graphs  # noqa: E402
import optimised  # noqa: E402

pytestmark = pytest.mark.first
GRAPHS = sorted(training_graphs.load_all())
KINDS = ("ref", "resource")
STYLES = ("resource", "ref")
# Ten steps of Adam in graphs that TensorFlow has optimised; another order of additions changes the last bits.
LOSS = 1e-6
# What grappler's arithmetic changes, and with it the numbers of the graph itself.
RECOMPUTED = {("condition_on_a_weight", "grappler"): 1e-5}


@functools.cache
def trained(name: str, kind: str) -> tuple[training_graphs.Built, training_graphs.Training]:
    """The training graph and what it does."""
    built = training_graphs.build(name, kind == "resource")
    return built, built.train(10)


def known_weights(graph_def: Any, built: training_graphs.Built) -> tuple[dict[str, str], list[str]]:
    """Which constant is which weight, and the options that say so: finding them is tested elsewhere."""
    weights = optimised.find_weights(graph_def, built.values)
    others = [n.name for n in graph_def.node if n.op == "Const" and n.name not in weights]
    options = [word for name in weights for word in ("--thaw", name)]
    return weights, options + [word for name in others for word in ("--keep", name)]


@pytest.mark.product
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", GRAPHS)
def test_trains_as_before(name: str, kind: str, style: str, tmp_path: Path) -> None:
    built, truth = trained(name, kind)
    weights, options = known_weights(built.frozen, built)
    thawed = loop_trial.thaw_graph(built.frozen, tmp_path, "--variables", style, *options)
    assert thawed.exit == 0, thawed.error
    found = thawed.report["control_flow"]
    assert not found["problems"] and not found["without_gradient"]
    assert all(loop["trains"] for loop in found["loops"])
    seen = loop_trial.train_thawed(thawed, built, 10, weights)
    difference = loop_trial.compare(truth, seen)
    assert difference.forward == 0.0 and difference.rounded, str(difference)
    assert difference.loss <= LOSS, str(difference)


@pytest.mark.parametrize("name", GRAPHS)
def test_contexts_are_those_of_tensorflow(name: str, tmp_path: Path) -> None:
    built, _ = trained(name, "ref")
    thawed = loop_trial.thaw_graph(built.frozen, tmp_path, *known_weights(built.frozen, built)[1])
    assert not contexts.differences(built.meta, meta_graph(thawed.prefix))


@pytest.mark.product
@pytest.mark.parametrize("optimiser", sorted(optimised.OPTIMISERS))
@pytest.mark.parametrize("name", GRAPHS)
def test_trains_after_optimisers(name: str, optimiser: str, tmp_path: Path) -> None:
    built, truth = trained(name, "ref")
    graph_def = optimised.OPTIMISERS[optimiser](built)
    weights, options = known_weights(graph_def, built)
    assert set(weights.values()) == built.values.keys()
    thawed = loop_trial.thaw_graph(graph_def, tmp_path, *options)
    assert thawed.exit == 0, thawed.error
    assert len(thawed.variables) == len(built.values)  # copies are tied
    difference = loop_trial.compare(truth, loop_trial.train_thawed(thawed, built, 5, weights))
    most = RECOMPUTED.get((name, optimiser), LOSS)
    assert max(difference.forward, difference.gradient, difference.loss) <= most, str(difference)


@pytest.mark.parametrize("name", ["one_cond", "lstm", "loop_in_cond_in_loop"])
def test_scope(name: str, tmp_path: Path) -> None:
    built, truth = trained(name, "ref")
    thawed = loop_trial.thaw_graph(built.frozen, tmp_path, "--scope", "new")
    assert thawed.exit == 0, thawed.error
    seen = loop_trial.train_thawed(thawed, built, 10, {n: n for n in built.values}, "new/")
    assert loop_trial.compare(truth, seen).rounded


def test_imported_twice(tmp_path: Path) -> None:
    """Frames follow the scope of the import: two copies do not meet."""
    built, truth = trained("cond_in_loop", "ref")
    thawed = loop_trial.thaw_graph(built.frozen, tmp_path)
    with tf.Graph().as_default() as graph, v1.Session() as session:
        for scope in ("a", "b"):
            saver = v1.train.import_meta_graph(str(thawed.prefix) + ".meta", import_scope=scope)
            saver.restore(session, str(thawed.prefix))
        outputs = [graph.get_tensor_by_name(f"{scope}/{built.outputs[0]}:0") for scope in ("a", "b")]
        fed = {f"{scope}/{key}:0": array for scope in ("a", "b") for key, array in built.feeds.items()}
        loss = tf.add_n([tf.reduce_mean(tf.square(output - 0.3)) for output in outputs])
        found = session.run(v1.gradients(loss, v1.trainable_variables()), fed)
    names = [v["name"] for v in thawed.variables] * 2
    for name, gradient in zip(names, found, strict=True):
        assert loop_trial.distance(gradient, truth.gradients[name]) <= LOSS


def turned(built: training_graphs.Built) -> Any:
    """Every cond's Merge in the order in which `If` is lowered, and somebody who asks which it was."""
    graph_def = type(built.frozen).FromString(built.frozen.SerializeToString())
    for merge in [node for node in graph_def.node if node.op == "Merge"]:
        if any("NextIteration" in name for name in merge.input):
            continue
        merge.input.reverse()
        asks = graph_def.node.add(name=merge.name + "/which", op="Identity", input=[merge.name + ":1"])
        asks.attr["T"].type = tf.int32.as_datatype_enum
    return graph_def


def test_reverse_merge_at_the_root_needs_no_context(tmp_path: Path) -> None:
    built, truth = trained("one_cond", "ref")
    thawed = loop_trial.thaw_graph(turned(built), tmp_path)
    assert any("in reverse" in warning for warning in thawed.report["warnings"])
    assert loop_trial.compare(truth, loop_trial.train_thawed(thawed, built, 5)).rounded


def test_reverse_merge_in_a_loop_is_refused(tmp_path: Path) -> None:
    """Better no gradient than a wrong one."""
    built, _ = trained("cond_in_loop", "ref")
    thawed = loop_trial.thaw_graph(turned(built), tmp_path)
    assert any("in reverse" in warning for warning in thawed.report["warnings"])
    assert not all(loop["trains"] for loop in thawed.report["control_flow"]["loops"])
    with pytest.raises((AttributeError, ValueError)):
        loop_trial.train_thawed(thawed, built, 1)


def test_operation_without_a_gradient_is_named(tmp_path: Path) -> None:
    """LSTMBlockCell in a loop."""
    with tf.Graph().as_default() as graph, v1.Session() as session:
        lab = training_graphs.Lab(resource=False)
        x, w, b = lab.feed("x", (2, 3)), lab.weight("w", 7, 16), lab.weight("b", 16)
        zeros = tf.zeros((4,))

        def body(i: Any, c: Any, h: Any) -> Any:
            cell = tf.raw_ops.LSTMBlockCell(
                x=x, cs_prev=c, h_prev=h, w=w, wci=zeros, wcf=zeros, wco=zeros, b=b, cell_clip=-1.0
            )
            return i + 1, cell.cs, cell.h

        found = v1.while_loop(lambda i, *_: i < 3, body, [0, tf.zeros((2, 4)), tf.zeros((2, 4))])
        tf.identity(found[2], "out")
        session.run(v1.global_variables_initializer())
        frozen = v1.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), ["out"])
    thawed: thaw_tool.Thawed = loop_trial.thaw_graph(frozen, tmp_path)
    told = thawed.report["control_flow"]
    assert [blocked["op"] for blocked in told["without_gradient"]] == ["LSTMBlockCell"]
    assert [loop["trains"] for loop in told["loops"]] == [False]
    assert any("no gradient for LSTMBlockCell" in warning for warning in thawed.report["warnings"])
