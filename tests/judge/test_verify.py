"""`thaw verify` on what TensorFlow writes, trains and loads; a sample of the corruptions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corruptions
import entry_corruptions  # noqa: F401  (adds its own)
import graph_corruptions  # noqa: F401  (the same)
import meta_corruptions  # noqa: F401  (the same)
import sound_checkpoints
import thaw_tool
import verify_corruptions
from corruptions import Sound
from strict_tf import session, tf, v1
from verify_corpus import verify

SAMPLE = 60


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[Sound]:
    return verify_corruptions.subjects(tmp_path_factory.mktemp("sound"), None)


def test_sound_ones_pass(sounds: list[Sound]) -> None:
    for sound in sounds:
        code, report, error = verify_corruptions.verify(sound, sound.folder)
        assert code == 0, (sound.name, report.get("problems"), error)
        assert report["warnings"] == [], sound.name


@pytest.mark.parametrize("seed", range(1, SAMPLE + 1))
def test_damage_is_found(seed: int, sounds: list[Sound], tmp_path: Path) -> None:
    done = verify_corruptions.trial(seed, sounds, tmp_path)
    assert done is None or not done[1], done


def test_every_kind_of_damage_applies_somewhere(sounds: list[Sound], tmp_path: Path) -> None:
    kinds = len(corruptions.ALL)
    missed = [
        i
        for i in range(kinds)
        if not any(verify_corruptions.trial(i + kinds * turn, sounds, tmp_path) for turn in range(1, 4))
    ]
    assert [sorted(corruptions.ALL)[i] for i in missed] == []


@pytest.fixture
def thawed(mlp: Path, tmp_path: Path) -> thaw_tool.Thawed:
    made = thaw_tool.thaw(mlp, tmp_path / "thawed" / "model.ckpt")
    assert made.exit == 0, made.error
    return made


def trained(made: thaw_tool.Thawed, prefix: Path, rate: float) -> None:
    """One step in TensorFlow, saved with its own graph."""
    with tf.Graph().as_default() as graph, session(graph) as runs:
        saver = v1.train.import_meta_graph(str(made.prefix) + ".meta")
        weights = v1.trainable_variables()
        loss = tf.add_n([tf.reduce_sum(tf.square(w)) for w in weights])
        step = v1.train.GradientDescentOptimizer(rate).minimize(loss)
        saver.restore(runs, str(made.prefix))
        runs.run(step)
        v1.train.Saver().save(runs, str(prefix))


def test_a_trained_checkpoint_has_other_numbers_and_the_same_graph(
    mlp: Path, thawed: thaw_tool.Thawed, tmp_path: Path
) -> None:
    prefix = tmp_path / "trained" / "model.ckpt"
    trained(thawed, prefix, 1e-3)
    code, report, error = verify(mlp, prefix)
    assert code == 1, error
    assert {p["kind"] for p in report["problems"]} == {"differs"}
    reader, before = tf.train.load_checkpoint(str(prefix)), tf.train.load_checkpoint(str(thawed.prefix))
    for problem in report["problems"]:
        now, was = reader.get_tensor(problem["key"]), before.get_tensor(problem["key"])
        largest = np.max(np.abs(now.astype(np.float64) - was.astype(np.float64)))
        assert problem["delta"]["largest"] == pytest.approx(largest, rel=1e-12)
        assert problem["delta"]["changed"] == np.count_nonzero(now != was)
    assert {c["name"] for c in report["checks"] if not c["passed"]} == {"weights"}
    code, report, error = verify(mlp, prefix, "--tolerance", "10")
    assert code == 0, (report, error)


def test_training_that_changed_nothing_passes(mlp: Path, thawed: thaw_tool.Thawed, tmp_path: Path) -> None:
    prefix = tmp_path / "trained" / "model.ckpt"
    trained(thawed, prefix, 0.0)
    code, report, error = verify(mlp, prefix)
    assert code == 0, (report.get("problems"), error)


def test_transplanted_into_objects(mlp: Path, thawed: thaw_tool.Thawed, tmp_path: Path) -> None:
    """Names of TensorFlow 2 are in the object graph."""
    before = tf.train.load_checkpoint(str(thawed.prefix))
    shapes: dict[str, Any] = before.get_variable_to_shape_map()
    with tf.Graph().as_default(), v1.Session():
        pass
    variables = [tf.Variable(tf.zeros(shape), name=name) for name, shape in sorted(shapes.items())]
    path = tf.train.Checkpoint(variables=variables).write(str(tmp_path / "into"))
    made = thaw_tool.transplant(mlp, Path(path), tmp_path / "out" / "model.ckpt")
    assert made.exit == 0, made.error
    code, report, error = verify(mlp, made.prefix)
    assert code == 0, (report.get("problems"), error)
    assert [c["name"] for c in report["checks"]] == ["index", "data", "objects", "weights"]
