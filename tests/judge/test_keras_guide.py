"""docs/guides/keras.md, run as it is printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from keras_nets import fill, freeze
from test_guides import BLOCK, GUIDES, run_block

NETWORK = """\
import keras
def build():
    layers = [keras.layers.Dense(8, "relu"), keras.layers.Dense(8, "relu"), keras.layers.Dense(1)]
    return keras.Sequential([keras.Input((4,)), *layers])
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "network.py").write_text(NETWORK)
    made: dict[str, object] = {}
    exec(compile(NETWORK, "network.py", "exec"), made)
    freeze(fill(made["build"](), 1), tmp_path / "frozen.pb")
    return tmp_path


def test_keras(desk: Path) -> None:
    printed = [run_block(kind, text, desk) for kind, text in BLOCK.findall((GUIDES / "keras.md").read_text())]
    assert len(printed) == 3
    assert "6 of 6 weights placed" in printed[1]
    before, after = map(float, printed[2].split())
    assert after < before
