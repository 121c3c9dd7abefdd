"""`thaw MODEL` for models that still hold variables: what is carried, what is told, which words choose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import models
import schema
from program import thaw


@pytest.fixture
def was(tmp_path: Path) -> Path:
    """A folder with a checkpoint and its .meta below `was`, and that as a SavedModel below `saved`."""
    (tmp_path / "d.pb").write_bytes(models.dense())
    assert thaw("d.pb", "-o", "was/m.ckpt", "-q", "--no-sync", cwd=tmp_path).code == 0
    (tmp_path / "saved" / "variables").mkdir(parents=True)
    meta = (tmp_path / "was" / "m.ckpt.meta").read_bytes()
    saved = models.number(1, 1) + models.field(2, meta + models.field(1, models.field(4, "serve")))
    (tmp_path / "saved" / "saved_model.pb").write_bytes(saved)
    for end in ("index", "data-00000-of-00001"):
        (tmp_path / "saved" / "variables" / f"variables.{end}").write_bytes((tmp_path / "was" / f"m.ckpt.{end}").read_bytes())
    return tmp_path


def reported(folder: Path, *words: str) -> dict[str, Any]:
    run = thaw(*words, "--json", "--no-sync", cwd=folder)
    assert run.code == 0, run.err
    assert schema.breaches(run.json, schema.load("thaw")) == []
    return dict(run.json)


@pytest.mark.parametrize("word", ["was/m.ckpt.meta", "./saved", "saved/", "saved/saved_model.pb"])
def test_variables_are_carried(was: Path, word: str) -> None:
    told = reported(was, word, "-o", "is/m.ckpt", "--verify")
    names = ["first/bias", "first/kernel", "second/bias", "second/kernel"]
    assert [variable["name"] for variable in told["variables"]] == names
    assert {variable["rules"][0] for variable in told["variables"]} == {"E9"}
    assert told["carried"]["variables"] == 4
    assert told["carried"]["values"].endswith("m.ckpt" if word.startswith("was") else "variables/variables")
    for end in ("index", "data-00000-of-00001"):
        assert (was / "is" / f"m.ckpt.{end}").read_bytes() == (was / "was" / f"m.ckpt.{end}").read_bytes()
    verified = thaw("verify", word, "is/m.ckpt", cwd=was)
    assert verified.code == 0, verified.out


def test_a_frozen_model_carries_nothing(was: Path) -> None:
    assert reported(was, "d.pb", "-n")["carried"] is None


def test_the_report_says_where_values_are_from(was: Path) -> None:
    run = thaw("./saved", "-o", "is/m.ckpt", "--no-sync", cwd=was)
    assert run.code == 0, run.err
    assert "carried   4 variables, values from ./saved/variables/variables" in run.out


def test_tags_choose(was: Path) -> None:
    assert thaw("./saved", "-n", "--tag-set", "serve", cwd=was).code == 0
    run = thaw("./saved", "-n", "--tag-set", "gpu", cwd=was)
    assert run.code == 2
    assert "'serve'" in run.parts[1]
    assert thaw("d.pb", "-n", "--tag-set", "serve", cwd=was).code == 2
    assert thaw("./saved", "-n", "--signature", "nothing", cwd=was).code == 2


def test_a_graph_without_tags(was: Path) -> None:
    """As in a module of TensorFlow Hub, which has another for training."""
    meta = (was / "was" / "m.ckpt.meta").read_bytes()
    saved = was / "saved" / "saved_model.pb"
    train = models.field(2, meta + models.field(1, models.field(4, "train")))
    saved.write_bytes(models.number(1, 1) + models.field(2, meta) + train)
    by_itself = reported(was, "./saved", "-n")
    assert any("--tag-set train" in warning for warning in by_itself["warnings"])
    for tags in ("", "train"):
        assert reported(was, "./saved", "-n", "--tag-set", tags)["warnings"] == []
    wrong = thaw("./saved", "-n", "--tag-set", "serve", cwd=was)
    assert wrong.code == 2
    assert "without tags; tagged 'train'" in wrong.parts[1]
    tags = [thaw("inspect", "./saved", "--tag-set", t, "--json", cwd=was).json["tags"] for t in ("", "train")]
    assert tags == [[], ["train"]]
    saved.write_bytes(models.number(1, 1) + train)
    assert thaw("./saved", "-n", "--tag-set", "", cwd=was).code == 2


@pytest.mark.parametrize("words", [("was/m.ckpt.meta", "-o", "was/m.ckpt"), ("./saved", "-o", "saved/variables/variables")])
def test_what_is_read_is_not_replaced(was: Path, words: tuple[str, ...]) -> None:
    before = {path: path.read_bytes() for path in was.rglob("*") if path.is_file()}
    run = thaw(*words, "--force", cwd=was)
    assert run.code == 4
    assert {path: path.read_bytes() for path in was.rglob("*") if path.is_file()} == before


def test_the_place_without_o_is_called_after_the_folder(was: Path) -> None:
    assert thaw("saved/", "-q", "--no-sync", cwd=was).code == 0
    assert (was / "saved.thawed" / "model.ckpt.index").exists()
