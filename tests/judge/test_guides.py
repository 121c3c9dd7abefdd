"""The guides, run as they are printed: python blocks in order, and each command of a console block."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import deepspeech
import thaw_tool
from strict_tf import tf

GUIDES = thaw_tool.REPOSITORY / "docs" / "guides"
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NETWORK = """\
import deepspeech
def build():
    return deepspeech.Training()
"""


def run_block(kind: str, text: str, folder: Path) -> str:
    """What the block printed."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    commands = [[sys.executable, "-c", text]]
    if kind == "console":
        typed = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
        commands = [[str(thaw_tool.binary()), *shlex.split(line)[1:]] for line in typed]
    printed = ""
    for command in commands:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        printed += done.stdout
    return printed


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with what the guide starts from."""
    author = tmp_path / "author"
    author.mkdir()
    deepspeech.train(author / "truth.ckpt")
    deepspeech.freeze(author / "truth.ckpt", tmp_path / "output_graph.pb")
    (tmp_path / "network.py").write_text(NETWORK)
    later = {"h": "layer_{}/weights", "b": "layer_{}/bias"}
    reader = tf.train.load_checkpoint(str(author / "truth.ckpt"))
    names = {w: later[w[0]].format(w[1:]) if len(w) == 2 else w for w in deepspeech.WEIGHTS}
    shapes = {to: list(reader.get_tensor(name).shape) for name, to in names.items()}
    (tmp_path / "later.txt").write_text("".join(f"{n} float32 {s}\n" for n, s in shapes.items()))
    return tmp_path


def test_deepspeech(desk: Path) -> None:
    printed = [
        run_block(kind, text, desk) for kind, text in BLOCK.findall((GUIDES / "deepspeech.md").read_text())
    ]
    assert len(printed) == 5
    assert "12 of 12 weights placed: 12 by name" in printed[1]
    losses = [float(line.split()[1]) for line in printed[2].splitlines()]
    with deepspeech.training() as (made, opened):
        tf.compat.v1.train.Saver().restore(opened, str(desk / "author/truth.ckpt"))
        truth = float(opened.run(made.loss, made.feed(0)))
    assert np.isclose(losses[0], truth, rtol=1e-4)
    assert losses[-1] != losses[0]
    assert "12 of 12 weights placed: 10 by your rules, 2 by name" in printed[3]
    assert tf.train.latest_checkpoint(str(desk / "graph"))
