"""`thaw transplant` from outside: words, exit codes, streams, and JSON that fits its schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import schema
from folder import names
from program import REPOSITORY, thaw

MODEL = str(REPOSITORY / "tests" / "data" / "small_models" / "dense.pb")


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder with a list of all the model's weights, one with a scope, and one with an odd one."""
    told = thaw(MODEL, "-n", "--json", cwd=tmp_path).json
    rows = [(v["key"], v["dtype"], json.dumps(v["shape"])) for v in told["variables"]]
    for name, scope in (("all", ""), ("scoped", "my/net/"), ("more", "")):
        (tmp_path / f"{name}.txt").write_text("".join(f"{scope}{k} {d} {s}\n" for k, d, s in rows))
    with (tmp_path / "more.txt").open("a") as file:
        file.write("head/kernel float32 [7, 9]\n")
    (tmp_path / "report.json").write_text(json.dumps(told))
    return tmp_path


def reported(folder: Path, *words: str) -> tuple[int, dict]:
    run = thaw("transplant", MODEL, "--json", "--no-sync", *words, cwd=folder)
    told = run.json
    assert schema.breaches(told, schema.load("transplant")) == []
    assert [f"warning: {warning}" for warning in told["warnings"]] == run.err.splitlines()
    return run.code, told


@pytest.mark.parametrize("target", ["all.txt", "report.json"])
def test_complete(lists: Path, target: str) -> None:
    code, told = reported(lists, "--into", target, "-o", "out/m")
    assert code == 0
    assert told["complete"]
    assert {e["stage"] for e in told["entries"]} == {"exact"}
    assert names(lists / "out") == ["checkpoint", "m.data-00000-of-00001", "m.index"]
    for file in told["files"]:
        assert (lists / file["path"]).stat().st_size == file["bytes"]


def test_incomplete(lists: Path) -> None:
    """All is told, nothing is written, and the exit code says so."""
    before = names(lists)
    code, told = reported(lists, "--into", "more.txt", "-o", "out/m")
    assert code == 1
    assert not told["complete"]
    assert [f["entries"] for f in told["findings"]] == [["head/kernel"]]
    assert names(lists) == before
    text = thaw("transplant", MODEL, "--into", "more.txt", "-o", "out/m", cwd=lists)
    assert "head/kernel" in text.out
    assert "nothing: the plan is not complete" in text.out
    assert "next:" not in text.err
    quiet = thaw("transplant", MODEL, "--into", "more.txt", "-o", "out/m", "-q", cwd=lists)
    assert (quiet.code, quiet.out) == (1, "")
    assert "not complete" in quiet.parts[0] and "-q" in quiet.parts[2]


def test_nothing_is_proposed_twice(lists: Path) -> None:
    """Another shape is a finding also where the user has said what then."""
    told = (lists / "all.txt").read_text().splitlines()
    first = told[0].split()[0]
    (lists / "other.txt").write_text("\n".join([f"{first} float32 [1, 2, 3]", *told[1:]]) + "\n")
    rules = {}
    for wish in ("error", "zero"):
        _, report = reported(lists, "--into", "other.txt", "-n", "--missing", wish)
        rules[wish] = [f.get("rule") for f in report["findings"] if f["kind"] == "mismatch"]
    assert rules["error"] == ["--missing keep"]
    assert rules["zero"] in ([None], [""])


def test_slips_name_the_command(lists: Path) -> None:
    for words, told in {
        ("all.txt", "-o", "out/m"): "--into",
        ("--into", "all.txt", "--mising", "keep"): "--missing",
        ("--into", "all.txt", "--frobnicate"): "thaw transplant --help",
        ("--into", "all.txt", "--missing", "zeros"): "thaw transplant --help",
    }.items():
        run = thaw("transplant", MODEL, *words, cwd=lists)
        assert run.code == 2
        assert told in run.parts[2]
    assert reported(lists, "--into", "more.txt", "-o", "out/m", "--missing", "zero")[0] == 0


def test_streams(lists: Path) -> None:
    run = thaw("transplant", MODEL, "--into", "scoped.txt", "-o", "out/m", "-v", cwd=lists)
    assert run.code == 0
    assert run.err == "next:  tf.compat.v1.train.Saver().restore(session, 'out/m')\n"
    assert "scope 'my/net' added" in run.out
    quiet = thaw("transplant", MODEL, "--into", "scoped.txt", "-o", "out/m", "-q", "-f", cwd=lists)
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


REFUSED = {
    "no target": (["-o", "m"], "no target is named", "--into TARGET"),
    "no place": (["--into", "all.txt"], "no place for the result", "-o PREFIX"),
    "no such target": (["--into", "no.txt", "-o", "m"], "no.txt", "readable"),
    "no such word": (["--into", "all.txt", "-o", "m", "--missing", "all"], "--missing 'all'", "error|keep|zero"),
    "no number": (["--into", "all.txt", "-o", "m", "--seed", "x"], "--seed 'x'", "whole number"),
    "no optimizer": (["--into", "all.txt", "-o", "m", "--optimizer", "best"], "--optimizer 'best'", "one of adam"),
    "no such option": (["--into", "all.txt", "-o", "m", "--strip"], "--strip", "option"),
    "no match": (["--into", "all.txt", "-o", "m", "--skip", "nowhere"], "--skip", "nowhere"),
}


@pytest.mark.parametrize(("words", "problem", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(lists: Path, words: list[str], problem: str, expected: str) -> None:
    before = names(lists)
    run = thaw("transplant", MODEL, *words, cwd=lists)
    assert run.code in (2, 3)
    assert problem in run.parts[0]
    assert expected in run.err
    assert names(lists) == before


def test_an_existing_checkpoint_is_not_replaced(lists: Path) -> None:
    words = ["transplant", MODEL, "--into", "all.txt", "-o", "out/m", "--no-sync"]
    assert thaw(*words, cwd=lists).code == 0
    again = thaw(*words, cwd=lists)
    assert again.code == 4
    assert "out/m" in again.parts[0]
    assert thaw(*words, "--force", cwd=lists).code == 0


def test_the_target_is_no_place_for_the_result(lists: Path) -> None:
    assert thaw(MODEL, "-o", "own/m", "--no-sync", cwd=lists).code == 0
    before = {path.name: path.read_bytes() for path in (lists / "own").iterdir()}
    run = thaw("transplant", MODEL, "--into", "own/m", "-o", "own/m", "--force", cwd=lists)
    assert run.code == 2
    assert "would replace the target" in run.parts[0]
    assert before == {path.name: path.read_bytes() for path in (lists / "own").iterdir()}
