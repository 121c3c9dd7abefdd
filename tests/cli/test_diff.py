"""`thaw diff` from outside: words, exit codes, streams, and JSON that fits its schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import models
import schema
from program import REPOSITORY, thaw

MODEL = str(REPOSITORY / "demo" / "digits.pb")


def changed(first: float = 0.5, op: str = "Softmax", kernel: str = "second") -> bytes:
    """The dense model with other numbers, another last operation, or a layer of another name."""
    return models.graph(
        models.placeholder("x", [-1, 4]),
        models.layer("first", "x", 4, 3),
        models.node("first/Relu", "Relu", ["first/BiasAdd"], models.of_float()),
        models.weight(f"{kernel}/kernel", [3, 2], first) + models.weight(f"{kernel}/bias", [2], -0.25),
        models.node(
            f"{kernel}/MatMul", "MatMul", ["first/Relu", f"{kernel}/kernel/read"], models.of_float()
        ),
        models.node(
            f"{kernel}/BiasAdd", "BiasAdd", [f"{kernel}/MatMul", f"{kernel}/bias/read"], models.of_float()
        ),
        models.node("out", op, [f"{kernel}/BiasAdd"], models.of_float()),
    )


@pytest.fixture
def pair(desk: Path) -> Path:
    """Beside d.pb the same, written in another order, and some that differ."""
    (desk / "same.pb").write_bytes(changed())
    (desk / "values.pb").write_bytes(changed(first=0.75))
    (desk / "op.pb").write_bytes(changed(op="Relu"))
    (desk / "names.pb").write_bytes(changed(kernel="last"))
    assert thaw("d.pb", "-o", "out/m", "--no-sync", "-q", cwd=desk).code == 0
    return desk


def reported(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    run = thaw("diff", "--json", *words, cwd=folder)
    told: dict[str, Any] = run.json
    assert schema.breaches(told, schema.load("diff")) == []
    assert [f"warning: {warning}" for warning in told["warnings"]] == run.err.splitlines()
    assert told["differs"] == (run.code == 1)
    return run.code, told


@pytest.mark.parametrize("other", ["d.pb", "same.pb", "out/m", "out", "out/m.meta", "out/m.index"])
def test_no_difference(pair: Path, other: str) -> None:
    for words in (["d.pb", other], [other, "d.pb"], [other, other]):
        code, told = reported(pair, *words)
        assert code == 0
        assert told["weights"]["equal"] == 4
        assert (told["weights"]["differences"], told["graph"]["changed"]) == ([], [])
        run = thaw("diff", *words, cwd=pair)
        assert (run.code, run.err) == (0, "")
        assert "no difference" in run.out


def test_values(pair: Path) -> None:
    code, told = reported(pair, "d.pb", "values.pb")
    assert code == 1
    assert [(w["change"], w["name"]) for w in told["weights"]["differences"]] == [("values", "second/kernel")]
    delta = told["weights"]["differences"][0]["delta"]
    assert (delta["elements"], delta["changed"], round(delta["largest"], 6)) == (6, 6, 0.25)
    assert told["graph"]["changed"] == []
    assert reported(pair, "d.pb", "values.pb", "--tolerance", "0.3")[0] == 0
    assert reported(pair, "d.pb", "values.pb", "--tolerance", "0.2")[0] == 1
    assert reported(pair, "d.pb", "values.pb", "--match", "first")[0] == 0
    assert reported(pair, "out/m", "values.pb")[0] == 1
    # As nodes, when weights are not asked for.
    code, told = reported(pair, "d.pb", "values.pb", "--graph")
    assert (code, told["weights"]["compared"]) == (1, False)
    assert [(n["name"], n["parts"][0]["part"]) for n in told["graph"]["changed"]] == [("second/kernel", "value")]


def test_graph(pair: Path) -> None:
    code, told = reported(pair, "d.pb", "op.pb")
    assert (code, told["weights"]["differences"]) == (1, [])
    part = {"part": "op", "name": "", "from": "Softmax", "to": "Relu", "delta": None}
    assert [(n["name"], n["parts"]) for n in told["graph"]["changed"]] == [("out", [part])]
    assert reported(pair, "d.pb", "op.pb", "--weights")[0] == 0
    code, told = reported(pair, "op.pb", "out/m")
    assert (code, [n["name"] for n in told["graph"]["changed"]]) == (1, ["out"])


def test_names(pair: Path) -> None:
    _, told = reported(pair, "d.pb", "names.pb")
    renamed = [(w["change"], w["name"], w["other_name"]) for w in told["weights"]["differences"]]
    assert renamed == [("renamed", "second/bias", "last/bias"), ("renamed", "second/kernel", "last/kernel")]
    assert {n["name"] for n in told["graph"]["removed"]} >= {"second/MatMul", "second/kernel"}
    assert reported(pair, "d.pb", "names.pb", "--rename", "second=last")[0] == 0
    (pair / "rules").write_text("second=last\n")
    assert reported(pair, "d.pb", "names.pb", "--rules", "rules")[0] == 0
    assert reported(pair, "out/m", "names.pb", "--weights", "--rename", "second=last")[0] == 0


def test_checkpoint_with_training_state(pair: Path) -> None:
    """What a frozen graph cannot hold is told, and is no difference to it; to a checkpoint it is one."""
    run = thaw("d.pb", "-o", "adam/m", "--optimizer", "adam", "--no-sync", "-q", cwd=pair)
    assert run.code == 0
    code, told = reported(pair, "d.pb", "adam/m")
    assert code == 0
    assert {w["change"] for w in told["weights"]["differences"]} == {"only_b"}
    assert all(w["expected"] and w["state"] for w in told["weights"]["differences"])
    assert len(told["weights"]["differences"]) == 10
    assert "8 slot of Adam only in B" in thaw("diff", "d.pb", "adam/m", cwd=pair).out
    assert reported(pair, "out/m", "adam/m", "--weights")[0] == 1


def test_stat_and_verbose(pair: Path) -> None:
    stat = thaw("diff", "d.pb", "names.pb", "--stat", cwd=pair).out
    assert "2 under another name" in stat
    assert "second/kernel" not in stat
    assert len(stat.splitlines()) <= 6
    short, long = (thaw("diff", "d.pb", "names.pb", *words, cwd=pair).out for words in ([], ["-v"]))
    assert "second/MatMul" in short
    assert len(long.splitlines()) >= len(short.splitlines())
    assert max(map(len, short.splitlines())) <= 120


def test_streams(pair: Path) -> None:
    quiet = thaw("diff", "d.pb", "op.pb", "-q", cwd=pair)
    assert (quiet.code, quiet.out, quiet.err) == (1, "", "")
    plain = thaw("diff", "d.pb", "op.pb", cwd=pair)
    assert "\x1b" not in plain.out
    assert "\x1b" in thaw("diff", "d.pb", "op.pb", "--color", "always", cwd=pair).out


def test_names_with_escapes(desk: Path) -> None:
    for name, op in (("a.pb", "Relu"), ("b.pb", "Sin")):
        (desk / name).write_bytes(
            models.graph(
                models.placeholder("x", [2]), models.node("o\x1b[2Jut\n", op, ["x"], models.of_float())
            )
        )
    run = thaw("diff", "a.pb", "b.pb", cwd=desk)
    assert run.code == 1
    assert "o\\x1b[2Jut\\x0a" in run.out
    told = reported(desk, "a.pb", "b.pb")[1]
    assert told["graph"]["changed"][0]["name"] == "o\x1b[2Jut\n"


def test_values_that_are_not_there(pair: Path) -> None:
    (pair / "alone.meta").write_bytes((pair / "out/m.meta").read_bytes())
    code, told = reported(pair, "d.pb", "alone.meta")
    assert code == 0
    assert {w["change"] for w in told["weights"]["differences"]} == {"unknown"}
    assert "no values were found for its 4 variables" in told["warnings"][0]
    assert thaw("diff", "d.pb", "alone.meta", "--strict", cwd=pair).code == 1


def test_help(desk: Path) -> None:
    run = thaw("diff", "--help", cwd=desk)
    assert (run.code, run.err) == (0, "")
    assert "Usage: thaw diff" in run.out
    assert thaw("diff", cwd=desk).out == run.out
    assert [line for line in run.out.splitlines() if len(line) > 80 or line != line.rstrip()] == []


REFUSED = {
    "one word": (["d.pb"], 2, "one is named", "thaw diff A B"),
    "three words": (["d.pb", "d.pb", "d.pb"], 2, "a third word, 'd.pb'", "two models"),
    "no such file": (["d.pb", "no.pb"], 3, "no.pb", ""),
    "no such option": (["d.pb", "d.pb", "--wieghts"], 2, "--wieghts", "option of thaw diff"),
    "both parts": (["d.pb", "d.pb", "--weights", "--graph"], 2, "both --weights and --graph", "one of them"),
    "no number": (["d.pb", "d.pb", "--tolerance", "x"], 2, "--tolerance 'x'", "not negative"),
    "negative": (["d.pb", "d.pb", "--tolerance=-1"], 2, "--tolerance '-1'", "not negative"),
    "no match": (["d.pb", "d.pb", "--match", "nowhere"], 2, "'nowhere' matches nothing", "name"),
    "no rule": (["d.pb", "d.pb", "--rename", "nowhere=x"], 2, "'nowhere' matches nothing", "name"),
    "one name for two": (["d.pb", "d.pb", "--rename", "first/kernel=x"], 2, "two nodes would be called", "one name"),
    "no graph": (["d.pb", "bare/m", "--graph"], 2, "has no graph", "two models"),
    "empty": (["d.pb", ""], 2, "''", "a file"),
}


@pytest.mark.parametrize(("words", "code", "problem", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(pair: Path, words: list[str], code: int, problem: str, expected: str) -> None:
    (pair / "bare").mkdir()
    for part in ("m.index", "m.data-00000-of-00001"):
        (pair / "bare" / part).write_bytes((pair / "out" / part).read_bytes())
    run = thaw("diff", *words, cwd=pair)
    assert run.code == code
    assert problem in run.parts[0]
    assert expected in run.parts[1]
    assert json.loads(thaw("diff", *words, "--json", cwd=pair).out)["schema"] == "thaw.error/1"
