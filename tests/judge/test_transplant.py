"""A frozen DeepSpeech back into its own training code, as TensorFlow sees it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import deepspeech
import graph_files
import thaw_tool
import warm
from strict_tf import session, tf, v1

FORUM_SCRIPT = thaw_tool.REPOSITORY / "bench" / "peers" / "forum_script.py"
SLOTS = [f"{name}/{slot}" for name in deepspeech.WEIGHTS for slot in ("Adam", "Adam_1")]
OTHERS = ["beta1_power", "beta2_power", "global_step"]


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The author's folder: truth.ckpt with its .meta, and output_graph.pb."""
    folder = tmp_path_factory.mktemp("author")
    deepspeech.train(folder / "truth.ckpt")
    deepspeech.freeze(folder / "truth.ckpt", folder / "output_graph.pb")
    return folder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody else's first run of the same code saved: other weights, the same names."""
    prefix = tmp_path_factory.mktemp("fresh") / "model.ckpt"
    with deepspeech.training() as (_, opened):
        v1.set_random_seed(7)
        opened.run(v1.global_variables_initializer())
        v1.train.Saver().save(opened, str(prefix))
    return prefix


def values(prefix: Path) -> dict[str, np.ndarray]:
    reader = tf.train.load_checkpoint(str(prefix))
    return {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}


def same(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> bool:
    return a.keys() == b.keys() and all(graph_files.same_bits(a[name], b[name]) for name in a)


def reset_losses(author: Path) -> list[float]:
    """The truth's next ten steps, with a new optimizer."""
    with deepspeech.training() as (made, opened):
        v1.train.Saver().restore(opened, str(author / "truth.ckpt"))
        extras = [v for v in v1.global_variables() if v.op.name not in deepspeech.WEIGHTS]
        assert {v.op.name for v in extras} == {*SLOTS, *OTHERS}
        opened.run(v1.variables_initializer(extras))
        return made.losses(opened)


@pytest.fixture(scope="module")
def losses(author: Path) -> list[float]:
    return reset_losses(author)


def model_deepspeech_list(author: Path, path: Path) -> Path:
    truth = values(author / "truth.ckpt")
    lines = [f"model/deepspeech/{n} {truth[n].dtype} {list(truth[n].shape)}" for n in deepspeech.WEIGHTS]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_under_a_scope_it_is_what_the_script_saves(author: Path, tmp_path: Path) -> None:
    """The forum's script rebuilds the network below `model` and assigns one variable after the other."""
    by_script = tmp_path / "script" / "model.ckpt"
    by_script.parent.mkdir()
    command = [warm.python(), str(FORUM_SCRIPT), str(author / "output_graph.pb"), str(by_script)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    made = thaw_tool.transplant(author / "output_graph.pb", by_script, tmp_path / "ours" / "model.ckpt", "--verify")
    assert made.exit == 0, made.error
    assert same(values(made.prefix), values(by_script))
    assert {entry["stage"] for entry in made.report["entries"]} == {"scope"}


def test_under_model_deepspeech_it_is_the_truth(author: Path, tmp_path: Path) -> None:
    target = model_deepspeech_list(author, tmp_path / "list.txt")
    made = thaw_tool.transplant(author / "output_graph.pb", target, tmp_path / "ours" / "model.ckpt")
    assert made.exit == 0, made.error
    truth = values(author / "truth.ckpt")
    assert same(values(made.prefix), {f"model/deepspeech/{n}": truth[n] for n in deepspeech.WEIGHTS})
    named = thaw_tool.transplant(
        author / "output_graph.pb", target, tmp_path / "named" / "model.ckpt", "--scope", "model/deepspeech"
    )
    assert same(values(named.prefix), values(made.prefix))


@pytest.mark.parametrize("target", ["checkpoint", "meta", "own checkpoint"])
def test_into_the_training_graph(
    target: str, author: Path, fresh: Path, losses: list[float], tmp_path: Path
) -> None:
    into = {
        "checkpoint": fresh,
        "meta": fresh.with_name("model.ckpt.meta"),
        "own checkpoint": author / "truth.ckpt",
    }[target]
    made = thaw_tool.transplant(author / "output_graph.pb", into, tmp_path / "out" / "model.ckpt")
    assert made.exit == 0, made.error
    assert made.report["unfrozen"] == ["previous_state_c", "previous_state_h"]
    entries = {entry["key"]: entry for entry in made.report["entries"]}
    assert entries.keys() == {*deepspeech.WEIGHTS, *SLOTS, *OTHERS}
    assert {name for name, entry in entries.items() if entry["origin"] == "weight"} == {*deepspeech.WEIGHTS}
    with deepspeech.training() as (run, opened):
        v1.train.Saver().restore(opened, str(made.prefix))
        assert int(opened.run(run.step)) == 0
        assert run.losses(opened) == losses


def test_without_a_meta_the_names_tell_the_state(
    author: Path, losses: list[float], tmp_path: Path
) -> None:
    """Only index and data of the author's checkpoint: powers and slots are reset by what they are called."""
    folder = tmp_path / "target"
    folder.mkdir()
    for suffix in (".index", ".data-00000-of-00001"):
        (folder / f"model.ckpt{suffix}").write_bytes((author / f"truth.ckpt{suffix}").read_bytes())
    made = thaw_tool.transplant(author / "output_graph.pb", folder, tmp_path / "out" / "model.ckpt")
    assert made.exit == 0, made.error
    assert not made.report["warnings"]
    with deepspeech.training() as (run, opened):
        v1.train.Saver().restore(opened, str(made.prefix))
        assert run.losses(opened) == losses


def test_slots_that_are_kept_go_on_as_if_nothing_had_happened(author: Path, tmp_path: Path) -> None:
    made = thaw_tool.transplant(
        author / "output_graph.pb", author / "truth.ckpt", tmp_path / "model.ckpt", "--slots", "keep"
    )
    assert same(values(made.prefix), values(author / "truth.ckpt"))


def test_through_a_monitored_session(
    author: Path, fresh: Path, losses: list[float], tmp_path: Path
) -> None:
    """It restores whatever the folder's state file names; without one it would start afresh, silently."""
    made = thaw_tool.transplant(author / "output_graph.pb", fresh, tmp_path / "out" / "model.ckpt-0")
    with tf.Graph().as_default():
        run = deepspeech.Training()
        with v1.train.MonitoredTrainingSession(
            checkpoint_dir=str(made.prefix.parent), save_checkpoint_secs=None, config=config()
        ) as opened:
            assert run.losses(opened) == losses


def config() -> Any:
    from strict_tf import config as strict

    return strict()


def test_another_alphabet_keeps_its_own_last_layer(author: Path, tmp_path: Path) -> None:
    """h6 and b6 have other shapes: said, and left to the target when that is asked for."""
    target = tmp_path / "target" / "model.ckpt"
    target.parent.mkdir()
    with deepspeech.training(letters=40) as (_, opened):
        opened.run(v1.global_variables_initializer())
        v1.train.Saver().save(opened, str(target))
    refused = thaw_tool.transplant(author / "output_graph.pb", target, tmp_path / "no" / "model.ckpt")
    assert refused.exit == 1
    assert not refused.files()
    differing = [f for f in refused.report["findings"] if f["kind"] == "mismatch"]
    assert sorted(f["weights"][0] for f in differing) == ["b6", "h6"]
    assert "[32,29]" in differing[-1]["what"] + differing[0]["what"]
    made = thaw_tool.transplant(
        author / "output_graph.pb", target, tmp_path / "out" / "model.ckpt", "--missing", "keep"
    )
    assert made.exit == 0, made.error
    ours, theirs, truth = (values(p) for p in (made.prefix, target, author / "truth.ckpt"))
    assert graph_files.same_bits(ours["h6"], theirs["h6"])
    assert graph_files.same_bits(ours["h5"], truth["h5"])
    with deepspeech.training(letters=40) as (run, opened):
        v1.train.Saver().restore(opened, str(made.prefix))
        assert np.isfinite(run.losses(opened)).all()


def test_a_graph_draws_what_is_missing_when_it_may(author: Path, tmp_path: Path) -> None:
    """From a .meta alone, with a random initialiser for the last layer."""
    target = tmp_path / "target.ckpt"
    with deepspeech.training(letters=40) as (_, opened):
        opened.run(v1.global_variables_initializer())
        v1.train.Saver().save(opened, str(target))
    meta, out = target.with_name("target.ckpt.meta"), tmp_path / "out" / "model.ckpt"
    frozen = author / "output_graph.pb"
    assert thaw_tool.transplant(frozen, meta, out, "--missing", "keep").exit == 1
    made = thaw_tool.transplant(frozen, meta, out, "--missing", "keep", "--seed", "5")
    assert made.exit == 0, made.error
    drawn = values(made.prefix)["h6"]
    assert np.abs(drawn).max() <= 0.1
    assert 0.04 < drawn.std() < 0.07
    there = tmp_path / "again" / "model.ckpt"
    again = thaw_tool.transplant(frozen, meta, there, "--missing", "keep", "--seed", "5")
    assert same(values(again.prefix), values(made.prefix))


def test_thaw_adds_what_a_monitored_session_asks_for(author: Path, tmp_path: Path) -> None:
    """--optimizer and --global-step, for people without a target."""
    made = thaw_tool.thaw(
        author / "output_graph.pb", tmp_path / "model.ckpt", "--optimizer", "adam", "--global-step", "7"
    )
    assert made.exit == 0, made.error
    added = values(made.prefix)
    assert added.keys() == {*deepspeech.WEIGHTS, *SLOTS, *OTHERS}
    assert added["global_step"] == 7
    assert added["beta1_power"] == np.float32(0.9)
    assert not added["h1/Adam"].any()


def test_partitioned_targets_are_restored(author: Path, tmp_path: Path) -> None:
    """A variable in three parts has one entry of three slices; whole or sliced, its Saver reads it."""

    def build() -> Any:
        with v1.variable_scope("", partitioner=v1.fixed_size_partitioner(3)):
            return v1.get_variable("h1", [494, 32], use_resource=False)

    target = tmp_path / "parts.ckpt"
    with tf.Graph().as_default() as graph, session(graph) as opened:
        build()
        opened.run(v1.global_variables_initializer())
        v1.train.Saver().save(opened, str(target))
    for into in (target, target.with_name("parts.ckpt.meta")):
        made = thaw_tool.transplant(author / "output_graph.pb", into, tmp_path / into.suffix[1:] / "m")
        assert made.exit == 0, made.error
        with tf.Graph().as_default() as graph, session(graph) as opened:
            whole = tf.convert_to_tensor(build())
            v1.train.Saver().restore(opened, str(made.prefix))
            assert graph_files.same_bits(opened.run(whole), values(author / "truth.ckpt")["h1"])


def test_a_target_of_the_first_format(author: Path, tmp_path: Path) -> None:
    """One file, as Saver wrote it before version 0.12; what the model lacks keeps its value."""
    target = tmp_path / "old" / "model.ckpt"
    target.parent.mkdir()
    with tf.Graph().as_default() as graph, session(graph) as opened:
        v1.get_variable("h1", [494, 32], use_resource=False)
        with v1.variable_scope("", partitioner=v1.fixed_size_partitioner(2)):
            head = tf.convert_to_tensor(v1.get_variable("new/head", [6, 5], use_resource=False))
        v1.get_variable("words", initializer=np.array(["a", "bc"], object), use_resource=False)
        opened.run(v1.global_variables_initializer())
        theirs = opened.run(head)
        saver = v1.train.Saver(write_version=v1.train.SaverDef.V1)
        saver.save(opened, str(target), write_meta_graph=False)
    for into in (target, target.parent):
        made = thaw_tool.transplant(
            author / "output_graph.pb", into, tmp_path / into.name / "out" / "m", "--missing", "keep"
        )
        assert made.exit == 0, made.error
        ours = values(made.prefix)
        assert graph_files.same_bits(ours["h1"], values(author / "truth.ckpt")["h1"])
        assert graph_files.same_bits(ours["new/head"], theirs)
        assert ours["words"].tolist() == [b"a", b"bc"]
