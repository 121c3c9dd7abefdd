"""Every own model, thawed in both styles: what was found is what was trained, and it goes on training."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graph_files
import original
import table
import thaw_tool
import trial
from strict_tf import tf

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "models"))
import catalogue  # noqa: E402

NAMES = sorted(catalogue.load_all())


def facts(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "truth.json").read_text()))


@pytest.mark.parametrize("name", NAMES)
def test_found_is_what_was_trained(name: str, models: Path, tmp_path: Path) -> None:
    folder = models / name
    truth = facts(folder)
    weights = {w["constant"]: w for w in truth["weights"]}
    thawed = thaw_tool.thaw(folder / "frozen.pb", tmp_path / "model.ckpt")
    assert thawed.exit == 0, thawed.error
    assert thawed.found == weights.keys()
    for variable in thawed.variables:
        weight = weights[variable["node"]]
        assert variable["trainable"] == weight["trainable"], variable["node"]
        assert variable["derived"] == (weight["relation"] == "derived"), variable["node"]
        if truth["named"] and weight["key"]:
            assert variable["key"] == weight["key"]
        assert_value(thawed, variable, weight, folder)


def assert_value(
    thawed: thaw_tool.Thawed, variable: dict[str, Any], weight: dict[str, Any], folder: Path
) -> None:
    """The thawed value against the checkpoint of the training that made the model."""
    if weight["relation"] == "derived":
        return  # several variables in one; the trial compares it with the constant
    truth = tf.train.load_checkpoint(str(folder / "truth.ckpt")).get_tensor(weight["key"])
    ours = tf.train.load_checkpoint(str(thawed.prefix)).get_tensor(variable["key"])
    if weight["relation"] == "cast":
        truth, ours = np.asarray(truth, np.float16), np.asarray(ours, np.float16)
    assert graph_files.same_bits(ours, truth), variable["node"]


@pytest.mark.product
@pytest.mark.parametrize("style", table.STYLES)
@pytest.mark.parametrize("name", NAMES)
def test_trial(name: str, style: str, models: Path, tmp_path: Path) -> None:
    folder = models / name
    truth = facts(folder)
    with np.load(folder / "feed.npz") as stored:
        feed = {key + ":0": stored[key] for key in stored.files}
    seen = original.examine(folder / "frozen.pb", feed, truth)
    assert bool(seen.import_error) != truth["imports"]
    made = thaw_tool.thaw(folder / "frozen.pb", tmp_path / "thawed" / "model.ckpt", "--variables", style)
    verdict = trial.trial(seen, made, tmp_path, truth["refreezes"]).as_dict()
    wrong = [
        f"{step}: {verdict[step]}"
        for step in (*table.STEPS, "refrozen")
        if verdict[step] not in ("", "ok") and not table.is_accepted(step, verdict[step])
    ]
    assert not wrong
    done = [
        step for step in ("imports", "restores", "values", "runs", "initialises") if verdict[step] == "ok"
    ]
    assert len(done) == 5
    assert verdict["gradients"] == "ok"
    assert verdict["sgd"] == verdict["adam"] == verdict["saves"] == "ok"
    assert not verdict["none"]
