"""The same words give the same bytes, wherever and whenever they are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from folder import contents
from program import thaw

WAYS = {
    "plain": [],
    "ref": ["--variables", "ref"],
    "value": ["--init", "value"],
    "scope": ["--scope", "a", "--ema-twins"],
    "prune": ["--outputs", "first/Relu", "--prune"],
    "force": ["--force"],
    "sync": ["--verify"],
}
SURROUNDINGS = {
    "place": {
        "TZ": "Asia/Kolkata",
        "LC_ALL": "tr_TR.UTF-8",
        "LANG": "de_DE.UTF-8",
        "HOME": None,
        "TMPDIR": "/nowhere",
    },
    "nothing": {"PATH": None, "HOME": None, "LANG": None, "TERM": None},
    "colour": {"FORCE_COLOR": "1", "COLUMNS": "20"},
}


def written(folder: Path) -> dict[bytes, bytes]:
    return {name: told.content for name, told in contents(folder).items()}


def desk_in(desk: Path, name: str) -> Path:
    """A desk of its own, with the same model."""
    (desk / name).mkdir()
    (desk / name / "doubt.pb").write_bytes((desk / "doubt.pb").read_bytes())
    return desk / name


@pytest.mark.parametrize("words", WAYS.values(), ids=WAYS.keys())
def test_twice(desk: Path, words: list[str]) -> None:
    runs = [thaw("doubt.pb", "-o", "m", *words, "--json", cwd=desk_in(desk, name)) for name in ("one", "two")]
    assert runs[0].code == 0
    assert runs[0] == runs[1]
    assert written(desk / "one") == written(desk / "two")


def test_from_elsewhere(desk: Path) -> None:
    """Neither the current folder nor the way a path is written gets into the files."""
    (desk / "elsewhere").mkdir()
    (desk / "linked").symlink_to("elsewhere")
    places = [
        (desk, "d.pb", "a/m"),
        (desk / "elsewhere", "../d.pb", "../b/m"),
        (Path("/"), str(desk / "d.pb"), str(desk / "c/m")),
        (desk / "linked", str(desk / "d.pb"), ".././d//m"),
    ]
    for cwd, model, prefix in places:
        run = thaw(model, "-q", "-o", prefix, "--no-sync", cwd=cwd)
        assert run.code == 0, run.err
    first, *others = (written(desk / name) for name in "abcd")
    assert len(first) == 4
    assert all(other == first for other in others)


@pytest.mark.parametrize("env", SURROUNDINGS.values(), ids=SURROUNDINGS.keys())
def test_surroundings(desk: Path, env: dict[str, str | None]) -> None:
    usual = thaw("doubt.pb", "-o", "m", "--json", "--no-sync", cwd=desk_in(desk, "a"))
    odd = thaw("doubt.pb", "-o", "m", "--json", "--no-sync", cwd=desk_in(desk, "b"), env=env)
    assert usual == odd
    assert written(desk / "a") == written(desk / "b")


def test_replacing_is_writing(desk: Path) -> None:
    """What was there before leaves no trace in what replaces it."""
    assert thaw("d.pb", "-q", "-o", "a/m", "--no-sync", cwd=desk).code == 0
    assert thaw("doubt.pb", "-q", "-o", "b/m", "--no-sync", "--scope", "longer", cwd=desk).code == 0
    assert thaw("d.pb", "-q", "-o", "b/m", "--no-sync", "--force", cwd=desk).code == 0
    assert written(desk / "a") == written(desk / "b")


def test_the_report_is_the_same(desk: Path) -> None:
    told = {thaw("doubt.pb", "-n", "-v", cwd=desk) for _ in range(5)}
    assert len(told) == 1
