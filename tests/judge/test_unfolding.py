"""--unfold-batch-norm: norms that TensorFlow's own tool folded are norms again, and no number changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorflow.python.tools import optimize_for_inference_lib

import thaw_tool
from strict_tf import session, tf, v1

BATCH = np.random.default_rng(3).normal(0, 1, (4, 6, 6, 3)).astype(np.float32)


def weight(name: str, *shape: int, positive: bool = False) -> Any:
    numbers = np.random.default_rng(len(name) + sum(shape)).normal(0, 0.5, shape).astype(np.float32)
    constant = tf.constant(np.abs(numbers) + 0.5 if positive else numbers, name=name)
    return tf.identity(constant, name=name + "/read")


def norm(x: Any, scope: str) -> Any:
    channels = int(x.shape[-1])
    parts = [weight(f"{scope}/{part}", channels) for part in ("beta", "moving_mean")]
    scales = [weight(f"{scope}/{part}", channels, positive=True) for part in ("gamma", "moving_variance")]
    with tf.name_scope(scope):
        return v1.nn.fused_batch_norm(x, scales[0], parts[0], parts[1], scales[1], is_training=False)[0]


def folded(folder: Path) -> Path:
    """A convolution and a depthwise one, folded by optimize_for_inference."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, *BATCH.shape[1:]], name="x")
        x = tf.nn.conv2d(x, weight("conv/kernel", 3, 3, 3, 4), 1, "SAME", name="conv/Conv2D")
        x = tf.nn.relu(norm(x, "norm1"))
        x = tf.nn.depthwise_conv2d(x, weight("deep/kernel", 3, 3, 4, 1), [1, 1, 1, 1], "SAME", name="deep/depthwise")
        x = tf.nn.relu(norm(x, "norm2"))
        tf.reduce_mean(x, [1, 2], name="out")
    made = optimize_for_inference_lib.optimize_for_inference(
        graph.as_graph_def(), ["x"], ["out"], tf.float32.as_datatype_enum
    )
    assert not [node for node in made.node if node.op.startswith("FusedBatchNorm")]
    path = folder / "folded.pb"
    path.write_bytes(made.SerializeToString())
    return path


def run_frozen(path: Path) -> np.ndarray:
    with tf.Graph().as_default() as graph, session(graph) as run:
        tf.import_graph_def(v1.GraphDef.FromString(path.read_bytes()), name="")
        return run.run("out:0", {"x:0": BATCH})


@pytest.mark.parametrize("training", [False, True])
def test_no_number_changes(training: bool, tmp_path: Path) -> None:
    frozen = folded(tmp_path)
    options = ["--unfold-batch-norm", *(["--bn", "batch"] if training else [])]
    thawed = thaw_tool.thaw(frozen, tmp_path / "thawed" / "model.ckpt", *options)
    assert thawed.exit == 0, thawed.error
    scopes = thawed.report["unfolded"]
    assert len(scopes) == 2
    names = {variable["name"]: variable["role"] for variable in thawed.variables}
    for scope in scopes:
        assert names[f"{scope}/gamma"] == names[f"{scope}/beta"] == "trainable"
        assert names[f"{scope}/moving_mean"] == names[f"{scope}/moving_variance"] == "statistic"
    truth = run_frozen(frozen)
    with tf.Graph().as_default() as graph, session(graph) as run:
        v1.train.import_meta_graph(f"{thawed.prefix}.meta").restore(run, str(thawed.prefix))
        np.testing.assert_array_equal(run.run("out:0", {"x:0": BATCH}), truth)
        loss = tf.reduce_mean(tf.square(graph.get_tensor_by_name("out:0") - 0.3))
        gammas = [v for v in v1.trainable_variables() if v.op.name.endswith("/gamma")]
        gradients = run.run(tf.gradients(loss, gammas), {"x:0": BATCH})
        assert all(np.abs(gradient).max() > 0 for gradient in gradients)
        if training:
            calibrate(run, graph, scopes)
            on = run.run("out:0", {"x:0": BATCH, "bn_training:0": True})
            np.testing.assert_allclose(on, truth, rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(run.run("out:0", {"x:0": BATCH}), truth, rtol=1e-4, atol=1e-5)


def calibrate(run: Any, graph: Any, scopes: list[str]) -> None:
    """What docs/decisions/batch-norm-switch.md tells to do, one norm after the other."""
    variables = {v.op.name: v for v in v1.global_variables()}
    norms = [op for op in graph.get_operations() if op.type == "FusedBatchNormV3" and op.name.endswith("/inference")]
    assert len(norms) == len(scopes)
    for op in norms:
        scope = next(s for s in scopes if op.inputs[1].op.name.startswith(s + "/"))
        x, offset = run.run([op.inputs[0], op.inputs[2]], {"x:0": BATCH})
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        values = {
            "moving_mean": mean,
            "moving_variance": variance,
            "gamma": np.sqrt(variance + 1 / 1024),
            "beta": offset + mean,
        }
        for part, value in values.items():
            variables[f"{scope}/{part}"].load(value, run)


def test_leads_back_to_the_unfolded_graph(tmp_path: Path) -> None:
    frozen = folded(tmp_path)
    thawed = thaw_tool.thaw(frozen, tmp_path / "thawed" / "model.ckpt", "--unfold-batch-norm", "--bn", "batch")
    again = tmp_path / "again.pb"
    made = thaw_tool.freeze(thawed.prefix, again)
    assert made.exit == 0, made.error
    ops = [node.op for node in v1.GraphDef.FromString(again.read_bytes()).node]
    assert ops.count("FusedBatchNormV3") == 2 and "Select" not in ops
    np.testing.assert_array_equal(run_frozen(again), run_frozen(frozen))


def test_says_so_where_nothing_was_folded(tmp_path: Path) -> None:
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        tf.nn.bias_add(tf.matmul(x, weight("fc/kernel", 4, 3)), weight("fc/bias", 3), name="out")
    path = tmp_path / "plain.pb"
    path.write_bytes(graph.as_graph_def().SerializeToString())
    thawed = thaw_tool.thaw(path, tmp_path / "thawed" / "model.ckpt", "--unfold-batch-norm", "--strict")
    assert thawed.exit == 1
    assert thawed.report["unfolded"] == []
    assert "--unfold-batch-norm" in thawed.error
