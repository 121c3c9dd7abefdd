"""Frozen models of tf_keras into its own files and checkpoints: loaded, they predict the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import keras_nets
import other_keras
import thaw_tool

pytestmark = pytest.mark.long
TRIAL = Path(__file__).with_name("tf_keras_trial.py")
FILES = {  # of the target, of the result
    ".weights.h5": ("file.weights.h5", "file.weights.h5"),
    ".h5": ("file.h5", "file.h5"),
    ".model.h5": ("file.h5", "file.h5"),
    "checkpoint": ("ckpt-1", "ckpt"),
    "weights": ("ckpt", "ckpt"),
    "list": ("list.txt", "file.h5"),
}
NETS = [name for name in keras_nets.NETS if name != "rms_norm"]  # which came with Keras 3


def trial(step: str, folder: Path) -> str:
    return other_keras.run(TRIAL, step, folder, legacy="1", seconds=900)


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """By net and kind of target: what is wrong with the result."""
    folder = tmp_path_factory.mktemp("tf_keras")
    trial("make", folder)
    refused = {}
    for name in NETS:
        for kind, (given, made_as) in FILES.items():
            target, out = folder / name / kind / given, folder / name / "out" / kind / made_as
            made = thaw_tool.transplant(folder / name / "frozen.pb", target, out, "--verify")
            if made.exit != 0:
                refused[f"{name} {kind}"] = made.error + json.dumps(made.report.get("findings"))[:1500]
    return {**json.loads(trial("check", folder).splitlines()[-1]), **refused}


# tf_keras writes no layers' names into this kind of file: what they would have told is asked for, not guessed.
NAMELESS = ["named", "called_backwards", "nested", "nested_sequential"]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", NETS)
def test_predicts_the_same(name: str, kind: str, faults: dict[str, str]) -> None:
    if kind == ".weights.h5" and name in NAMELESS:
        assert "nothing tells them apart" in faults[f"{name} {kind}"]
    elif kind == "list" and name.startswith("nested"):  # names do not tell of models in models, and Keras is loud
        assert "Layer count mismatch" in faults[f"{name} {kind}"]
    else:
        assert faults[f"{name} {kind}"] == ""
