"""What variables of a SavedModel's objects are called once they are thawed: as Keras and their holders call them."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graph_files
import object_models
import thaw_tool
from strict_tf import rounded, tf


def checkpoint(prefix: Path) -> dict[str, np.ndarray]:
    reader = tf.train.load_checkpoint(str(prefix))
    return {key: reader.get_tensor(key) for key in reader.get_variable_to_shape_map()}


def keras_net() -> Any:
    import keras

    keras.utils.set_random_seed(3)
    start = keras.Input((6, 6, 3))
    x = keras.layers.Conv2D(4, 3, name="stem")(start)
    x = keras.layers.Flatten()(keras.layers.Dropout(0.3)(keras.layers.BatchNormalization()(x)))
    net = keras.Model(start, keras.layers.Dense(3, name="head")(x))
    for variable in net.weights:
        if "float" in str(variable.dtype):
            variable.assign(np.abs(object_models.numbers(variable.path, *variable.shape)) + 0.1)
    return net


@pytest.mark.parametrize("way", ["export", "save", "fitted"])
def test_names_are_those_of_keras(way: str, tmp_path: Path) -> None:
    """`export` writes each variable twice, `fit` adds those of the optimizer."""
    net = keras_net()
    image = object_models.FEEDS["image"]
    if way == "fitted":
        net.compile("adam", "mse")
        net.fit(image, np.zeros((2, 3), np.float32), verbose=0)
    if way == "export":
        net.export(str(tmp_path / "model"), verbose=False)
    else:
        tf.saved_model.save(net, str(tmp_path / "model"))
    made = thaw_tool.thaw(tmp_path / "model", tmp_path / "c" / "model.ckpt", "--saved-model", str(tmp_path / "s"))
    assert made.exit == 0, made.error
    trained = {v.path: v.trainable for v in net.weights if "seed" not in v.path}
    assert {v["name"]: v["trainable"] for v in made.variables} == trained
    after = checkpoint(made.prefix)
    weights = {v.path: v.numpy() for v in net.weights}
    assert all(graph_files.same_bits(after[name], weights[name]) for name in trained)
    loaded = tf.saved_model.load(str(tmp_path / "s"))
    assert {v.name.split(":")[0] for v in loaded.trainable_variables} == {name for name, on in trained.items() if on}
    assert rounded(loaded.signatures["serving_default"](tf.constant(image))["output_0"], net(image).numpy(), 1e-6)


def test_variables_of_one_name_are_called_by_their_places(tmp_path: Path) -> None:
    holder = tf.Module()
    holder.blocks = [tf.Variable(object_models.numbers(str(i), 4, 4), name="w", trainable=i < 2) for i in range(3)]
    holder.out = tf.Variable(object_models.numbers("out", 4, 2), name="out")

    def call(x: Any) -> Any:
        for block in holder.blocks:
            x = tf.tanh(x @ block)
        return x @ holder.out

    holder.call = tf.function(call, input_signature=[tf.TensorSpec([None, 4])])
    tf.saved_model.save(holder, str(tmp_path / "model"), signatures=holder.call)
    made = thaw_tool.thaw(tmp_path / "model", tmp_path / "c" / "model.ckpt", "--verify")
    assert made.exit == 0, made.error
    found = {v["name"]: v["trainable"] for v in made.variables}
    assert found == {"blocks/0": True, "blocks/1": True, "blocks/2": False, "out": True}
    after = checkpoint(made.prefix)
    assert all(graph_files.same_bits(after[f"blocks/{i}"], block.numpy()) for i, block in enumerate(holder.blocks))
    words = [str(thaw_tool.binary()), "verify", str(tmp_path / "model"), str(made.prefix)]
    assert subprocess.run(words, capture_output=True).returncode == 0
