"""--bn batch in a SavedModel: model(x, training=True) does what the layers of Keras do, model(x) what the frozen graph did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow_hub as hub

import thaw_tool
from norm_truth import BATCH, LAYERS, MOMENTUM, Truth, loss_of
from strict_tf import rounded, tf, v1

import tf_keras  # noqa: E402  isort: skip


def thaw(frozen: Path, folder: Path, *options: str) -> dict[str, Any]:
    words = ["--bn", "batch", "--bn-momentum", str(MOMENTUM), "--strict", *options]
    thawed = thaw_tool.save(frozen, folder, *words)
    assert thawed.exit == 0, thawed.error
    assert thawed.report["saved_model"]["trains"]
    return thawed.report


def by_name(model: Any) -> dict[str, Any]:
    return {variable.name.split(":")[0]: variable for variable in model.variables}


def check_statistics(model: Any, expected: dict[str, Any]) -> None:
    variables = by_name(model)
    for name, value in expected.items():
        np.testing.assert_allclose(variables[name].numpy(), value, rtol=1e-6, atol=1e-7, err_msg=name)


def check_training(model: Any, truth: Truth) -> None:
    """The statistics move once."""
    variables = by_name(model)
    assert {v.name.split(":")[0] for v in model.trainable_variables} == set(truth.gradients)
    np.testing.assert_array_equal(model(BATCH), truth.at_rest)
    np.testing.assert_array_equal(model(BATCH, training=False), truth.at_rest)
    check_statistics(model, truth.before)
    with tf.GradientTape() as tape:
        output = model(BATCH, training=True)
        loss = loss_of(output)
    np.testing.assert_allclose(output, truth.training, rtol=1e-5, atol=1e-6)
    gradients = tape.gradient(loss, [variables[name] for name in truth.gradients])
    for name, gradient in zip(truth.gradients, gradients, strict=True):
        assert rounded(gradient.numpy(), truth.gradients[name], 1e-6), name
    check_statistics(model, truth.after)


@pytest.mark.product
@pytest.mark.parametrize("layer", LAYERS)
def test_trains_as_the_layers_do(layer: str, tmp_path: Path) -> None:
    truth = Truth(LAYERS[layer], tmp_path)
    thaw(truth.frozen, tmp_path / "made")
    check_training(tf.saved_model.load(str(tmp_path / "made")), truth)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Path]:
    folder = tmp_path_factory.mktemp("norms")
    truth = Truth(LAYERS["fused"], folder)
    thaw(truth.frozen, folder / "made")
    return truth, folder / "made"


def test_saved_and_loaded_again(made: tuple[Truth, Path], tmp_path: Path) -> None:
    truth, folder = made
    model = tf.saved_model.load(str(folder))
    tf.saved_model.save(model, str(tmp_path / "again"), signatures=model.signatures)
    check_training(tf.saved_model.load(str(tmp_path / "again")), truth)


def test_hub_passes_training_on(made: tuple[Truth, Path]) -> None:
    truth, folder = made
    layer = hub.KerasLayer(str(folder), trainable=True)
    model = tf_keras.Sequential([layer])
    np.testing.assert_array_equal(model(BATCH), truth.at_rest)
    model.compile(tf_keras.optimizers.SGD(0.0), "mse")
    model.fit(BATCH, np.zeros((len(BATCH), 3), np.float32), batch_size=len(BATCH), verbose=0)
    check_statistics(layer.resolved_object, truth.after)


def test_the_layer_of_the_guide_trains_it(made: tuple[Truth, Path]) -> None:
    """Keras tells layers whether they train."""
    truth, folder = made
    guide = (thaw_tool.REPOSITORY / "docs" / "guides" / "tensorflow2.md").read_text()
    code = next(part for part in guide.split("```") if part.startswith("python\n# thawed.py"))
    names: dict[str, Any] = {}
    exec(code.removeprefix("python"), names)
    layer = names["Thawed"](str(folder))
    model = keras.Sequential([layer])
    np.testing.assert_array_equal(model(BATCH), truth.at_rest)
    model.compile(keras.optimizers.SGD(0.0), "mse")
    model.fit(BATCH, np.zeros((len(BATCH), 3), np.float32), batch_size=len(BATCH), verbose=0)
    check_statistics(layer._model, truth.after)
    model.compile(keras.optimizers.Adam(0.01), "mse")
    losses = model.fit(BATCH, np.ones((len(BATCH), 3), np.float32), epochs=10, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


def test_sessions_have_the_switch(made: tuple[Truth, Path]) -> None:
    truth, folder = made
    with tf.Graph().as_default() as graph, v1.Session() as session:
        v1.saved_model.load(session, ["serve"], str(folder))
        on = {"x:0": BATCH, "bn_training:0": True}
        np.testing.assert_allclose(session.run("out:0", on), truth.training, rtol=1e-5, atol=1e-6)
        session.run(v1.get_collection(v1.GraphKeys.UPDATE_OPS), on)
        for name, value in truth.after.items():
            found = session.run(graph.get_operation_by_name(f"{name}/Read/ReadVariableOp").outputs[0])
            np.testing.assert_allclose(found, value, rtol=1e-6, atol=1e-7, err_msg=name)


def test_leads_back_to_the_file(made: tuple[Truth, Path], tmp_path: Path) -> None:
    truth, folder = made
    again = thaw_tool.freeze(folder, tmp_path / "again.pb")
    assert again.exit == 0, again.error
    graphs = [v1.GraphDef.FromString(path.read_bytes()) for path in (tmp_path / "again.pb", truth.frozen)]
    assert list(graphs[0].node) == list(graphs[1].node)


def test_norms_that_the_call_does_not_reach(tmp_path: Path) -> None:
    """There is nothing to train, and that is told."""
    truth = Truth(LAYERS["fused"], tmp_path)
    thawed = thaw_tool.save(truth.frozen, tmp_path / "made", "--bn", "batch", "--outputs", "conv_1/Conv2D")
    assert thawed.exit == 0, thawed.error
    assert not thawed.report["saved_model"]["trains"]
    assert any("calls no batch norm" in warning for warning in thawed.report["warnings"])
