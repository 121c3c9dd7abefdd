"""The examples run as they are, and do what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import warm
from strict_tf import tf, v1

ROOT = Path(__file__).resolve().parents[2]
DIGITS = ROOT / "demo/digits.pb"


def run(name: str, *words: str | Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    command = [warm.python(), str(ROOT / "examples" / name), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def answers(frozen: Path, images: np.ndarray) -> np.ndarray:
    with tf.Graph().as_default(), v1.Session() as session:
        tf.import_graph_def(v1.GraphDef.FromString(frozen.read_bytes()), name="")
        return session.run("probabilities:0", {"images:0": images})


def losses(printed: str) -> tuple[float, float]:
    found = re.search(r"loss: ([\d.]+) at first, ([\d.]+) in the end", printed)
    assert found, printed
    return float(found[1]), float(found[2])


def test_fine_tune_tf1(tmp_path: Path) -> None:
    printed = run("fine_tune_tf1.py", DIGITS, tmp_path)
    first, last = losses(printed)
    assert last < 0.7 * first
    assert "46 nodes equal" in printed and "4 equal, 10 changed" in printed
    with tf.Graph().as_default() as graph, v1.Session() as session:
        tf.import_graph_def(v1.GraphDef.FromString((tmp_path / "tuned.pb").read_bytes()), name="")
        answers = session.run(graph.get_tensor_by_name("probabilities:0"), {"images:0": np.zeros((2, 8, 8, 1))})
    assert np.allclose(answers.sum(1), 1)


def test_fine_tune_tf1_with_data(tmp_path: Path) -> None:
    """Everything is a seven now: what is in the file is what is learned."""
    images = np.random.default_rng(5).uniform(size=(64, 8, 8, 1))
    np.savez(tmp_path / "mine.npz", x=images, y=np.eye(10)[np.full(64, 7)])
    first, last = losses(run("fine_tune_tf1.py", DIGITS, tmp_path, "--data", tmp_path / "mine.npz"))
    assert last < 0.7 * first
    before, after = (answers(path, images)[:, 7].mean() for path in (DIGITS, tmp_path / "tuned.pb"))
    assert after > before + 0.2


def test_fine_tune_keras(tmp_path: Path) -> None:
    first, last = losses(run("fine_tune_keras.py", DIGITS, tmp_path / "tuned.keras"))
    assert last < 0.7 * first
    tuned = keras.models.load_model(tmp_path / "tuned.keras")
    assert tuned.output_shape == (None, 2)


def test_the_keras_network_is_that_of_the_model() -> None:
    sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "python")]
    import fine_tune_keras

    model = fine_tune_keras.network()
    fine_tune_keras.take_weights(model, str(DIGITS))
    images = np.random.default_rng(3).uniform(size=(5, 8, 8, 1)).astype(np.float32)
    with tf.Graph().as_default() as graph, v1.Session() as session:
        tf.import_graph_def(v1.GraphDef.FromString(DIGITS.read_bytes()), name="")
        known = session.run("probabilities:0", {"images:0": images})
        assert graph.get_operations()
    assert np.allclose(model.predict(images, verbose=0), known, atol=1e-6)


def python_with_torch() -> str | None:
    """This one, or the system's."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import torch, numpy"], capture_output=True, check=False).returncode == 0:
            return python
    return None


def test_to_pytorch(tmp_path: Path) -> None:
    python = python_with_torch()
    if python is None:
        pytest.skip("no Python here has torch (Debian: python3-torch)")
    images = np.random.default_rng(3).uniform(size=(5, 8, 8, 1)).astype(np.float32)
    np.save(tmp_path / "images.npy", images)
    code = (
        "import sys, numpy, torch, to_pytorch\n"
        "module = to_pytorch.converted(sys.argv[1])\n"
        "images = torch.from_numpy(numpy.load(sys.argv[2])).permute(0, 3, 1, 2)\n"
        "numpy.save(sys.argv[3], module(images).detach().numpy())\n"
    )
    path = os.pathsep.join([str(ROOT / "python"), str(ROOT / "examples")])
    words = [python, "-c", code, str(DIGITS), str(tmp_path / "images.npy"), str(tmp_path / "answers.npy")]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False)
    if python != sys.executable and "tfthaw._core" in done.stderr:
        pytest.skip("the Python that has torch is of another version than the module")
    assert done.returncode == 0, done.stderr[-3000:]
    with tf.Graph().as_default(), v1.Session() as session:
        tf.import_graph_def(v1.GraphDef.FromString(DIGITS.read_bytes()), name="")
        known = session.run("probabilities:0", {"images:0": images})
    assert np.allclose(np.load(tmp_path / "answers.npy"), known, atol=1e-5)
