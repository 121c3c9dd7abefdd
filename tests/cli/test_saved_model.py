"""`--saved-model`: what is written where, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from program import thaw

REPOSITORY = Path(__file__).resolve().parents[2]

FILES = ["saved_model.pb", "variables/variables.data-00000-of-00001", "variables/variables.index"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(REPOSITORY / "demo" / "digits.pb", tmp_path / "d.pb")
    return tmp_path


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_alone_it_is_all_that_is_written(folder: Path) -> None:
    run = thaw("d.pb", "--saved-model", "out/1/", cwd=folder)
    assert run.code == 0, run.err
    assert files_below(folder) == ["d.pb", *(f"out/1/{name}" for name in FILES)]
    assert "serving_default(images) -> probabilities" in run.out
    assert "tf.saved_model.load('out/1/')" in run.err and "import_meta_graph" not in run.err


def test_beside_a_checkpoint(folder: Path) -> None:
    run = thaw("d.pb", "--saved-model", "s", "-o", "c/m", "--verify", "--no-sync", cwd=folder)
    assert run.code == 0, run.err
    assert files_below(folder / "s") == FILES
    assert files_below(folder / "c") == ["checkpoint", "m.data-00000-of-00001", "m.index", "m.meta"]
    assert "tf.saved_model.load('s')" in run.err and "import_meta_graph('c/m.meta')" in run.err


def test_told_as_json(folder: Path) -> None:
    made = thaw("d.pb", "--saved-model", "s", "--json", cwd=folder).json["saved_model"]
    assert made["objects"] and made["why_plain"] is None and made["path"] == "s"
    assert [(s["name"], [i["tensor"] for i in s["inputs"]]) for s in made["signatures"]] == [
        ("serving_default", ["images:0"])
    ]


def test_a_dry_run_writes_nothing(folder: Path) -> None:
    run = thaw("d.pb", "--saved-model", "s", "-n", cwd=folder)
    assert run.code == 0 and files_below(folder) == ["d.pb"]
    assert "nothing (dry run); it would be s" in run.out


def test_two_runs_write_the_same_bytes(folder: Path) -> None:
    for name in ("a", "b"):
        assert thaw("d.pb", "--saved-model", name, cwd=folder).code == 0
    for name in FILES:
        assert (folder / "a" / name).read_bytes() == (folder / "b" / name).read_bytes()


def test_what_is_there_stays_without_force(folder: Path) -> None:
    assert thaw("d.pb", "--saved-model", "s", cwd=folder).code == 0
    (folder / "s" / "mine.txt").write_text("x")
    refused = thaw("d.pb", "--saved-model", "s", cwd=folder)
    assert refused.code == 4 and len(refused.parts) == 3
    assert files_below(folder / "s") == sorted(["mine.txt", *FILES])
    assert thaw("d.pb", "--saved-model", "s", "--force", cwd=folder).code == 0
    assert files_below(folder / "s") == FILES


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--saved-model", "s", "--variables", "ref"), 2),
        (("--saved-model", "s", "-o", "s/variables/variables"), 2),
        (("--saved-model", "other", "--force"), 4),
        (("--saved-model", "d.pb", "--force"), 4),
    ],
)
def test_refused(folder: Path, words: tuple[str, ...], code: int) -> None:
    (folder / "other").mkdir()
    (folder / "other" / "mine.txt").write_text("x")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run = thaw("d.pb", *words, cwd=folder)
    assert run.code == code, run.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_model_is_not_replaced_by_its_own_result(folder: Path) -> None:
    assert thaw("d.pb", "--saved-model", "s", cwd=folder).code == 0
    before = (folder / "s" / "saved_model.pb").read_bytes()
    run = thaw("./s", "--saved-model", "s", "--force", cwd=folder)
    assert run.code in (3, 4) and (folder / "s" / "saved_model.pb").read_bytes() == before
