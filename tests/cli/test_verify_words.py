"""`thaw verify` from outside: words, exit codes, streams, and JSON that fits its schema."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import schema
from program import REPOSITORY, Run, thaw

MODELS = REPOSITORY / "tests" / "data" / "small_models"
MODEL = str(MODELS / "dense.pb")


@pytest.fixture
def thawed(tmp_path: Path) -> Path:
    """A folder with a checkpoint below `out`."""
    assert thaw(MODEL, "-o", "out/m.ckpt", "-q", "--no-sync", cwd=tmp_path).code == 0
    return tmp_path


def reported(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    run = thaw("verify", *words, "--json", cwd=folder)
    told = run.json
    assert schema.breaches(told, schema.load("verify")) == []
    assert [f"warning: {warning}" for warning in told["warnings"]] == run.err.splitlines()
    assert told["verified"] == (told["problems"] == [])
    assert run.code == (0 if told["verified"] else 1)
    return run.code, told


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    "word",
    ["out/m.ckpt", "out/m.ckpt.index", "out/m.ckpt.meta", "out/m.ckpt.data-00000-of-00001", "out", "out/checkpoint"],
)
def test_each_name_of_a_checkpoint(thawed: Path, word: str) -> None:
    code, told = reported(thawed, word)
    assert code == 0
    assert [check["name"] for check in told["checks"]] == ["index", "data", "graph"]
    assert told["model"] is None
    code, told = reported(thawed, MODEL, word)
    assert code == 0
    assert [check["name"] for check in told["checks"]] == ["index", "data", "graph", "weights", "frozen"]
    assert all(weight["equal"] and weight["stage"] == "exact" for weight in told["weights"])
    assert told["model"]["path"] == MODEL


@pytest.mark.parametrize("model", sorted(path.name for path in MODELS.iterdir()))
def test_every_small_model_passes(tmp_path: Path, model: str) -> None:
    made = thaw(str(MODELS / model), "-o", "m.ckpt", "-q", "--no-sync", cwd=tmp_path)
    assert made.code == 0, made.err
    code, told = reported(tmp_path, str(MODELS / model), "m.ckpt")
    assert code == 0, told["problems"]
    for file in told["files"]:
        assert (tmp_path / file["path"]).stat().st_size == file["bytes"]


def test_damage_is_told_with_its_place(thawed: Path) -> None:
    flip(thawed / "out/m.ckpt.data-00000-of-00001", 5)
    code, told = reported(thawed, "out/m.ckpt")
    assert code == 1
    (problem,) = told["problems"]
    assert (problem["kind"], problem["check"], problem["byte"]) == ("damaged", "data", 0)
    assert problem["file"] == "out/m.ckpt.data-00000-of-00001"
    assert problem["key"] == told_first_key(thawed)
    run = thaw("verify", "out/m.ckpt", cwd=thawed)
    assert "not verified" in run.out
    assert "damaged   out/m.ckpt.data-00000-of-00001, byte 0" in run.out
    assert run.err == ""


def told_first_key(folder: Path) -> str:
    """Of the tensor that lies first."""
    told = thaw(MODEL, "-n", "--json", cwd=folder).json
    return sorted(variable["key"] for variable in told["variables"])[0]


def test_quiet_says_it_with_the_exit_code(thawed: Path) -> None:
    assert thaw("verify", "out/m.ckpt", "-q", cwd=thawed) == Run(0, "", "")
    flip(thawed / "out/m.ckpt.data-00000-of-00001", 5)
    assert thaw("verify", "out/m.ckpt", "-q", cwd=thawed) == Run(1, "", "")


def test_warnings_count_under_strict(thawed: Path) -> None:
    with (thawed / "out/m.ckpt.data-00000-of-00001").open("ab") as file:
        file.write(b"more")
    run = thaw("verify", "out/m.ckpt", cwd=thawed)
    assert run.code == 0
    assert "4 bytes that belong to no tensor" in run.err
    assert thaw("verify", "out/m.ckpt", "--strict", cwd=thawed).code == 1


def test_other_names_want_the_options_they_were_made_with(tmp_path: Path) -> None:
    first = told_first_key(tmp_path)
    rule = f"{first}=renamed/weight"
    assert thaw(MODEL, "-o", "m.ckpt", "-q", "--no-sync", "--rename", rule, cwd=tmp_path).code == 0
    code, told = reported(tmp_path, MODEL, "m.ckpt", "--rename", rule)
    assert code == 0, told["problems"]
    assert {w["stage"] for w in told["weights"]} == {"exact", "rule"}


def test_a_transplanted_checkpoint(thawed: Path) -> None:
    told = thaw(MODEL, "-n", "--json", cwd=thawed).json
    rows = [f"net/{v['key']} {v['dtype']} {v['shape']}\n" for v in told["variables"]]
    (thawed / "list.txt").write_text("".join(rows))
    made = thaw("transplant", MODEL, "--into", "list.txt", "-o", "t/m.ckpt", "-q", "--no-sync", cwd=thawed)
    assert made.code == 0, made.err
    code, told = reported(thawed, MODEL, "t/m.ckpt")
    assert code == 0, told["problems"]
    assert {w["stage"] for w in told["weights"]} == {"scope"}


def test_another_checkpoint_is_not_verified(tmp_path: Path) -> None:
    other = str(MODELS / "convolution.pb")
    assert thaw(other, "-o", "m.ckpt", "-q", "--no-sync", cwd=tmp_path).code == 0
    code, told = reported(tmp_path, MODEL, "m.ckpt")
    assert code == 1
    assert {p["kind"] for p in told["problems"]} & {"missing", "mismatch", "differs"}


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["no/such"], 3, "there is no checkpoint of that name"),
        ([MODEL], 3, "is a frozen GraphDef, no checkpoint"),
        ([], 0, ""),
        (["a", "b", "c"], 2, "a third word, 'c'"),
        (["out/m.ckpt", "--tolerance", "-1"], 2, "a number that is not negative"),
        (["out/m.ckpt", "--tolerence", "1"], 2, "did you mean --tolerance?"),
        (["", "out/m.ckpt"], 2, "''"),
        ([MODEL, "out/m.ckpt", "--rename", "nothing=x"], 2, "nothing"),
    ],
    ids=lambda value: " ".join(value)[-40:] if isinstance(value, list) else "",
)
def test_words(thawed: Path, words: list[str], code: int, part: str) -> None:
    run = thaw("verify", *words, cwd=thawed)
    assert run.code == code, run.err
    if code:
        assert part in " ".join(run.parts)


def test_names_are_escaped(thawed: Path) -> None:
    shutil.copytree(thawed / "out", thawed / "o\x1bt")
    run = thaw("verify", "o\x1bt/m.ckpt", cwd=thawed)
    assert run.code == 0
    assert "\x1b" not in run.out
    assert "o\\x1bt/m.ckpt" in run.out
