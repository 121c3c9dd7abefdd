"""What `thaw inspect` shows on terminals of any width, whatever the names are."""

from __future__ import annotations

from pathlib import Path

import pytest

import models
from program import REPOSITORY, Run, on_terminal, thaw

DIGITS = REPOSITORY / "demo" / "digits.pb"
TABLES = ["--weights", "--ops", "--io", "--tree", "--tree=0", "--stats"]


def rows_of(run: Run) -> list[list[str]]:
    return [line.split("\t") for line in run.out.splitlines()]


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
@pytest.mark.parametrize("words", [[], ["-v"], ["--weights"], ["--stats"], ["--ops", "--io", "--tree"]], ids=" ".join)
def test_terminals(tmp_path: Path, columns: int, words: list[str]) -> None:
    name = "a" * 250
    graph = models.graph(
        models.placeholder(name + "/x", [-1, 4]),
        models.layer(name, name + "/x", 4, 3),
        models.node(name + "/out", "Softmax", [name + "/BiasAdd"], models.of_float()),
    )
    (tmp_path / "long.pb").write_bytes(graph)
    for file in [DIGITS, tmp_path / "long.pb"]:
        shown = on_terminal(
            "inspect", file.name, *words, "--color", "never", cwd=file.parent, streams="out", columns=columns
        )
        assert shown.code == 0
        assert all(len(line) <= columns for line in shown.out.splitlines()), shown.out
        assert "\t" not in shown.out
    piped = thaw("inspect", "long.pb", *words, cwd=tmp_path)
    assert "--ops" not in words or name + "/x:0" in piped.out


def test_colours_on_a_terminal(desk: Path) -> None:
    assert "\x1b[1m" in on_terminal("inspect", "d.pb", "--weights", cwd=desk, streams="out").out
    assert "\x1b" not in thaw("inspect", "d.pb", "--weights", cwd=desk).out


HOSTILE = "evil\x1b[2J\x07\r\n\tname"


def test_hostile_names(tmp_path: Path) -> None:
    graph = models.graph(
        models.placeholder(HOSTILE, [-1, 4]),
        models.layer("l" + HOSTILE, HOSTILE, 4, 3),
        models.node("o" + HOSTILE, "Op" + "x" * 10, ["l" + HOSTILE + "/BiasAdd"], models.of_float()),
    )
    (tmp_path / "e.pb").write_bytes(graph)
    for words in [[], ["-v"], *([table] for table in TABLES), ["--json"], ["--match", ".*", "--io"]]:
        run = thaw("inspect", "e.pb", *words, cwd=tmp_path)
        assert run.code == 0
        assert not set("\x1b\x07\r") & set(run.out + run.err)
        if "--weights" in words:
            assert all(len(row) == 6 for row in rows_of(run))
    shown = on_terminal("inspect", "e.pb", "--color", "never", cwd=tmp_path, streams="out", columns=80)
    assert "\x1b" not in shown.out and "\x07" not in shown.out
