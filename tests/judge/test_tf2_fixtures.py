"""Networks of TensorFlow 2 against what they were before they were frozen: a few here, all of them by tf2_fixtures.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import other_keras

TRIAL = Path(__file__).with_name("tf2_trial.py")
# Loops that grappler folds, of layers and of modules, norms, weights that are cut apart.
CHOSEN = {"0": ["lstm", "looped", "batch_norm"], "1": ["gru", "separable1d"]}
RECIPES = ["functional", "saved", "folded"]


@pytest.mark.parametrize("legacy", sorted(CHOSEN))
def test_networks_are_what_they_were(legacy: str) -> None:
    printed = other_keras.run(TRIAL, ",".join(RECIPES), *CHOSEN[legacy], legacy=legacy, seconds=600)
    verdicts = json.loads(printed.splitlines()[-1])
    assert len(verdicts) == len(CHOSEN[legacy]) * len(RECIPES)
    for verdict in verdicts:
        for step in ("loads", "variables", "runs", "gradients", "trains"):
            assert verdict.get(step) == "ok", verdict
        is_folded = verdict["name"].endswith("folded")
        assert verdict["values"] == "ok" or is_folded, verdict
        assert verdict.get("against_original") or is_folded, verdict
        assert verdict["bit_equal"], verdict
        assert is_folded or not verdict.get("misnamed"), verdict
