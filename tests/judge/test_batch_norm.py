"""--bn batch: what the layers of Keras do in training, and bit for bit the frozen graph while nobody trains."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

import table
import thaw_tool
from norm_truth import BATCH, LAYERS, MOMENTUM, Truth, loss_of
from strict_tf import rounded, session, tf, v1

@pytest.mark.product
@pytest.mark.parametrize("style", table.STYLES)
@pytest.mark.parametrize("layer", LAYERS)
def test_trains_as_the_layers_do(layer: str, style: str, tmp_path: Path) -> None:
    truth = Truth(LAYERS[layer], tmp_path)
    options = ["--bn", "batch", "--bn-momentum", str(MOMENTUM), "--variables", style, "--verify", "--strict"]
    thawed = thaw_tool.thaw(truth.frozen, tmp_path / "thawed" / "model.ckpt", *options)
    assert thawed.exit == 0, thawed.error
    assert thawed.report["batch_norms"]["training"] == "bn_training:0"
    assert not thawed.report["batch_norms"]["left"]
    with tf.Graph().as_default() as graph, session(graph) as run:
        v1.train.import_meta_graph(f"{thawed.prefix}.meta").restore(run, str(thawed.prefix))
        on, off = {"x:0": BATCH, "bn_training:0": True}, {"x:0": BATCH}
        np.testing.assert_array_equal(run.run("out:0", off), truth.at_rest)
        np.testing.assert_allclose(run.run("out:0", on), truth.training, rtol=1e-5, atol=1e-6)
        variables = v1.trainable_variables()
        assert {v.op.name for v in variables} == set(truth.gradients)
        gradients = tf.gradients(loss_of(graph.get_tensor_by_name("out:0")), variables)
        for variable, gradient in zip(variables, run.run(gradients, on), strict=True):
            assert rounded(gradient, truth.gradients[variable.op.name], 1e-6), variable.op.name
        updates = v1.get_collection(v1.GraphKeys.UPDATE_OPS)
        statistics = {v.op.name: v for v in v1.global_variables() if v.op.name in truth.before}
        for feed, expected in [(off, truth.before), (on, truth.after)]:
            run.run(updates, feed)
            for name, value in run.run(statistics).items():
                # The moments of arithmetic are added in another order.
                np.testing.assert_allclose(value, expected[name], rtol=1e-6, atol=1e-7, err_msg=name)


def test_leads_back_to_the_file(tmp_path: Path) -> None:
    truth = Truth(LAYERS["fused"], tmp_path)
    thawed = thaw_tool.thaw(truth.frozen, tmp_path / "thawed" / "model.ckpt", "--bn", "batch")
    again = tmp_path / "again.pb"
    made = thaw_tool.freeze(thawed.prefix, again)
    assert made.exit == 0, made.error
    graphs = [v1.GraphDef.FromString(path.read_bytes()) for path in (again, truth.frozen)]
    assert list(graphs[0].node) == list(graphs[1].node)
    words = [str(thaw_tool.binary()), "verify", str(truth.frozen), str(thawed.prefix)]
    checked = subprocess.run(words, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_loads_in_tensorflow_2(tmp_path: Path) -> None:
    """Signatures keep their inputs; who trains feeds the switch."""
    truth = Truth(LAYERS["fused"], tmp_path)
    thawed = thaw_tool.thaw(truth.frozen, tmp_path / "thawed" / "model.ckpt", "--bn", "batch")
    meta = v1.MetaGraphDef.FromString(Path(f"{thawed.prefix}.meta").read_bytes())
    assert list(meta.signature_def["serving_default"].inputs) == ["x"]

    def build() -> None:
        v1.train.import_meta_graph(meta)

    wrapped = v1.wrap_function(build, [])
    trained = wrapped.prune(["x:0", "bn_training:0"], "out:0")
    variables = {v.name.split(":")[0]: v for v in wrapped.variables}
    reader = tf.train.load_checkpoint(str(thawed.prefix))
    for name, variable in variables.items():
        variable.assign(reader.get_tensor(name))
    with tf.GradientTape() as tape:
        loss = loss_of(trained(tf.constant(BATCH), tf.constant(True)))
    gradients = tape.gradient(loss, [variables[name] for name in truth.gradients])
    for name, gradient in zip(truth.gradients, gradients, strict=True):
        np.testing.assert_allclose(gradient, truth.gradients[name], rtol=2e-5, atol=1e-6, err_msg=name)
    at_rest = wrapped.prune(["x:0"], "out:0")(tf.constant(BATCH))
    np.testing.assert_allclose(at_rest, truth.at_rest, rtol=2e-5, atol=1e-6)
