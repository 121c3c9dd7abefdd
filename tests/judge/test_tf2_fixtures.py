"""Networks of TensorFlow 2 against what they were before they were frozen: a few here, all of them by tf2_fixtures.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRIAL = Path(__file__).with_name("tf2_trial.py")
# Loops that grappler folds, of layers and of modules, norms, weights that are cut apart.
CHOSEN = {"0": ["lstm", "looped", "batch_norm"], "1": ["gru", "separable1d"]}
RECIPES = ["functional", "saved", "folded"]


@pytest.mark.parametrize("legacy", sorted(CHOSEN))
def test_networks_are_what_they_were(legacy: str) -> None:
    done = subprocess.run(
        [sys.executable, str(TRIAL), ",".join(RECIPES), *CHOSEN[legacy]],
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, "TF_USE_LEGACY_KERAS": legacy},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    verdicts = json.loads(done.stdout.splitlines()[-1])
    assert len(verdicts) == len(CHOSEN[legacy]) * len(RECIPES)
    for verdict in verdicts:
        for step in ("loads", "variables", "runs", "gradients", "trains"):
            assert verdict.get(step) == "ok", verdict
        is_folded = verdict["name"].endswith("folded")
        assert verdict["values"] == "ok" or is_folded, verdict
        assert verdict.get("against_original") or is_folded, verdict
        assert verdict["bit_equal"], verdict
        assert is_folded or not verdict.get("misnamed"), verdict
