"""`thaw freeze` from outside: words, exit codes, streams, and JSON that fits its schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import models
import schema
from program import REPOSITORY, on_terminal, thaw

MODELS = REPOSITORY / "tests" / "data" / "small_models"


@pytest.fixture
def thawed(tmp_path: Path) -> Path:
    """A folder with a checkpoint below `out`, and the model that it is of."""
    (tmp_path / "d.pb").write_bytes(models.dense())
    assert thaw("d.pb", "-o", "out/m.ckpt", "-q", "--no-sync", cwd=tmp_path).code == 0
    return tmp_path


def reported(folder: Path, *words: str) -> dict[str, Any]:
    run = thaw("freeze", *words, "--json", cwd=folder)
    assert run.code == 0, run.err
    told = run.json
    assert schema.breaches(told, schema.load("freeze")) == []
    assert [f"warning: {warning}" for warning in told["warnings"]] == run.err.splitlines()
    if not told["dry_run"]:
        assert (folder / told["file"]["path"]).stat().st_size == told["file"]["bytes"]
    return dict(told)


@pytest.mark.parametrize(
    "word", ["out/m.ckpt", "out/m.ckpt.index", "out/m.ckpt.meta", "out/m.ckpt.data-00000-of-00001", "out", "out/"]
)
def test_each_name_of_a_checkpoint(thawed: Path, word: str) -> None:
    told = reported(thawed, word, "-o", "again.pb")
    assert told["nodes"] == len(models.nodes(models.meta_graph((thawed / "d.pb").read_bytes())))
    assert [variable["name"] for variable in told["variables"]] == [
        "first/kernel", "first/bias", "second/kernel", "second/bias"
    ]  # fmt: skip
    assert (thawed / "again.pb").read_bytes() == (thawed / "d.pb").read_bytes()


@pytest.mark.parametrize("style", ["resource", "ref"])
@pytest.mark.parametrize("model", sorted(path.name for path in MODELS.glob("*.pb")))
def test_small_models_come_back(tmp_path: Path, model: str, style: str) -> None:
    made = thaw(str(MODELS / model), "-o", "m.ckpt", "-q", "--no-sync", "--variables", style, cwd=tmp_path)
    assert made.code == 0, made.err
    reported(tmp_path, "m.ckpt", "-o", "again.pb", "--verify")
    same = thaw("diff", str(MODELS / model), "again.pb", cwd=tmp_path)
    assert same.code == 0, same.out


def test_outputs_choose(thawed: Path) -> None:
    told = reported(thawed, "out/m.ckpt", "--outputs", "first/Relu:0", "-o", "again.pb")
    assert [output["name"] for output in told["outputs"]] == ["first/Relu:0"]
    assert [variable["name"] for variable in told["variables"]] == ["first/kernel", "first/bias"]


def test_kept_variables(thawed: Path) -> None:
    told = reported(thawed, "out/m.ckpt", "--keep-variables", "second", "-o", "again.pb")
    assert {state["name"] for state in told["state"]} == {"second/kernel", "second/bias"}
    assert {state["why"] for state in told["state"]} == {"--keep-variables"}


def test_devices(tmp_path: Path) -> None:
    (tmp_path / "d.pb").write_bytes(models.dense("/device:GPU:0"))
    assert thaw("d.pb", "-o", "m.ckpt", "-q", "--no-sync", cwd=tmp_path).code == 0
    for options, devices in (([], {"", "/device:GPU:0"}), (["--clear-devices"], {""})):
        reported(tmp_path, "m.ckpt", "-o", "again.pb", "-f", *options)
        nodes = models.nodes(models.meta_graph((tmp_path / "again.pb").read_bytes()))
        assert {node.device for node in nodes.values()} == devices


def test_the_file_has_a_name_of_its_own(thawed: Path) -> None:
    assert reported(thawed, "out/m.ckpt")["file"]["path"] == "m.frozen.pb"
    (thawed / "there").mkdir()
    assert reported(thawed, "out/m.ckpt", "-o", "there")["file"]["path"] == "there/m.frozen.pb"


def test_a_folder_needs_neither_dot_nor_slash(thawed: Path) -> None:
    assert thaw("freeze", "out", "-n", cwd=thawed).code == 0


def test_a_dry_run_writes_nothing(thawed: Path) -> None:
    before = sorted(thawed.rglob("*"))
    told = reported(thawed, "out/m.ckpt", "-n")
    assert told["dry_run"] and sorted(thawed.rglob("*")) == before
    run = thaw("freeze", "out/m.ckpt", "-n", cwd=thawed)
    assert "wrote     nothing (dry run); it would be m.frozen.pb" in run.out
    assert run.err == ""


def test_streams(thawed: Path) -> None:
    run = thaw("freeze", "out/m.ckpt", cwd=thawed)
    assert run.out.startswith("out/m.ckpt  checkpoint, ")
    assert run.err == "next:  graph_def = tf.compat.v1.GraphDef.FromString(open('m.frozen.pb', 'rb').read())\n"
    quiet = thaw("freeze", "out/m.ckpt", "-q", "-f", cwd=thawed)
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


REFUSED: list[tuple[list[str], int, str, str]] = [
    (["out/m.ckpt", "-o", "d.pb"], 4, "d.pb", "--force"),
    (["out/m.ckpt", "-o", "out/m.ckpt.meta", "-f"], 4, "out/m.ckpt.meta is a file that is being read", "--output"),
    (["gone.ckpt"], 3, "gone.ckpt", ""),
    (["d.pb"], 3, "d.pb: is a frozen GraphDef, which has no checkpoint", "thaw freeze PREFIX|DIR"),
    (["out/m.ckpt", "--outputs", "soft"], 2, "--outputs: 'soft' matches nothing", "did you mean"),
    (["out/m.ckpt", "--signature", "mine"], 2, "has no signature 'mine'", "--signature NAME"),
    (["out/m.ckpt", "--keep-variables", "third"], 2, "--keep-variables: 'third' matches nothing", "did you mean"),
    (["out/m.ckpt", "--outputs", "out", "--signature", "a"], 2, "--outputs and --signature both", "leave out"),
    (["out/m.ckpt", "--keep-state"], 2, "there is no option '--keep-state'", ""),
    (["out/m.ckpt", "-o", ""], 2, "--output is ''", ""),
]


@pytest.mark.parametrize("words, code, problem, hint", REFUSED, ids=lambda value: str(value)[:40])
def test_refusals(thawed: Path, words: list[str], code: int, problem: str, hint: str) -> None:
    run = thaw("freeze", *words, cwd=thawed)
    assert run.code == code
    told, _, tried = run.parts
    assert problem in told
    assert hint in tried


def test_what_is_missing_is_named(thawed: Path) -> None:
    (thawed / "out/m.ckpt.meta").rename(thawed / "kept.meta")
    run = thaw("freeze", "out/m.ckpt", cwd=thawed)
    assert (run.code, run.parts[0]) == (3, "out/m.ckpt: a checkpoint without its graph")
    assert run.parts[1] == "'out/m.ckpt.meta' beside it"
    run = thaw("freeze", "kept.meta", cwd=thawed)
    assert run.code == 3
    assert "its values were not found" in run.parts[0]
    assert run.parts[1] == "a checkpoint 'kept'"


def test_every_cut_of_the_data_is_noticed(thawed: Path) -> None:
    data = thawed / "out/m.ckpt.data-00000-of-00001"
    whole = data.read_bytes()
    for size in range(0, len(whole), 13):
        data.write_bytes(whole[:size])
        run = thaw("freeze", "out/m.ckpt", "-o", "again.pb", cwd=thawed)
        assert run.code == 3, size
        assert not list(thawed.glob("*again*"))


def test_every_flip_of_the_data_is_noticed(thawed: Path) -> None:
    data = thawed / "out/m.ckpt.data-00000-of-00001"
    whole = data.read_bytes()
    for at in range(0, len(whole), 11):
        data.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert thaw("freeze", "out/m.ckpt", "-o", "again.pb", cwd=thawed).code == 3, at
    assert not list(thawed.glob("*again*"))


def test_paths_are_shown_escaped(tmp_path: Path) -> None:
    (tmp_path / "d.pb").write_bytes(models.dense())
    assert thaw("d.pb", "-o", "a\x1bb/m.ckpt", "-q", "--no-sync", cwd=tmp_path).code == 0
    run = thaw("freeze", "a\x1bb/m.ckpt", "-v", "-o", "c\x07.pb", cwd=tmp_path)
    assert run.code == 0 and not set(run.out + run.err) & {"\x1b", "\x07"}
    assert r"a\x1bb/m.ckpt  checkpoint" in run.out


def test_help(tmp_path: Path) -> None:
    run = thaw("freeze", "--help", cwd=tmp_path)
    assert (run.code, run.err) == (0, "")
    assert thaw("freeze", cwd=tmp_path).out == run.out
    assert "Usage: thaw freeze" in run.out and "PREFIX|DIR" in run.out
    assert [line for line in run.out.splitlines() if len(line) > 80 or line != line.rstrip()] == []
    assert set(re.findall(r"\b\d+\b", run.out[run.out.index("Exit codes:") :])) == set("012345") | {"130", "143"}


def test_colour_on_a_terminal(thawed: Path) -> None:
    run = on_terminal("freeze", "out/m.ckpt", cwd=thawed, streams="out")
    assert run.code == 0 and run.out.startswith("\x1b[1mout/m.ckpt\x1b[0m")
