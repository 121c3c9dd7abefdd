"""Files that tables are filled from, of a SavedModel that becomes another one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorflow.core.protobuf import saved_model_pb2

import thaw_tool
import variable_models
from strict_tf import session, tf, v1

WORDS = tf.constant(["b", "?"])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original") / "model"
    variable_models.save_v1_saved_model(folder, [["serve"]], True)
    (folder.parent / "words.txt").unlink()  # which the graph names, and the loader does not
    return folder


def rows_of(folder: Path) -> Any:
    with tf.Graph().as_default() as graph, session(graph) as runs:
        v1.saved_model.load(runs, ["serve"], str(folder))
        return runs.run("by_text:0", {"text:0": WORDS.numpy()})


def test_go_along(original: Path, tmp_path: Path) -> None:
    made = thaw_tool.save(original, tmp_path / "made")
    assert made.exit == 0, made.error
    assert any(file["path"].endswith("assets/words.txt") for file in made.report["files"])
    shutil.move(tmp_path / "made", tmp_path / "elsewhere")
    np.testing.assert_array_equal(rows_of(tmp_path / "elsewhere"), rows_of(original))
    model = tf.saved_model.load(str(tmp_path / "elsewhere"))
    with tf.GradientTape() as tape:
        (rows,) = model.signatures["text"](WORDS).values()
    np.testing.assert_array_equal(rows, rows_of(original))
    taken = {v.name: g for v, g in zip(model.variables, tape.gradient(rows, model.variables), strict=True)}
    np.testing.assert_array_equal(tf.convert_to_tensor(taken["rows:0"])[:, 0], [1, 0, 1, 0])
    again = thaw_tool.save(tmp_path / "elsewhere", tmp_path / "again")
    assert again.exit == 0, again.error
    np.testing.assert_array_equal(rows_of(tmp_path / "again"), rows_of(original))


def test_of_tensorflow_2(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("a\nb\nc\n")

    class Net(tf.Module):
        def __init__(self) -> None:
            start = tf.lookup.TextFileInitializer(
                str(tmp_path / "words.txt"),
                tf.string,
                tf.lookup.TextFileIndex.WHOLE_LINE,
                tf.int64,
                tf.lookup.TextFileIndex.LINE_NUMBER,
            )
            self.table = tf.lookup.StaticHashTable(start, -1)
            self.rows = tf.Variable(np.arange(12, dtype=np.float32).reshape(4, 3), name="rows")

        @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "text")])
        def __call__(self, text: Any) -> Any:
            return {"row": tf.gather(self.rows, self.table.lookup(text) + 1)}

    net = Net()
    truth = net(WORDS)["row"]
    tf.saved_model.save(net, str(tmp_path / "net"), signatures=net.__call__)
    (tmp_path / "words.txt").unlink()
    made = thaw_tool.save(tmp_path / "net", tmp_path / "made")
    assert made.exit == 0, made.error
    model = tf.saved_model.load(str(tmp_path / "made"))
    with tf.GradientTape() as tape:
        row = model.signatures["serving_default"](WORDS)["row"]
    np.testing.assert_array_equal(row, truth)
    (rows,) = (v for v in model.variables if v.name == "rows:0")
    assert tape.gradient(row, rows) is not None


def test_that_are_gone_are_told(original: Path, tmp_path: Path) -> None:
    shutil.copytree(original, tmp_path / "model")
    (tmp_path / "model" / "assets" / "words.txt").unlink()
    made = thaw_tool.save(tmp_path / "model", tmp_path / "made")
    assert made.exit == 0, made.error
    assert any("assets/words.txt" in warning for warning in made.report["warnings"])
    (tmp_path / "made" / "assets").mkdir()
    (tmp_path / "made" / "assets" / "words.txt").write_text("a\nb\nc\n")
    np.testing.assert_array_equal(rows_of(tmp_path / "made"), rows_of(original))


@pytest.mark.parametrize("name", ["../words.txt", "/etc/hostname", "", "a/../../b", ".", "words\0.txt", "folder/"])
def test_that_lie_elsewhere_are_refused(name: str, original: Path, tmp_path: Path) -> None:
    shutil.copytree(original, tmp_path / "model")
    file = tmp_path / "model" / "saved_model.pb"
    message = saved_model_pb2.SavedModel.FromString(file.read_bytes())
    message.meta_graphs[0].asset_file_def.add(filename=name).tensor_info.name = "words_file:0"
    file.write_bytes(message.SerializeToString())
    refused = thaw_tool.save(tmp_path / "model", tmp_path / "made")
    assert refused.exit == 3 and "asset" in refused.error, refused
    assert not (tmp_path / "made").exists()
    assert thaw_tool.thaw(tmp_path / "model", tmp_path / "checkpoint" / "m.ckpt").exit == 0
