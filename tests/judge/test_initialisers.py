"""What initialisers assign, in every way that scripts use them: loud or right, never quietly wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import graph_files
import scenarios
import thaw_tool
from strict_tf import first_line, tf

STYLES = ("resource", "ref")

# scenario -> what --init nan, restore and value leave.
EXPECTED = {
    "initialise_only": ("nan", "weights", "weights"),
    "initialise_fed_with_the_prefix": ("nan", "weights", "weights"),
    "restore_then_initialise": ("nan", "weights", "weights"),
    "initialise_then_restore": ("weights", "weights", "weights"),
    "restore_then_initialise_what_is_missing": ("trained", "trained", "trained"),
    "train_then_initialise": ("nan", "weights", "weights"),
    "monitored_session_alone": ("nan", "trained", "trained"),
    "monitored_session_with_init_fn": ("trained", "trained", "trained"),
    "monitored_session_initialising_the_others": ("trained", "trained", "trained"),
    "supervisor_on_the_folder": ("weights", "weights", "weights"),
    "supervisor_with_init_fn": ("trained", "trained", "trained"),
    "saved_model_without_init_op": ("weights", "weights", "weights"),
    "saved_model_with_init_op": ("nan", "weights", "weights"),
    "moved_initialise_only": ("nan", "nan", "weights"),
    "moved_initialise_fed_with_the_prefix": ("nan", "weights", "weights"),
    "moved_initialise_then_restore": ("weights", "weights", "weights"),
    "moved_restore_then_initialise": ("nan", "nan", "weights"),
}
KINDS = ("nan", "restore", "value")


def test_the_table_is_complete() -> None:
    assert EXPECTED.keys() == scenarios.SCENARIOS.keys()
    assert len(EXPECTED) == 17


@pytest.mark.product
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", EXPECTED)
def test_scenario(name: str, kind: str, style: str, mlp: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "thawed" / "model.ckpt"
    thawed = thaw_tool.thaw(mlp, prefix, "--init", kind, "--variables", style)
    assert thawed.exit == 0, thawed.error
    constants = graph_files.constants(graph_files.load(mlp))
    made = scenarios.Set(
        prefix, {v["name"]: graph_files.value(constants[v["node"]]) for v in thawed.variables}
    )
    try:
        with tf.Graph().as_default():
            left = scenarios.SCENARIOS[name](made)
        left = left() if callable(left) else left
    except tf.errors.OpError as error:
        left = first_line(error)
    assert left == EXPECTED[name][KINDS.index(kind)]


def test_nan_initialisers_depend_on_nothing_outside(mlp: Path, tmp_path: Path) -> None:
    """No path and no weight is in the MetaGraph, and two runs give the same bytes."""
    first = thaw_tool.thaw(mlp, tmp_path / "a" / "model.ckpt")
    second = thaw_tool.thaw(mlp, tmp_path / "b" / "model.ckpt")
    for member in ("meta", "index", "data-00000-of-00001"):
        bytes_ = [Path(f"{made.prefix}.{member}").read_bytes() for made in (first, second)]
        assert bytes_[0] == bytes_[1], member
    assert str(tmp_path).encode() not in Path(f"{first.prefix}.meta").read_bytes()


@pytest.mark.parametrize("style", STYLES)
def test_other_types_are_zero_or_empty(style: str, models: Path, tmp_path: Path) -> None:
    """Integers, flags and strings cannot be NaN."""
    thawed = thaw_tool.thaw(models / "counters" / "frozen.pb", tmp_path / "model.ckpt", "--variables", style)
    assert {"global_step", "labels", "active"} <= thawed.found
    with tf.Graph().as_default() as graph, scenarios.session(graph) as opened:
        tf.compat.v1.train.import_meta_graph(f"{thawed.prefix}.meta")
        scenarios.initialise()(opened)
        values = {v.op.name: opened.run(v) for v in tf.compat.v1.global_variables()}
    assert values["global_step"] == 0
    assert values["labels"].tolist() == [b"", b"", b""]
    assert not values["active"].any()
