"""Colours and animation: on a terminal only, unless somebody says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from program import on_terminal, thaw

ESCAPE = "\x1b"
# Environment, options, and whether a terminal shows colours then.
ON_TERMINAL = {
    "plain": ({}, [], True),
    "NO_COLOR": ({"NO_COLOR": "1"}, [], False),
    "NO_COLOR, any value": ({"NO_COLOR": "0"}, [], False),
    "NO_COLOR, empty": ({"NO_COLOR": ""}, [], True),
    "dumb": ({"TERM": "dumb"}, [], False),
    "never": ({}, ["--color", "never"], False),
    "never wins": ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
    "always wins": ({"NO_COLOR": "1"}, ["--color", "always"], True),
    "NO_COLOR wins over FORCE_COLOR": ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, [], False),
}
OFF_TERMINAL = {
    "plain": ({}, [], False),
    "FORCE_COLOR": ({"FORCE_COLOR": "1"}, [], True),
    "CLICOLOR_FORCE": ({"CLICOLOR_FORCE": "1"}, [], True),
    "always": ({}, ["--color", "always"], True),
    "never": ({"FORCE_COLOR": "1"}, ["--color", "never"], False),
}
# A report, an error that a run found, an error in the words themselves.
RUNS = {
    "report": ["d.pb", "-n"],
    "error": ["no.pb", "-n"],
    "words": ["d.pb", "--thaw", "no"],
    "unknown": ["d.pb", "--frobnicate"],
}


@pytest.mark.parametrize("told", ON_TERMINAL.values(), ids=ON_TERMINAL.keys())
@pytest.mark.parametrize("words", RUNS.values(), ids=RUNS.keys())
def test_on_terminal(desk: Path, words: list[str], told: tuple[dict[str, str], list[str], bool]) -> None:
    env, options, coloured = told
    run = on_terminal(words[0], *options, *words[1:], cwd=desk, streams="out err", env=env)
    assert (ESCAPE in run.out) == coloured


@pytest.mark.parametrize("told", OFF_TERMINAL.values(), ids=OFF_TERMINAL.keys())
@pytest.mark.parametrize("words", RUNS.values(), ids=RUNS.keys())
def test_off_terminal(desk: Path, words: list[str], told: tuple[dict[str, str], list[str], bool]) -> None:
    env, options, coloured = told
    run = thaw(words[0], *options, *words[1:], cwd=desk, env=env)
    assert (ESCAPE in run.out + run.err) == coloured


def test_streams_are_judged_apart(desk: Path) -> None:
    report = on_terminal("d.pb", "-n", cwd=desk, streams="err")
    assert ESCAPE not in report.out + report.err
    assert ESCAPE in on_terminal("d.pb", "-n", cwd=desk, streams="out").out
    assert ESCAPE not in on_terminal("no.pb", "-n", cwd=desk, streams="out").err
    assert ESCAPE in on_terminal("no.pb", "-n", cwd=desk, streams="err").err


@pytest.mark.parametrize(
    "env, options", [({}, []), ({"FORCE_COLOR": "1"}, []), ({}, ["--color", "always"])], ids=str
)
@pytest.mark.parametrize("name", ["d.pb", "doubt.pb", "no.pb"])
def test_json_is_never_coloured(desk: Path, name: str, env: dict[str, str], options: list[str]) -> None:
    run = on_terminal(name, "-n", "--json", *options, cwd=desk, streams="out", env=env)
    assert ESCAPE not in run.out
    assert run.out.startswith("{") and run.out.endswith("}\r\n") and run.out.count("\n") == 1


def test_colours_are_put_out_again(desk: Path) -> None:
    for words in RUNS.values():
        run = thaw(*words, "--color", "always", cwd=desk)
        for line in (run.out + run.err).splitlines():
            assert line.rfind(ESCAPE) == -1 or line[line.rfind(ESCAPE) :].startswith("\x1b[0m")


def test_colours_change_no_word(desk: Path) -> None:
    for words in RUNS.values():
        plain, coloured = (thaw(*words, "--color", how, cwd=desk) for how in ("never", "always"))
        bare = (
            (coloured.out + coloured.err)
            .replace("\x1b[0m", "")
            .replace("\x1b[1m", "")
            .replace("\x1b[31m", "")
        )
        assert bare == plain.out + plain.err


def test_help_has_no_colours(desk: Path) -> None:
    assert ESCAPE not in on_terminal("--help", cwd=desk, streams="out err").out
