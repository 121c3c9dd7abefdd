"""The ways in which people write the same command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from folder import checkpoint_files, names
from program import thaw

SAME = {
    "options first": ["--thaw", "third", "-n", "--json", "doubt.pb"],
    "model in the middle": ["-n", "--thaw", "third", "doubt.pb", "--json"],
    "equals": ["doubt.pb", "-n", "--json", "--thaw=third"],
    "together": ["doubt.pb", "-nv", "--json", "--thaw", "third"],
    "twice": ["doubt.pb", "-n", "-n", "--json", "--thaw", "third", "--thaw", "third/table"],
    "after --": ["-n", "--json", "--thaw", "third", "--", "doubt.pb"],
    "long": ["doubt.pb", "--dry-run", "--json", "--thaw", "third"],
}


@pytest.mark.parametrize("words", SAME.values(), ids=SAME.keys())
def test_order_and_form(desk: Path, words: list[str]) -> None:
    assert thaw(*words, cwd=desk) == thaw("doubt.pb", "-n", "--json", "--thaw", "third", cwd=desk)


@pytest.mark.parametrize(
    "words", [["-om"], ["-o", "m"], ["--output", "m"], ["--output=m"], ["-qom"], ["-qfo", "m"]], ids=" ".join
)
def test_prefix(desk: Path, words: list[str]) -> None:
    assert thaw("d.pb", "--no-sync", *words, cwd=desk).code == 0
    assert set(checkpoint_files("m")) <= set(names(desk))


def test_one_pattern_takes_one_word(desk: Path) -> None:
    """Else `--keep first d.pb` would swallow the model."""
    for option in ("--thaw", "--keep", "--non-trainable", "--rename", "--outputs", "--input"):
        value = {"--rename": "first=a", "--outputs": "out", "--input": "x:0[?,4]"}.get(option, "first")
        assert thaw(option, value, "d.pb", "-n", cwd=desk).code == 0, option


def test_a_file_named_like_a_command(desk: Path) -> None:
    """Is never opened by its bare name, so that names of commands stay free; the way to open it is told."""
    (desk / "model").write_bytes((desk / "d.pb").read_bytes())
    for words in (["model", "-n"], ["-n", "model"]):
        run = thaw(*words, cwd=desk)
        assert run.code == 2
        assert "./model" in run.parts[2]
    assert thaw("./model", "-n", cwd=desk).code == 0


def test_options_behind_two_dashes(desk: Path) -> None:
    run = thaw("--", "d.pb", "-n", cwd=desk)
    assert run.code == 2
    assert "'-n'" in run.parts[0] and "before" in run.parts[2]
