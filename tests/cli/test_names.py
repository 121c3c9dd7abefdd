"""Options that decide what is a weight and what it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

import models
from program import thaw

FIRST = ["first/bias", "first/kernel"]
SECOND = ["second/bias", "second/kernel"]
EMA = "/ExponentialMovingAverage"


def planned(desk: Path, *words: str) -> dict[str, str]:
    """The constants that become variables, and the variables' names."""
    run = thaw("d.pb", "-n", "--json", *words, cwd=desk)
    assert run.code == 0, run.err
    return {one["node"]: one["name"] for one in run.json["variables"]}


# Options, and the constants that still become variables.
DECISIONS = {
    "nothing": ([], FIRST + SECOND),
    "keep a scope": (["--keep", "first"], SECOND),
    "keep a scope, slash": (["--keep", "first/"], SECOND),
    "keep a name": (["--keep", "first/bias"], ["first/kernel", *SECOND]),
    "keep an output": (["--keep", "first/bias:0"], ["first/kernel", *SECOND]),
    "keep a read": (["--keep", "first/bias/read"], ["first/kernel", *SECOND]),
    "keep an expression": (["--keep", ".*/bias"], ["first/kernel", "second/kernel"]),
    "expressions match whole names": (["--keep", "first/b.*"], ["first/kernel", *SECOND]),
    "keep two": (["--keep", "first", "--keep", "second/bias"], ["second/kernel"]),
    "thaw what is thawed": (["--thaw", "first"], FIRST + SECOND),
}


@pytest.mark.parametrize("words, variables", DECISIONS.values(), ids=DECISIONS.keys())
def test_decisions(desk: Path, words: list[str], variables: list[str]) -> None:
    assert sorted(planned(desk, *words)) == variables


def test_non_trainable(desk: Path) -> None:
    told = thaw("d.pb", "-n", "--json", "--non-trainable", "first", cwd=desk).json
    assert {one["name"]: one["trainable"] for one in told["variables"]} == {
        **dict.fromkeys(FIRST, False),
        **dict.fromkeys(SECOND, True),
    }


# Rules, and what becomes of first/kernel and first/bias.
RENAMES = {
    "a name": (["first/kernel=w"], ("w", "first/bias")),
    "a scope": (["first=one"], ("one/kernel", "one/bias")),
    "a scope to nothing": (["first/="], ("kernel", "bias")),
    "a group": (["first/(.*)=\\1/one"], ("kernel/one", "bias/one")),
    "the first that matches": (["first/k.*=a", "first=b"], ("a", "b/bias")),
    "not again": (["first=one", "first/kernel=w"], ("one/kernel", "one/bias")),
}


@pytest.mark.parametrize("rules, expected", RENAMES.values(), ids=RENAMES.keys())
@pytest.mark.parametrize("from_file", [False, True], ids=["options", "file"])
def test_rename(desk: Path, rules: list[str], expected: tuple[str, str], from_file: bool) -> None:
    (desk / "names.rules").write_text("# names\n\n" + "".join(f"  {rule}  # why\r\n" for rule in rules))
    words = (
        ["--rules", "names.rules"] if from_file else [word for rule in rules for word in ("--rename", rule)]
    )
    names = planned(desk, *words)
    assert (names["first/kernel"], names["first/bias"]) == expected
    assert [names[name] for name in SECOND] == SECOND


def test_options_go_before_files(desk: Path) -> None:
    (desk / "names.rules").write_text("first/kernel=file\nfirst/bias=file_bias\n")
    names = planned(desk, "--rules", "names.rules", "--rename", "first/kernel=option")
    assert (names["first/kernel"], names["first/bias"]) == ("option", "file_bias")


@pytest.mark.parametrize("scope", ["old", "old/", "a/b"])
def test_scope(desk: Path, scope: str) -> None:
    assert thaw("d.pb", "-o", "m", "--scope", scope, "--no-sync", cwd=desk).code == 0
    nodes = models.nodes((desk / "m.meta").read_bytes())
    below = scope.rstrip("/") + "/"
    assert {"x", "out", "first/kernel", "first/MatMul"} <= {
        name.removeprefix(below) for name in nodes if name.startswith(below)
    }
    assert nodes[below + "first/MatMul"].inputs == (below + "x", below + "first/kernel/read")
    assert {"x", "out", *FIRST, *SECOND} & nodes.keys() == set()


def test_strip_prefix_takes_a_scope_off(desk: Path) -> None:
    assert planned(desk, "--strip-prefix", "first") == {
        "first/bias": "bias",
        "first/kernel": "kernel",
        **dict(zip(SECOND, SECOND, strict=True)),
    }


def test_strip_and_scope(desk: Path) -> None:
    names = planned(desk, "--strip-prefix", "first", "--scope", "one")
    assert names == {
        "first/bias": "one/bias",
        "first/kernel": "one/kernel",
        "second/bias": "one/second/bias",
        "second/kernel": "one/second/kernel",
    }


def test_ema_twins(desk: Path) -> None:
    assert thaw("d.pb", "-o", "m", "--ema-twins", "--no-sync", cwd=desk).code == 0
    assert thaw("d.pb", "-o", "n/m", "--no-sync", cwd=desk).code == 0
    assert (desk / "m.index").read_bytes().count(EMA.encode()) >= 1
    assert EMA.encode() not in (desk / "n" / "m.index").read_bytes()


@pytest.mark.parametrize(
    "words, op",
    [
        ([], "VarHandleOp"),
        (["--variables", "resource"], "VarHandleOp"),
        (["--variables", "ref"], "VariableV2"),
    ],
    ids=lambda told: "".join(told) or "default",
)
def test_kind_of_variables(desk: Path, words: list[str], op: str) -> None:
    assert thaw("d.pb", "-o", "m", "--no-sync", *words, cwd=desk).code == 0
    nodes = models.nodes((desk / "m.meta").read_bytes())
    assert {nodes[name].op for name in FIRST + SECOND} == {op}
