"""Frozen Keras models into files of models that were built again: Keras loads them and predicts the same."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from typing import Any

import keras_nets
import keras
import numpy as np
import pytest
import h5py
import tensorflow as tf
from keras import layers
from keras_nets import NETS, fill, freeze, question
from tensorflow.python.tools import optimize_for_inference_lib

import thaw_tool

ENDINGS = [".weights.h5", ".keras", ".h5"]


@pytest.fixture(autouse=True)
def new_names() -> None:
    keras.utils.clear_session()


def save(model: Any, path: Path) -> Path:
    model.save_weights(path) if path.name.endswith(".weights.h5") else model.save(path)
    return path


def load(path: Path, made: Any) -> Any:
    """The result in a model: `made`, or the one that the file holds."""
    if not path.name.endswith(".weights.h5"):
        return keras.models.load_model(path)
    made.load_weights(path)
    return made


def carry_over(folder: Path, author: Any, own: Any, ending: str, *options: str) -> thaw_tool.Thawed:
    """`author` frozen, `own` as the target; whatever happens, the target stays as it is."""
    frozen = freeze(author, folder / "frozen.pb")
    target = save(own, folder / ("target" + ending))
    before = target.read_bytes()
    done = thaw_tool.transplant(frozen, target, folder / ("out" + ending), "--verify", *options)
    assert target.read_bytes() == before
    return done


def same_weights(a: Any, b: Any) -> bool:
    pairs = zip(a.weights, b.weights, strict=True)
    return all(np.array_equal(x, y) for x, y in pairs if "float" in str(x.dtype))


@pytest.mark.product
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", NETS)
def test_predicts_the_same(name: str, ending: str, tmp_path: Path) -> None:
    author = fill(NETS[name](), 1)
    keras.layers.Dense(2), keras.layers.LSTM(2), keras.layers.Conv2D(2, 2)  # other numbers in later names
    done = carry_over(tmp_path, author, fill(NETS[name](), 2), ending)
    assert done.exit == 0, done.error or done.report
    loaded = load(done.prefix, fill(NETS[name](), 4))
    assert same_weights(author, loaded)
    asked = question(author)
    assert np.array_equal(author(asked), loaded(asked))


@pytest.mark.parametrize("ending", ENDINGS)
def test_changes_nothing_but_values(ending: str, tmp_path: Path) -> None:
    done = carry_over(tmp_path, fill(NETS["dense"](), 1), fill(NETS["dense"](), 2), ending)
    assert done.exit == 0
    target, result = (tmp_path / ("target" + ending)).read_bytes(), done.prefix.read_bytes()
    assert len(target) == len(result)
    changed = sum(a != b for a, b in zip(target, result, strict=True))
    assert changed <= 3 * 20 * 4 + 8  # three layers of 16 + 4 numbers, and the checksum of the member, twice
    if ending == ".keras":
        assert zipfile.ZipFile(done.prefix).testzip() is None


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("wish", ["reset", "keep"])
def test_optimizers_begin_anew_or_go_on(ending: str, wish: str, tmp_path: Path) -> None:
    own = fill(NETS["dense"](), 2)
    own.compile(keras.optimizers.Adam(0.25), keras.losses.MeanSquaredError())
    own.fit(np.ones((4, 4)), np.ones((4, 4)), epochs=3, verbose=0)
    author = fill(NETS["dense"](), 1)
    done = carry_over(tmp_path, author, own, ending, "--slots", wish)
    assert done.exit == 0, done.error or done.report
    again = NETS["dense"]()
    again.compile(keras.optimizers.Adam(0.5), keras.losses.MeanSquaredError())
    again.optimizer.build(again.trainable_variables)
    loaded = load(done.prefix, again)
    assert same_weights(author, loaded)
    iteration, rate, *slots = loaded.optimizer.variables
    assert float(rate.numpy()) == 0.25
    assert int(iteration.numpy()) == (0 if wish == "reset" else 3)
    assert all(np.any(slot.numpy()) == (wish == "keep") for slot in slots)


def test_another_head_never_swaps_layers(tmp_path: Path) -> None:
    """Layers of one shape whose names are shifted by one, and no series that is whole."""

    def made(classes: int) -> Any:
        return keras_nets.chain((4,), *[keras_nets.of(layers.Dense, n) for n in (8, 8, 8, classes)])()

    author = fill(made(9), 1)
    keras.utils.clear_session()
    layers.Dense(2)
    done = carry_over(tmp_path, author, fill(made(5), 2), ".weights.h5", "--missing", "keep")
    if done.exit == 0:
        loaded = load(done.prefix, made(5))
        for theirs, ours in zip(author.weights[:6], loaded.weights[:6], strict=True):
            others = [w.numpy() for w in author.weights if w is not theirs]
            assert not any(np.array_equal(ours.numpy(), other) for other in others)


def test_wrong_shapes_are_listed(tmp_path: Path) -> None:
    author = fill(keras_nets.chain((4,), keras_nets.of(layers.Dense, 5, name="only"))(), 1)
    own = fill(keras_nets.chain((4,), keras_nets.of(layers.Dense, 6, name="only"))(), 2)
    done = carry_over(tmp_path, author, own, ".weights.h5")
    assert done.exit == 1
    assert {finding["kind"] for finding in done.report["findings"]} >= {"mismatch"}
    assert not done.prefix.exists()


def test_another_models_file_is_refused(tmp_path: Path) -> None:
    done = carry_over(tmp_path, fill(NETS["conv2d"](), 1), fill(NETS["lstm"](), 2), ".weights.h5")
    assert done.exit == 1
    assert not done.prefix.exists()


@pytest.mark.parametrize("options", [{"compression": "gzip"}, {"chunks": (2, 2)}])
def test_values_that_are_packed_are_refused(options: dict[str, Any], tmp_path: Path) -> None:
    frozen = freeze(fill(NETS["dense"](), 1), tmp_path / "frozen.pb")
    target = tmp_path / "target.weights.h5"
    with h5py.File(target, "w") as file:
        file.create_dataset("layers/dense/vars/0", data=np.ones((4, 4), np.float32), **options)
    done = thaw_tool.transplant(frozen, target, tmp_path / "out.weights.h5")
    assert done.exit == 3
    assert "layers/dense/vars/0" in done.error
    assert "save_weights" in done.error
    assert not done.prefix.exists()


@pytest.mark.parametrize("ending", ENDINGS)
def test_cut_files_are_refused(ending: str, tmp_path: Path) -> None:
    frozen = freeze(fill(NETS["dense"](), 1), tmp_path / "frozen.pb")
    target = save(NETS["dense"](), tmp_path / ("target" + ending))
    whole = target.read_bytes()
    for size in range(8, len(whole), len(whole) // 7):
        target.write_bytes(whole[:size])
        done = thaw_tool.transplant(frozen, target, tmp_path / ("out" + ending))
        assert done.exit == 3, size
        assert not done.prefix.exists()


def test_results_have_names_that_keras_takes(tmp_path: Path) -> None:
    frozen = freeze(fill(NETS["dense"](), 1), tmp_path / "frozen.pb")
    target = save(NETS["dense"](), tmp_path / "target.weights.h5")
    for name in ("out.keras", "out", "target.weights.h5"):
        done = thaw_tool.transplant(frozen, target, tmp_path / name, "--force")
        assert done.exit == 2, name
    shutil.copy(target, tmp_path / "there.weights.h5")
    done = thaw_tool.transplant(frozen, target, tmp_path / "there.weights.h5")
    assert done.exit == 4
    assert (tmp_path / "there.weights.h5").read_bytes() == target.read_bytes()


def folded_depthwise(path: Path) -> Path:
    """optimize_for_inference folds a fused batch normalisation into the kernel before it, which can keep its name."""
    with tf.Graph().as_default() as graph:
        ones = tf.constant(2.0, shape=[3])
        numbers = np.random.default_rng(1).uniform(size=(3, 3, 3, 1)).astype(np.float32)
        kernel = tf.constant(numbers, name="dw/kernel")
        given = tf.compat.v1.placeholder(tf.float32, [None, 6, 6, 3], "x")
        value = tf.nn.depthwise_conv2d(given, kernel, [1, 1, 1, 1], "VALID", name="dw/depthwise")
        value, *_ = tf.compat.v1.nn.fused_batch_norm(value, ones, ones, ones, ones, is_training=False, name="bn/fused")
        tf.identity(value, "y")
    plain = graph.as_graph_def()
    folded = optimize_for_inference_lib.optimize_for_inference(plain, ["x"], ["y"], tf.float32.as_datatype_enum)
    assert not any("BatchNorm" in node.op for node in folded.node)
    for node in folded.node:  # as the versions did that changed the kernel in its place
        names = [name.replace("dw/depthwise_weights", "dw/kernel") for name in (node.name, *node.input)]
        node.name, node.input[:] = names[0], names[1:]
    path.write_bytes(folded.SerializeToString())
    return path


def test_folded_depthwise_weights_are_refused(tmp_path: Path) -> None:
    depthwise = keras_nets.of(layers.DepthwiseConv2D, 3, use_bias=False, name="dw")
    target = save(keras_nets.chain((6, 6, 3), depthwise)(), tmp_path / "target.weights.h5")
    frozen = folded_depthwise(tmp_path / "frozen.pb")
    done = thaw_tool.transplant(frozen, target, tmp_path / "out.weights.h5")
    assert done.exit == 1, done.error
    assert "derived" in {finding["kind"] for finding in done.report["findings"]}, done.report["findings"]
    assert not done.prefix.exists()
