"""TensorFlow's own ways of looking at, restoring and continuing from a checkpoint, on a thawed one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graph_files
import scenarios
import thaw_tool
from strict_tf import session, tf, v1

FEED = scenarios.FEED


@pytest.fixture(params=["resource", "ref"])
def thawed(request: pytest.FixtureRequest, mlp: Path, tmp_path: Path) -> thaw_tool.Thawed:
    made = thaw_tool.thaw(mlp, tmp_path / "thawed" / "model.ckpt", "--variables", request.param)
    assert made.exit == 0, made.error
    return made


@pytest.fixture
def constants(mlp: Path) -> dict[str, np.ndarray]:
    nodes = graph_files.constants(graph_files.load(mlp))
    return {name: graph_files.value(node) for name, node in nodes.items()}


def handwritten() -> Any:
    """The same network as somebody's own code has it; nothing of the frozen graph is in it."""
    x = v1.placeholder(tf.float32, [None, 4], "x")
    for scope, units, activation in (("l1", 8, tf.nn.relu), ("l2", 3, tf.nn.softmax)):
        with v1.variable_scope(scope):
            kernel = v1.get_variable("kernel", (int(x.shape[-1]), units))
            bias = v1.get_variable("bias", (units,))
            x = activation(tf.nn.bias_add(tf.matmul(x, kernel), bias))
    return x


def frozen_output(model: Path) -> np.ndarray:
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_files.load(model), name="")
        with session(graph) as opened:
            return np.asarray(opened.run("out:0", FEED))


def test_latest_checkpoint_is_found_by_folder(thawed: thaw_tool.Thawed) -> None:
    folder = str(thawed.prefix.parent)
    assert tf.train.latest_checkpoint(folder) == str(thawed.prefix)
    state = tf.train.get_checkpoint_state(folder)
    assert list(state.all_model_checkpoint_paths) == [str(thawed.prefix)]
    assert v1.train.checkpoint_exists(str(thawed.prefix))


def test_latest_checkpoint_survives_moving_the_folder(thawed: thaw_tool.Thawed, tmp_path: Path) -> None:
    moved = thawed.prefix.parent.rename(tmp_path / "moved")
    assert tf.train.latest_checkpoint(str(moved)) == str(moved / thawed.prefix.name)


@pytest.mark.parametrize("what", ["prefix", "folder"])
def test_load_checkpoint(what: str, thawed: thaw_tool.Thawed, constants: dict[str, np.ndarray]) -> None:
    reader = tf.train.load_checkpoint(str(thawed.prefix if what == "prefix" else thawed.prefix.parent))
    for name in thawed.found:
        assert graph_files.same_bits(reader.get_tensor(name), constants[name])


def test_list_variables(thawed: thaw_tool.Thawed, constants: dict[str, np.ndarray]) -> None:
    expected = sorted((name, list(constants[name].shape)) for name in thawed.found)
    assert tf.train.list_variables(str(thawed.prefix)) == expected


def test_restore_by_name_into_handwritten_code(thawed: thaw_tool.Thawed, mlp: Path) -> None:
    with tf.Graph().as_default() as graph, session(graph) as opened:
        out = handwritten()
        v1.train.Saver().restore(opened, str(thawed.prefix))
        assert graph_files.same_bits(opened.run(out, FEED), frozen_output(mlp))


def test_init_from_checkpoint_leaves_slots_to_the_optimiser(thawed: thaw_tool.Thawed, mlp: Path) -> None:
    with tf.Graph().as_default() as graph, session(graph) as opened:
        out = handwritten()
        mapped = {v.op.name: v for v in v1.trainable_variables()}
        step = v1.train.AdamOptimizer(0.01).minimize(tf.reduce_mean(out[:, 0]))
        v1.train.init_from_checkpoint(str(thawed.prefix), mapped)
        opened.run(v1.global_variables_initializer())
        assert graph_files.same_bits(opened.run(out, FEED), frozen_output(mlp))
        opened.run(step, FEED)


def test_a_new_head_on_the_imported_graph(thawed: thaw_tool.Thawed) -> None:
    """Transfer: the old layers stay as they are, the new one learns."""
    with tf.Graph().as_default() as graph, session(graph) as opened:
        saver = v1.train.import_meta_graph(f"{thawed.prefix}.meta")
        hidden = next(op for op in graph.get_operations() if op.type == "Relu").outputs[0]
        old = v1.trainable_variables()
        head = v1.get_variable("head/kernel", (8, 2), use_resource=True)
        loss = tf.reduce_mean(tf.square(tf.matmul(hidden, head) - 1.0))
        step = v1.train.AdamOptimizer(0.1).minimize(loss, var_list=[head])
        opened.run(v1.global_variables_initializer())
        saver.restore(opened, str(thawed.prefix))
        before, first = opened.run(old), opened.run(loss, FEED)
        for _ in range(20):
            opened.run(step, FEED)
        assert opened.run(loss, FEED) < first / 2
        assert all(graph_files.same_bits(a, b) for a, b in zip(before, opened.run(old), strict=True))


def test_monitored_session_goes_on_from_what_it_saved(thawed: thaw_tool.Thawed, tmp_path: Path) -> None:
    """Warm start from the thawed set, then ordinary recovery from its own checkpoints."""
    folder = str(tmp_path / "run")
    truth = {v["name"]: np.zeros(0) for v in thawed.variables}
    steps = []
    for _ in range(2):
        with tf.Graph().as_default():
            made = scenarios.Set(thawed.prefix, truth)
            made.load()
            step = scenarios.adam()
            scaffold = v1.train.Scaffold(init_fn=lambda _, opened, made=made: made.restore(opened))
            with v1.train.MonitoredTrainingSession(
                checkpoint_dir=folder, scaffold=scaffold, save_checkpoint_steps=1, save_summaries_steps=None
            ) as opened:
                opened.run(step, FEED)
                steps.append(int(opened.run(v1.train.get_global_step())))
    assert steps == [1, 2]


def test_monitored_session_on_the_folder_names_what_is_missing(thawed: thaw_tool.Thawed) -> None:
    """The folder itself as checkpoint_dir is found, never passed over; it lacks the global step, loudly."""
    with tf.Graph().as_default():
        v1.train.import_meta_graph(f"{thawed.prefix}.meta")
        scenarios.adam()
        with pytest.raises(tf.errors.NotFoundError, match="not found in checkpoint"):
            v1.train.MonitoredTrainingSession(checkpoint_dir=str(thawed.prefix.parent))


def test_import_scope_keeps_the_keys(thawed: thaw_tool.Thawed, mlp: Path) -> None:
    with tf.Graph().as_default() as graph, session(graph) as opened:
        saver = v1.train.import_meta_graph(f"{thawed.prefix}.meta", import_scope="tower")
        saver.restore(opened, str(thawed.prefix))
        out = opened.run("tower/out:0", {"tower/x:0": FEED["x:0"]})
        assert graph_files.same_bits(out, frozen_output(mlp))


def test_freeze_graph_leads_back(thawed: thaw_tool.Thawed, mlp: Path, tmp_path: Path) -> None:
    from tensorflow.python.tools import freeze_graph

    again = tmp_path / "again.pb"
    with tf.Graph().as_default():
        freeze_graph.freeze_graph_with_def_protos(
            input_graph_def=None,
            input_saver_def=None,
            input_checkpoint=str(thawed.prefix),
            output_node_names="out",
            restore_op_name=None,
            filename_tensor_name=None,
            output_graph=str(again),
            clear_devices=False,
            initializer_nodes="",
            input_meta_graph_def=_meta(thawed.prefix),
        )
    first, second = ({n.name: n for n in graph_files.load(p).node} for p in (mlp, again))
    assert first == second


def _meta(prefix: Path) -> Any:
    meta = v1.MetaGraphDef()
    meta.ParseFromString(Path(f"{prefix}.meta").read_bytes())
    return meta
