"""The guides and the README, run as they are printed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import deepspeech
import thaw_tool
from guide import BLOCK, GUIDES, Reader, fits
from keras_nets import fill, freeze
from strict_tf import tf

DEEPSPEECH = """\
import deepspeech
def build():
    return deepspeech.Training()
"""
KERAS = """\
import keras
def build():
    layers = [keras.layers.Dense(8, "relu"), keras.layers.Dense(8, "relu"), keras.layers.Dense(1)]
    return keras.Sequential([keras.Input((4,)), *layers])
"""


@pytest.fixture
def reader(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """In an empty folder, but for the demo's model."""
    (tmp_path / "digits.pb").write_bytes((thaw_tool.REPOSITORY / "demo" / "digits.pb").read_bytes())
    return Reader(tmp_path, tmp_path_factory.mktemp("bin"))


def freeze_deepspeech(folder: Path) -> None:
    (folder / "author").mkdir()
    deepspeech.train(folder / "author/truth.ckpt")
    deepspeech.freeze(folder / "author/truth.ckpt", folder / "output_graph.pb")
    (folder / "network.py").write_text(DEEPSPEECH)


def list_later_names(folder: Path) -> None:
    later = {"h": "layer_{}/weights", "b": "layer_{}/bias"}
    reader = tf.train.load_checkpoint(str(folder / "author/truth.ckpt"))
    names = {w: later[w[0]].format(w[1:]) if len(w) == 2 else w for w in deepspeech.WEIGHTS}
    shapes = {to: list(reader.get_tensor(name).shape) for name, to in names.items()}
    (folder / "later.txt").write_text("".join(f"{n} float32 {s}\n" for n, s in shapes.items()))


@pytest.mark.long
@pytest.mark.parametrize("name", ["new-head", "lost-checkpoint", "optimizers"])
def test_recorded(reader: Reader, name: str) -> None:
    """These show what they print."""
    printed = reader.follow((GUIDES / f"{name}.md").read_text())
    assert len(printed) >= 5


def test_deepspeech(reader: Reader) -> None:
    freeze_deepspeech(reader.folder)
    list_later_names(reader.folder)
    printed = reader.follow((GUIDES / "deepspeech.md").read_text())
    assert len(printed) == 5
    assert "12 of 12 weights placed: 12 by name" in printed[1]
    losses = [float(line.split()[1]) for line in printed[2].splitlines()]
    with deepspeech.training() as (made, opened):
        tf.compat.v1.train.Saver().restore(opened, str(reader.folder / "author/truth.ckpt"))
        truth = float(opened.run(made.loss, made.feed(0)))
    assert np.isclose(losses[0], truth, rtol=1e-4)
    assert losses[-1] != losses[0]
    assert "12 of 12 weights placed: 10 by your rules, 2 by name" in printed[3]
    assert tf.train.latest_checkpoint(str(reader.folder / "graph"))


def test_keras(reader: Reader) -> None:
    (reader.folder / "network.py").write_text(KERAS)
    made: dict[str, object] = {}
    exec(compile(KERAS, "network.py", "exec"), made)
    freeze(fill(made["build"](), 1), reader.folder / "frozen.pb")
    printed = reader.follow((GUIDES / "keras.md").read_text())
    assert len(printed) == 3
    assert "6 of 6 weights placed" in printed[1]
    before, after = map(float, printed[2].split())
    assert after < before


def test_tensorflow2(reader: Reader) -> None:
    printed = reader.follow((GUIDES / "tensorflow2.md").read_text())
    assert len(printed) == 8
    before, after = map(float, printed[1].split())
    assert after < before
    for line in (printed[2] + printed[3]).splitlines():
        trainable, first, last = line.split()
        assert trainable == "10" and float(last) < float(first)
    assert printed[4].split("\n")[:2] == ["(1, 10)", "10"]
    assert printed[7].strip() == "['image_feature_vector', 'serving_default'] 1 (2, 3)"


def test_readme(reader: Reader) -> None:
    """Both recorded runs, the lines of Python, and the demo's figures."""
    folder = reader.folder
    freeze_deepspeech(folder)
    (folder / "demo").mkdir()
    (folder / "digits.pb").rename(folder / "demo/digits.pb")
    with deepspeech.training() as (_, opened):
        opened.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().save(opened, str(folder / "train/model.ckpt"))
    text = (thaw_tool.REPOSITORY / "README.md").read_text()
    assert len(reader.follow(text)) == len(BLOCK.findall(text))
    script = thaw_tool.REPOSITORY / "demo/continue_training.py"
    trained = reader.run(["python", str(script), "out/digits.ckpt"]).splitlines()
    recorded = re.search(r"```text\n(before:.*?)```", text, re.DOTALL)
    assert recorded is not None
    assert fits(["...", *recorded[1].splitlines(), "..."], trained, exact=False)


def test_every_guide_is_run_and_linked() -> None:
    known = {"new-head", "lost-checkpoint", "optimizers", "deepspeech", "keras", "tensorflow2"}
    assert {path.stem for path in GUIDES.glob("*.md")} == known
    text = (thaw_tool.REPOSITORY / "README.md").read_text()
    assert known == set(re.findall(r"\(docs/guides/([\w-]+)\.md\)", text))
