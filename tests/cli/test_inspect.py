"""`thaw inspect` from outside: first screens, tables, JSON, several files, what is refused."""

from __future__ import annotations

import json
import re
import resource
from pathlib import Path
from typing import Any

import pytest

import models
import schema
from folder import unchanged
from program import REPOSITORY, Run, shell, thaw

SMALL = sorted((REPOSITORY / "tests" / "data" / "small_models").iterdir())
BUNDLES = sorted(path for path in (REPOSITORY / "tests" / "data" / "bundles").rglob("*.index"))
DIGITS = REPOSITORY / "demo" / "digits.pb"
TABLES = ["--weights", "--ops", "--io", "--tree", "--tree=0", "--stats"]


def lines_of(run: Run) -> list[dict[str, Any]]:
    """Every line of standard output, each one sound."""
    told = [json.loads(line) for line in run.out.splitlines()]
    for one in told:
        name = one["schema"].removeprefix("thaw.").removesuffix("/1")
        assert schema.breaches(one, schema.load(name)) == []
    return told


def rows_of(run: Run) -> list[list[str]]:
    return [line.split("\t") for line in run.out.splitlines()]


@pytest.mark.parametrize("path", [*SMALL, *BUNDLES, DIGITS], ids=lambda path: path.name)
def test_json_of_files(tmp_path: Path, path: Path) -> None:
    run = thaw("inspect", path, "--json", "--tree=0", "--stats", cwd=tmp_path)
    (told,) = lines_of(run)
    assert run.code in (0, 3)
    if run.code == 0:
        assert told["source"]["bytes"] == sum(file["bytes"] for file in told["source"]["files"])
        weights = [told["roles"][role] for role in told.get("roles", {})]
        assert not weights or told["parameters"] == sum(role["parameters"] for role in weights)


@pytest.mark.parametrize("words", [[], ["-v"], ["-q"], *([table] for table in TABLES)], ids=" ".join)
def test_nothing_is_written(desk: Path, words: list[str]) -> None:
    with unchanged(desk):
        run = thaw("inspect", "d.pb", *words, cwd=desk)
    assert (run.code, run.err) == (0, "")
    assert (run.out == "") == ("-q" in words)


def test_first_screen(desk: Path) -> None:
    run = thaw("inspect", "d.pb", cwd=desk)
    assert run.code == 0
    for part in [
        "d.pb  frozen GraphDef",
        "x:0  float32 [?,4]  (Placeholder)",
        "out:0  float32 [?,2]  (no other node takes it)",
        "4 trainable weights: 23 numbers, 92 bytes",
        "gradients reach all 4 trainable weights",
        "TensorFlow 1's freezer",
    ]:
        assert part in run.out
    assert run.out.count("\n") < 20


def test_tables_are_for_programs(desk: Path) -> None:
    rows = rows_of(thaw("inspect", "d.pb", "--weights", cwd=desk))
    assert rows[0] == ["name", "dtype", "shape", "parameters", "bytes", "role"]
    assert rows[1:] == [
        ["first/bias", "float32", "[3]", "3", "12", "trainable"],
        ["first/kernel", "float32", "[4,3]", "12", "48", "trainable"],
        ["second/bias", "float32", "[2]", "2", "8", "trainable"],
        ["second/kernel", "float32", "[3,2]", "6", "24", "trainable"],
    ]
    ops = rows_of(thaw("inspect", "d.pb", "--ops", cwd=desk))
    assert ops[:2] == [["op", "nodes", "in functions", "gradient"], ["Const", "4", "0", "stops"]]
    tree = rows_of(thaw("inspect", "d.pb", "--tree=1", cwd=desk))
    assert tree[1:] == [
        [".", "15", "4", "23", "92"],
        ["first", "7", "2", "15", "60"],
        ["second", "6", "2", "8", "32"],
    ]


def test_several_tables_stand_apart(desk: Path) -> None:
    run = thaw("inspect", "d.pb", "--io", "--ops", cwd=desk)
    assert run.out.count("\n\n") == 1
    assert run.out.split("\n\n")[1].startswith("op\t")


def test_sort_by_size(desk: Path) -> None:
    rows = rows_of(thaw("inspect", "d.pb", "--weights", "--sort", "size", cwd=desk))
    sizes = [int(row[4]) for row in rows[1:]]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) > 1


def test_statistics(desk: Path) -> None:
    rows = rows_of(thaw("inspect", "d.pb", "--stats", "--match", "first/bias", cwd=desk))
    assert rows[0][6:] == ["min", "max", "mean", "std", "zeros", "nan", "inf"]
    figures = [float(cell) for cell in rows[1][6:]]
    assert figures == pytest.approx([-0.25, 0.49, 0.12, 0.3021, 0, 0, 0], abs=1e-4)


@pytest.mark.parametrize(
    "pattern, names",
    [
        ("first", ["first/bias", "first/kernel"]),
        (".*/kernel", ["first/kernel", "second/kernel"]),
        ("second/kernel:0", ["second/kernel"]),
    ],
)
def test_match_alone_lists_weights(desk: Path, pattern: str, names: list[str]) -> None:
    rows = rows_of(thaw("inspect", "d.pb", "--match", pattern, cwd=desk))
    assert [row[0] for row in rows[1:]] == names
    told = thaw("inspect", "d.pb", "--match", pattern, "--json", cwd=desk).json
    assert [weight["name"] for weight in told["variables"]] == names
    assert told["weights"] == 4


def test_match_of_nothing(desk: Path) -> None:
    run = thaw("inspect", "d.pb", "--match", "frist", cwd=desk)
    assert (run.code, run.out) == (2, "")
    problem, _, advice = run.parts
    assert "--match" in problem and "'frist'" in problem and "'first'" in advice


def test_match_in_one_of_several_files(desk: Path) -> None:
    (desk / "w.pb").write_bytes(models.weightless())
    run = thaw("inspect", "d.pb", "w.pb", "--match", "first/kernel", cwd=desk)
    assert run.code == 0
    assert [row[:2] for row in rows_of(run)[1:]] == [["d.pb", "first/kernel"]]
    run = thaw("inspect", "d.pb", "w.pb", "--match", "frist", cwd=desk)
    assert run.code == 2 and "'frist' matches nothing" in run.err


def test_several_files(desk: Path) -> None:
    run = thaw("inspect", "d.pb", "no.pb", "doubt.pb", "--json", cwd=desk)
    assert run.code == 3
    told = lines_of(run)
    assert [one["schema"] for one in told] == ["thaw.inspect/1", "thaw.error/1", "thaw.inspect/1"]
    assert told[1]["kind"] == "input_io"
    assert "no.pb" in run.err and "warning: doubt.pb: " in run.err
    table = rows_of(thaw("inspect", "d.pb", "no.pb", "doubt.pb", "--weights", cwd=desk))
    assert table[0][:2] == ["file", "name"]
    assert [row[0] for row in table].count("file") == 1
    assert {row[0] for row in table[1:]} == {"d.pb", "doubt.pb"}
    screens = thaw("inspect", "d.pb", "doubt.pb", cwd=desk)
    assert screens.out.count("frozen GraphDef") == 2 and screens.out.count("\n\n") == 1


def test_strict(desk: Path) -> None:
    assert thaw("inspect", "d.pb", "--strict", cwd=desk).code == 0
    assert thaw("inspect", "doubt.pb", "--strict", cwd=desk).code == 1
    assert thaw("inspect", "doubt.pb", cwd=desk).code == 0
    assert thaw("inspect", "doubt.pb", "no.pb", "--strict", cwd=desk).code == 3


def test_what_thaw_refuses_is_shown(desk: Path) -> None:
    (desk / "w.pb").write_bytes(models.weightless())
    (desk / "v.pb").write_bytes(models.with_variable())
    told = thaw("inspect", "w.pb", "--json", cwd=desk).json
    assert (told["nodes"], told["weights"]) == (2, 0)
    assert "no weights" in told["refusal"]["problem"]
    told = thaw("inspect", "v.pb", "--json", cwd=desk).json
    (variable,) = told["variables"]
    assert (variable["name"], variable["frozen"], variable["has_value"]) == ("first/kernel", False, False)
    assert "would refuse it" in thaw("inspect", "w.pb", cwd=desk).out


def test_checkpoints(desk: Path) -> None:
    assert thaw("d.pb", "-o", "out/m", "--no-sync", cwd=desk).code == 0
    said = []
    for path in ["out/m", "out/m.index", "out/m.meta", "out/m.data-00000-of-00001", "out"]:
        told = thaw("inspect", path, "--json", cwd=desk).json
        assert [entry["key"] for entry in told["checkpoint"]["entries"]] == [
            "first/bias", "first/kernel", "second/bias", "second/kernel",
        ]  # fmt: skip
        assert told["parameters"] == 23 and all(variable["has_value"] for variable in told["variables"])
        said.append(told["variables"])
    assert all(one == said[0] for one in said)
    (desk / "out" / "m.meta").unlink()
    told = thaw("inspect", "out/m", "--json", cwd=desk).json
    assert told["nodes"] is None and told["parameters"] == 23 and told["inputs"] == []
    rows = rows_of(thaw("inspect", "out/m", "--weights", cwd=desk))
    assert [row[0] for row in rows[1:]] == ["first/bias", "first/kernel", "second/bias", "second/kernel"]


def test_tag_sets(desk: Path) -> None:
    graphs = []
    for tags, part in [(["serve"], models.dense()), (["serve", "gpu"], models.weightless())]:
        info = b"".join(models.field(4, tag) for tag in tags)
        graphs.append(models.field(2, models.field(1, info) + models.meta_graph(part)))
    (desk / "s").mkdir()
    (desk / "s" / "saved_model.pb").write_bytes(models.number(1, 1) + b"".join(graphs))
    screen = thaw("inspect", "s", cwd=desk).out
    assert "2 graphs" in screen and "serve,gpu: 2 nodes" in screen
    (told,) = lines_of(thaw("inspect", "s", "--json", cwd=desk))
    assert (told["tags"], told["weights"]) == (["serve"], 4)
    assert [other["tags"] for other in told["others"]] == [["serve", "gpu"]]
    chosen = thaw("inspect", "s", "--tag-set", "gpu,serve", "--json", cwd=desk).json
    assert chosen["nodes"] == 2 and chosen["others"] == []
    wrong = thaw("inspect", "s", "--tag-set", "train", cwd=desk)
    assert wrong.code == 2 and "'serve,gpu'" in wrong.err
    table = rows_of(thaw("inspect", "s", "--io", cwd=desk))
    assert {row[0] for row in table[1:]} == {"s[serve]", "s[serve,gpu]"}


@pytest.mark.parametrize(
    "words, code, part",
    [
        ([], 2, "no file is named"),
        (["--frobnicate", "d.pb"], 2, "--frobnicate"),
        (["--weigths", "d.pb"], 2, "--weights"),
        (["d.pb", "--sort", "colour"], 2, "name|size"),
        (["d.pb", "--tree=x"], 2, "--tree"),
        (["d.pb", "--tree=-1"], 2, "--tree"),
        (["d.pb", "--match", "("], 2, "--match"),
        (["-"], 3, "standard input"),
        (["gs://a/b.pb"], 3, "no network"),
        ([""], 2, "unset"),
        (["no"], 3, "no"),
        (["."], 3, "SavedModel"),
    ],
    ids=str,
)
def test_refusals(desk: Path, words: list[str], code: int, part: str) -> None:
    run = thaw("inspect", *words, *([] if words else ["--json"]), cwd=desk)
    assert run.code == code
    assert part in run.err
    assert run.err.startswith("error: ")


def test_values_stay_in_the_file(tmp_path: Path) -> None:
    """Three gigabytes of weights, in a quarter of one."""
    before, size, after = models.heavy(3000)
    with (tmp_path / "heavy.pb").open("wb") as file:
        file.write(before)
        file.seek(size, 1)
        file.write(after)
    limit = 1 << 28
    run = thaw(
        "inspect", "heavy.pb", "--json", "--tree", cwd=tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert run.code == 0, run.err
    assert (run.json["parameters"], run.json["weight_bytes"]) == (size // 4, size)


def test_readme_sessions(tmp_path: Path) -> None:
    """What the README shows is what one sees, word for word."""
    text = (REPOSITORY / "README.md").read_text()
    sessions = re.findall(r"```console\n\$ (thaw inspect .*?)\n(.*?)```", text, re.DOTALL)
    assert len(sessions) == 2
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "digits.pb").write_bytes(DIGITS.read_bytes())
    for command, shown in sessions:
        run = shell(command.replace("thaw ", '"$THAW" ', 1), cwd=tmp_path)
        assert (run.code, run.err, run.out) == (0, "", shown)


def test_help_and_version(desk: Path) -> None:
    told = thaw("inspect", "--help", cwd=desk)
    assert (told.code, told.err) == (0, "")
    assert told.out == thaw("inspect", cwd=desk).out == thaw("inspect", "d.pb", "-h", cwd=desk).out
    assert "Usage: thaw inspect [OPTIONS] FILE..." in told.out and "--tree[=DEPTH]" in told.out
    assert [line for line in told.out.splitlines() if len(line) > 80 or line != line.rstrip()] == []
    examples = re.findall(r"^  thaw (inspect .*?)(?:  .*)?$", told.out, re.MULTILINE)
    assert len(examples) == 5
    (desk / "model.pb").write_bytes(models.dense())
    assert thaw("model.pb", "-o", "train/model.ckpt", "--no-sync", cwd=desk).code == 0
    for example in examples:
        run = shell('"$THAW" ' + example.replace("--match encoder", "--match first"), cwd=desk)
        assert run.code == 0, run.err
    assert thaw("inspect", "-V", cwd=desk).out == thaw("-V", cwd=desk).out


def test_command_by_a_slip(desk: Path) -> None:
    run = thaw("inspct", "d.pb", cwd=desk)
    assert run.code == 2 and "did you mean thaw inspect?" in run.err
