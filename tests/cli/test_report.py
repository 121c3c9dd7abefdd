"""What a run says: quiet, plain, verbose, strict, and as JSON that fits its schema and what was written."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import models
import schema
from program import REPOSITORY, Run, thaw

SMALL = REPOSITORY / "tests" / "data" / "small_models"
MODELS = [*sorted(SMALL.iterdir()), REPOSITORY / "demo" / "digits.pb"]
WAYS = [
    ["-n"],
    ["-n", "-q"],
    ["-n", "-v"],
    ["-n", "--color", "always"],
    ["-n", "--progress", "always"],
    ["-n", "--verify"],
    ["-n", "--strict"],
    ["-n", "--variables", "ref"],
    ["-n", "--ema-twins"],
    ["-n", "--scope", "old"],
    ["-n", "--clear-devices", "--init", "value"],
    ["-o", "a/m", "--no-sync"],
    ["-o", "a/m", "--no-sync", "--verify"],
]


def reported(run: Run) -> dict[str, Any]:
    told: dict[str, Any] = run.json
    assert schema.breaches(told, schema.load("thaw")) == []
    assert "\x1b" not in run.out
    return told


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.name)
def test_json_of_models(tmp_path: Path, model: Path) -> None:
    run = thaw(str(model), "-n", "--json", cwd=tmp_path)
    assert run.code == 0
    told = reported(run)
    assert told["source"]["bytes"] == model.stat().st_size
    assert told["proof"]["nodes_equal"] + told["proof"]["nodes_explained"] == told["nodes"]
    assert [f"warning: {warning}" for warning in told["warnings"]] == run.err.splitlines()
    rules = set(re.findall(r"^\|.*?\|", (REPOSITORY / "docs" / "rules.md").read_text(), re.MULTILINE))
    rules = set(re.findall(r"[A-Z]\d+", " ".join(rules)))
    listed = [*told["variables"], *told["kept"], *told["unsure"]]
    assert {rule for one in listed for rule in one["rules"]} | {
        one["rule"] for one in told["changes"]
    } <= rules
    assert all([reason["rule"] for reason in one["reasons"]] == one["rules"] for one in listed)


@pytest.mark.parametrize("words", WAYS, ids=" ".join)
@pytest.mark.parametrize("name", ["d.pb", "doubt.pb"])
def test_json_is_one_line(desk: Path, name: str, words: list[str]) -> None:
    run = thaw(name, "--json", *words, cwd=desk)
    told = reported(run)
    assert run.code == (1 if "--strict" in words and told["warnings"] else 0)
    assert "next:" not in run.err
    assert told["dry_run"] == ("-n" in words)


def test_json_of_written_files(desk: Path) -> None:
    told = reported(thaw("d.pb", "-o", "a/m", "--json", "--verify", "--no-sync", cwd=desk))
    assert told["prefix"] == "a/m"
    assert {one["path"]: one["bytes"] for one in told["files"]} == {
        f"a/{path.name}": path.stat().st_size for path in (desk / "a").iterdir()
    }
    assert sum(one["bytes"] for one in told["variables"]) == (desk / "a/m.data-00000-of-00001").stat().st_size
    assert told["proof"]["values_verified"]
    assert {change["node"] for change in told["changes"]} <= models.nodes(
        (desk / "a/m.meta").read_bytes()
    ).keys()


def test_dry_run_tells_the_same(desk: Path) -> None:
    dry = reported(thaw("d.pb", "-o", "m", "--json", "-n", cwd=desk))
    wet = reported(thaw("d.pb", "-o", "m", "--json", "--no-sync", cwd=desk))
    assert dry["files"] == []
    assert {**dry, "files": 0, "dry_run": 0} == {**wet, "files": 0, "dry_run": 0}


@pytest.mark.parametrize("name, code, warnings", [("d.pb", 0, 0), ("doubt.pb", 1, 2)])
@pytest.mark.parametrize("words", [["-n"], ["-o", "m", "--no-sync"], ["-n", "-q"]], ids=" ".join)
def test_strict(desk: Path, name: str, code: int, warnings: int, words: list[str]) -> None:
    lax, strict = (thaw(name, *more, *words, cwd=desk) for more in ([], ["--strict", "--force"]))
    assert (lax.code, strict.code) == (0, code)
    assert (lax.out, lax.err) == (strict.out, strict.err)
    assert strict.err.count("warning: ") == warnings
    assert (desk / "m.index").exists() == ("-o" in words)


def test_strict_is_about_this_run(desk: Path) -> None:
    """A constant that the user has decided is no doubt any more."""
    for decided in (["--thaw", "third"], ["--thaw", "third/table"]):
        assert thaw("doubt.pb", "-n", "--strict", *decided, cwd=desk).code == 0


def test_quiet(desk: Path) -> None:
    assert thaw("d.pb", "-q", "-o", "m", "--no-sync", cwd=desk) == Run(0, "", "")
    doubtful = thaw("doubt.pb", "-q", "-o", "n/m", "--no-sync", cwd=desk)
    assert doubtful.out == ""
    assert all(line.startswith("warning: ") for line in doubtful.err.splitlines())
    assert doubtful.err.count("\n") == 2


def test_plain(desk: Path) -> None:
    run = thaw("doubt.pb", "-o", "m", "--no-sync", cwd=desk)
    for told in (
        "doubt.pb",
        "x:0",
        "third/MatMul:0",
        "4 variables",
        "--thaw 'third/table'",
        "m.index",
        "m.meta",
        "m.data",
        "checkpoint",
        "structure",
    ):
        assert told in run.out
    assert "first/kernel" not in run.out
    assert run.err.splitlines()[-1].startswith("next:  ")


def test_the_line_to_paste_works(desk: Path) -> None:
    ((option, pattern),) = re.findall(r"(--thaw) '(.*)'", thaw("doubt.pb", "-n", cwd=desk).out)
    told = thaw("doubt.pb", "-n", "--json", option, pattern, cwd=desk).json
    assert "third/table" in {one["node"] for one in told["variables"]}


def test_verbose(desk: Path) -> None:
    """Every variable, every constant, every change, each with its rule."""
    told = thaw("doubt.pb", "-n", "--json", cwd=desk).json
    rows = thaw("doubt.pb", "-n", "-v", cwd=desk).out.splitlines()
    for one in told["variables"] + told["kept"] + told["unsure"]:
        name = one.get("name") or one["node"]
        assert any(f" {name} " in row and "+".join(one["rules"]) in row for row in rows), name
    for change in told["changes"]:
        assert any(row.split()[:2] == [change["rule"], change["node"]] for row in rows), change


@pytest.mark.parametrize(
    "name",
    [
        "my model.pb",
        "it's.pb",
        'the "best".pb',
        "back\\slash.pb",
        "模型.pb",
        "ü.pb",
        "new\nline.pb",
        "tab\t.pb",
        "-d.pb",
        "--help.pb",
        "a.b.pb",
        "$(id).pb",
        "50%s.pb",
        "\x1b[31m.pb",
        "#.pb",
        "\udcff.pb",
        "no_ending",
    ],
    ids=ascii,
)
def test_odd_names(tmp_path: Path, name: str) -> None:
    """Read, shown without control characters, told whole in JSON."""
    (tmp_path / name).write_bytes(models.dense())
    shown = name if "/" in name or "." in name else f"./{name}"
    run = thaw("-o", "out/m", "--no-sync", "--", shown, cwd=tmp_path)
    assert run.code == 0, run.err
    assert all(char >= " " or char == "\n" for char in run.out + run.err)
    assert run.out.count("\n") == 12  # nothing in the name breaks a line
    told = reported(thaw("-n", "--json", "-o", "out/m", "--", shown, cwd=tmp_path))
    if "\udcff" not in name:  # which no JSON can hold
        assert told["source"]["path"] == shown


@pytest.mark.parametrize("prefix", ["it's", 'the "best"', "模型", "new\nline", "tab\t", "50%s"], ids=ascii)
def test_next_line_can_be_pasted(desk: Path, prefix: str) -> None:
    run = thaw("d.pb", "-o", prefix, "--no-sync", cwd=desk)
    assert run.code == 0, run.err
    pasted = ast.parse(run.err.removeprefix("next:  ").strip())
    strings = [str(node.value) for node in ast.walk(pasted) if isinstance(node, ast.Constant)]
    assert sorted(strings) == [prefix, f"{prefix}.meta"]
    assert reported(thaw("d.pb", "-o", prefix, "-n", "--json", cwd=desk))["prefix"] == prefix
