"""--bn batch: what the layers of Keras do in training, and bit for bit the frozen graph while nobody trains."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import table
import thaw_tool
from strict_tf import rounded, session, tf, v1

import tf_keras  # noqa: E402  isort: skip
from tf_keras.src import backend  # noqa: E402  isort: skip

BATCH = np.random.default_rng(7).normal(0.5, 2, (6, 5, 5, 3)).astype(np.float32)
MOMENTUM = 0.9
LAYERS: dict[str, dict[str, Any]] = {
    "fused": {"fused": True},
    "fused_without_scale": {"fused": True, "scale": False},
    "arithmetic": {"fused": False},
    "arithmetic_without_scale": {"fused": False, "scale": False},
    "arithmetic_without_center": {"fused": False, "center": False},
    "arithmetic_of_channels_first": {"fused": False, "axis": 1},
}


class Net:
    """Two norms, one behind a convolution and one behind a product, and how they train."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.conv = tf_keras.layers.Conv2D(4, 3, use_bias=False, name="conv", kernel_initializer=self._random(1))
        self.norms = [
            tf_keras.layers.BatchNormalization(
                name=f"norm{i}",
                momentum=MOMENTUM,
                **(options if i == 1 else {"fused": False}),
                beta_initializer=self._random(2),
                gamma_initializer=self._random(3),
                moving_mean_initializer=self._random(4),
                moving_variance_initializer=tf_keras.initializers.RandomUniform(0.5, 2, seed=5),
            )
            for i in (1, 2)
        ]
        self.dense = tf_keras.layers.Dense(3, name="dense", kernel_initializer=self._random(6))

    @staticmethod
    def _random(seed: int) -> Any:
        return tf_keras.initializers.RandomNormal(0.3, 0.5, seed=seed)

    def __call__(self, x: Any, training: bool) -> Any:
        x = tf.nn.relu(self.norms[0](self.conv(x), training=training))
        x = tf.reduce_mean(x, [1, 2])
        return self.dense(self.norms[1](x, training=training))


def loss_of(output: Any) -> Any:
    return tf.reduce_mean(tf.square(output - 0.3))


class Truth:
    """The graph that was trained, what it gives, and its frozen form."""

    def __init__(self, options: dict[str, Any], folder: Path) -> None:
        with tf.Graph().as_default() as graph, session(graph) as run:
            backend.set_session(run)
            x = v1.placeholder(tf.float32, [None, *BATCH.shape[1:]], name="x")
            net = Net(options)
            training = net(x, True)
            updates = [update for norm in net.norms for update in norm.updates]
            output = tf.identity(net(x, False), name="out")
            variables = v1.trainable_variables()
            gradients = tf.gradients(loss_of(training), variables)
            run.run(v1.global_variables_initializer())
            frozen = v1.graph_util.convert_variables_to_constants(run, graph.as_graph_def(), ["out"])
            self.frozen = folder / "frozen.pb"
            self.frozen.write_bytes(frozen.SerializeToString())
            self.at_rest, self.training = run.run([output, training], {x: BATCH})
            self.gradients = dict(zip([v.op.name for v in variables], run.run(gradients, {x: BATCH}), strict=True))
            statistics = [v for v in v1.global_variables() if "moving" in v.op.name]
            self.before = {v.op.name: run.run(v) for v in statistics}
            run.run(updates, {x: BATCH})
            self.after = {v.op.name: run.run(v) for v in statistics}


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
