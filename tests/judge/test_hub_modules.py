"""Modules of TensorFlow Hub's first format: one graph without tags, one for training, signatures of their own names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graph_files
import imported
import thaw_tool
import variable_models
from strict_tf import rounded, session, tf, v1
from uneven_loss import dense, uneven_loss

X = variable_models.X
TRAINED = {"net/kernel", "net/norm/beta", "net/norm/gamma"}


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub") / "module"
    variable_models.save_module(folder)
    return folder


def of_session(module: Path, tags: list[str]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """What the module computes, and the gradients of its variables."""
    with tf.Graph().as_default() as graph, session(graph) as runs:
        v1.saved_model.load(runs, tags, str(module))
        features = graph.get_tensor_by_name("net/features:0")
        value = runs.run(features, {"x:0": X})
    with tf.Graph().as_default() as graph, session(graph) as runs:
        v1.saved_model.load(runs, tags, str(module))
        features = graph.get_tensor_by_name("net/features:0")
        weights = [v for v in v1.trainable_variables() if v.op.name in TRAINED]
        gradients = runs.run(v1.gradients(uneven_loss([(features, value)]), weights), {"x:0": X})
        return value, dict(zip([v.op.name for v in weights], gradients, strict=True))


@pytest.mark.parametrize("tags", [[], ["train"]], ids=["without tags", "train"])
def test_a_graph_of_a_module(module: Path, tags: list[str], tmp_path: Path) -> None:
    options = ["--tag-set", ",".join(tags), "--signature", "image_feature_vector"]
    made = thaw_tool.thaw(module, tmp_path / "c" / "model.ckpt", "--saved-model", str(tmp_path / "s"), *options)
    assert made.exit == 0, made.error
    assert made.report["warnings"] == []
    value, gradients = of_session(module, tags)
    model = tf.saved_model.load(str(tmp_path / "s"))
    assert {v.name.split(":")[0] for v in model.variables if v.trainable} == TRAINED == gradients.keys()
    with tf.GradientTape() as tape:
        features = model.signatures["image_feature_vector"](images=tf.constant(X))["default"]
        loss = uneven_loss([(features, value)])
    assert rounded(features, value)
    trained = [v for v in model.variables if v.trainable]
    for variable, gradient in zip(trained, tape.gradient(loss, trained), strict=True):
        assert rounded(dense(gradient), gradients[variable.name.split(":")[0]], 1e-6), variable.name
    # What one of the graphs does not read is in the checkpoint all the same: it is for both.
    with_statistics = {"net/norm/moving_mean", "net/norm/moving_variance"} | TRAINED | {"rows"}
    reader = tf.train.load_checkpoint(str(made.prefix))
    assert set(reader.get_variable_to_shape_map()) == with_statistics


def test_the_graphs_differ(module: Path) -> None:
    assert not rounded(of_session(module, [])[0], of_session(module, ["train"])[0], 1e-3)


def test_nothing_said_takes_the_graph_without_tags(module: Path, tmp_path: Path) -> None:
    made = thaw_tool.thaw(module, tmp_path / "model.ckpt")
    assert made.exit == 0, made.error
    assert ["--tag-set train" in warning for warning in made.report["warnings"]] == [True]
    assert {v["name"] for v in made.variables if not v["trainable"]} == {"net/norm/moving_mean", "net/norm/moving_variance"}
    assert set(imported.meta_graph(made.prefix).signature_def) >= {"default", "image_feature_vector", "words"}
    wrong = thaw_tool.thaw(module, tmp_path / "other.ckpt", "--tag-set", "serve")
    assert wrong.exit == 2
    assert "without tags; tagged 'train'" in wrong.error and "--tag-set serve,gpu; '' for none" in wrong.error


@pytest.mark.parametrize("tags", [[], ["train"]], ids=["asset", "train"])
def test_words_of_a_module(module: Path, tags: list[str], tmp_path: Path) -> None:
    made = thaw_tool.thaw(module, tmp_path / "model.ckpt", "--tag-set", ",".join(tags), "--signature", "words")
    assert made.exit == 0, made.error
    fed: dict[str, Any] = {"words:0": np.array([b"c", b"?", b"a"])}
    with tf.Graph().as_default() as graph, session(graph) as runs:
        v1.saved_model.load(runs, tags, str(module))
        runs.run(v1.tables_initializer())
        was = runs.run("by_word:0", fed)
    graph, saver = imported.import_set(made.prefix)
    with graph.as_default(), imported.restored(graph, saver, made.prefix) as runs:
        runs.run(v1.tables_initializer())
        assert graph_files.same_bits(runs.run("by_word:0", fed), was)
