"""SavedModels that thaw writes: every way in which TensorFlow opens one, and what becomes of it afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import continued_training
import graph_files
import other_keras
import thaw_tool
import warm
from strict_tf import session, tf, v1

DIGITS = thaw_tool.REPOSITORY / "demo" / "digits.pb"


def saved(model: Path, folder: Path, *options: str) -> dict[str, Any]:
    """Thaws to `folder` alone; gives the report."""
    made = thaw_tool.save(model, folder, *options)
    assert made.exit == 0, made.error
    return made.report


def same(found: Any, truth: np.ndarray) -> bool:
    """How many threads share a sum decides its last bits."""
    return np.allclose(found, truth, rtol=1e-6, atol=1e-7)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digits") / "1"
    saved(DIGITS, folder)
    return folder


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.random.default_rng(0).uniform(size=(3, 8, 8, 1)).astype("float32")


@pytest.fixture(scope="module")
def truth(images: np.ndarray) -> np.ndarray:
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_files.load(DIGITS), name="")
    with session(graph) as opened:
        return np.asarray(opened.run("probabilities:0", {"images:0": images}))


def test_a_call_gives_what_the_frozen_graph_gave(digits: Path, images: np.ndarray, truth: np.ndarray) -> None:
    model = tf.saved_model.load(str(digits))
    assert same(model(images), truth)
    assert same(model.serve(images), truth)
    assert same(model.signatures["serving_default"](images=tf.constant(images))["probabilities"], truth)
    assert len(model.variables) == 14 and len(model.trainable_variables) == 10
    assert model.regularization_losses == []
    assert getattr(model, "conv1/kernel").shape == (3, 3, 1, 16)


def test_sessions_of_tensorflow_1(digits: Path, images: np.ndarray, truth: np.ndarray) -> None:
    with tf.Graph().as_default() as graph, session(graph) as opened:
        meta = v1.saved_model.load(opened, ["serve"], str(digits))
        info = meta.signature_def["serving_default"]
        feed, fetch = info.inputs["images"].name, info.outputs["probabilities"].name
        assert same(opened.run(fetch, {feed: images}), truth)
        loss = tf.reduce_sum(tf.math.log(graph.get_tensor_by_name(fetch))[:, 3])
        step = v1.train.GradientDescentOptimizer(0.01).minimize(-loss)
        before = opened.run(loss, {feed: images})
        opened.run(step, {feed: images})
        assert opened.run(loss, {feed: images}) > before


def test_a_saver_of_names(digits: Path, images: np.ndarray, truth: np.ndarray) -> None:
    reader = tf.train.load_checkpoint(str(digits / "variables" / "variables"))
    assert reader.get_tensor("conv1/kernel").shape == (3, 3, 1, 16)
    model = tf.saved_model.load(str(digits))
    model.trainable_variables[0].assign_add([1.0] * 16)
    assert not np.array_equal(model(images), truth)
    tf.train.Checkpoint(variables=list(model.variables)).read(
        str(digits / "variables" / "variables")
    ).expect_partial()
    assert same(model(images), truth)


def test_the_command_line_of_tensorflow(digits: Path, tmp_path: Path, images: np.ndarray, truth: np.ndarray) -> None:
    np.save(tmp_path / "in.npy", images)
    command = [warm.python(), "-m", "tensorflow.python.tools.saved_model_cli", "run", "--dir", str(digits)]
    command += ["--tag_set", "serve", "--signature_def", "serving_default", "--outdir", str(tmp_path)]
    environment = {**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0"}
    done = subprocess.run(
        [*command, "--inputs", f"images={tmp_path}/in.npy"], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]
    assert np.allclose(np.load(tmp_path / "probabilities.npy"), truth, rtol=1e-6)


def test_tflite(digits: Path, images: np.ndarray, truth: np.ndarray) -> None:
    lite = tf.lite.TFLiteConverter.from_saved_model(str(digits)).convert()
    run = tf.lite.Interpreter(model_content=lite).get_signature_runner()
    for image, expected in zip(images, truth, strict=True):
        assert np.allclose(run(images=image[None])["probabilities"][0], expected, atol=1e-5)


def test_moved_and_saved_and_frozen_again(
    digits: Path, tmp_path: Path, images: np.ndarray, truth: np.ndarray
) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(digits, moved)
    model = tf.saved_model.load(str(moved))
    tf.saved_model.save(model, str(tmp_path / "again"), signatures=model.signatures)
    again = tf.saved_model.load(str(tmp_path / "again"))
    assert same(again.signatures["serving_default"](images=tf.constant(images))["probabilities"], truth)
    frozen = thaw_tool.freeze(moved, tmp_path / "frozen.pb")
    assert frozen.exit == 0, frozen.error
    graphs = [graph_files.load(path) for path in (DIGITS, tmp_path / "frozen.pb")]
    assert list(graphs[0].node) == list(graphs[1].node) and not graphs[1].library.function
    second = saved(tmp_path / "frozen.pb", tmp_path / "second")
    assert [v["name"] for v in second["variables"]] == [v["name"] for v in saved(DIGITS, tmp_path / "b")["variables"]]
    for name in ("variables/variables.data-00000-of-00001", "variables/variables.index"):
        assert (tmp_path / "second" / name).read_bytes() == (moved / name).read_bytes(), name


def _state() -> Any:
    """Counts its calls, as DeepSpeech keeps what it heard."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 2], "x")
        kernel = tf.constant(np.arange(6, dtype="float32").reshape(2, 3) / 7, name="kernel")
        calls = v1.Variable(np.full([1], 2.0, "float32"), use_resource=False, name="calls")
        counted = tf.identity(v1.assign_add(calls, [1.0]), "heard")
        with tf.control_dependencies([counted]):
            tf.matmul(x, tf.identity(kernel, "kernel/read"), name="product")
        tf.group(v1.assign(calls, [0.0]), name="initialize_state")
        return graph.as_graph_def()


def test_state_is_kept_between_calls(tmp_path: Path) -> None:
    (tmp_path / "state.pb").write_bytes(_state().SerializeToString())
    outputs = ("--outputs", "product,heard,initialize_state")
    report = saved(tmp_path / "state.pb", tmp_path / "s", *outputs)
    assert report["saved_model"]["objects"] and report["saved_model"]["methods"] == ["initialize_state"]
    model = tf.saved_model.load(str(tmp_path / "s"))
    heard = [float(model(tf.ones([1, 2]))["heard"][0]) for _ in range(3)]
    assert heard == [3.0, 4.0, 5.0]
    model.initialize_state()
    assert float(model(tf.ones([1, 2]))["heard"][0]) == 1.0
    assert [v.name for v in model.trainable_variables] == ["kernel:0"]
    with tf.Graph().as_default() as graph, session(graph) as opened:
        v1.saved_model.load(opened, ["serve"], str(tmp_path / "s"))
        assert float(opened.run("heard:0", {"x:0": [[1, 1]]})[0]) == 3.0


def test_tables_need_the_plain_form(tmp_path: Path) -> None:
    with tf.Graph().as_default() as graph:
        words = v1.placeholder(tf.string, [None], "words")
        table = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([1, 0], tf.int64)), -1
        )
        weights = tf.constant(np.arange(6, dtype="float32").reshape(2, 3), name="embedding")
        tf.gather(tf.identity(weights, "embedding/read"), table.lookup(words), name="rows")
        (tmp_path / "t.pb").write_bytes(graph.as_graph_def().SerializeToString())
    report = saved(tmp_path / "t.pb", tmp_path / "s", "--outputs", "rows")
    assert not report["saved_model"]["objects"] and "Table" in report["saved_model"]["why_plain"]
    model = tf.saved_model.load(str(tmp_path / "s"))
    with tf.GradientTape() as tape:
        rows = model.signatures["serving_default"](words=tf.constant(["b", "a"]))["rows"]
    assert rows.numpy().tolist() == [[0, 1, 2], [3, 4, 5]]
    assert tape.gradient(rows, model.variables)[0] is not None


@pytest.mark.parametrize("legacy", ["0", "1"])
def test_training_goes_on_as_if_nothing_had_happened(tmp_path: Path, legacy: str, request: Any) -> None:
    """Networks of Keras 3 and of tf_keras against the models that were never frozen."""
    chosen = ["dense", "lstm", "batch_norm", "transformer"]
    names = list(continued_training.ALL) if request.config.getoption("--all") else chosen
    if legacy == "1":
        names = [name for name in names if name != "rms_norm"]  # which came with Keras 3
    printed = other_keras.run(continued_training.__file__, tmp_path, *names, legacy=legacy, seconds=1200)
    assert json.loads(printed.splitlines()[-1]) == dict.fromkeys(names, "")
