"""Refusals: the exit code, three parts that name what is wrong, the same in JSON, and not a byte moved."""

from __future__ import annotations

from pathlib import Path

import pytest

import schema
from folder import unchanged
from program import thaw
from refusals import ALL, INPUT, KINDS, OUTPUT, Refusal, lay

each = pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: refusal.id)


@each
def test_message(desk: Path, refusal: Refusal) -> None:
    lay(desk, refusal.words)
    with unchanged(desk):
        run = thaw(*refusal.words, cwd=desk)
    assert (run.code, run.out) == (refusal.code, ""), run.err
    assert [told for told in refusal.told if told not in run.err] == [], f"not named in:\n{run.err}"
    assert all(run.parts)
    assert all(char >= " " or char == "\n" for char in run.err)


@each
def test_json(desk: Path, refusal: Refusal) -> None:
    lay(desk, refusal.words)
    with unchanged(desk):
        run = thaw(*refusal.with_option("--json"), cwd=desk)
    assert run.code == refusal.code, run.err
    assert schema.breaches(run.json, schema.load("error")) == []
    assert all(run.json[part] for part in ("problem", "expected", "hint")), run.json
    assert [kind for kind, has in KINDS.items() if has(refusal)] in ([], [run.json["kind"]])


@pytest.mark.parametrize(
    "refusal", [one for one in ALL if one.code != OUTPUT], ids=lambda refusal: refusal.id
)
def test_force_is_no_way_round(desk: Path, refusal: Refusal) -> None:
    """--force is about files in the way, and -q about reports: neither makes sense of anything else."""
    lay(desk, refusal.words)
    with unchanged(desk):
        run = thaw(*refusal.with_option("--force", "-q"), cwd=desk)
    assert run.code == refusal.code
    assert run.out == ""
    assert run.err.startswith("error: ")


@pytest.mark.parametrize(
    "refusal", [one for one in ALL if one.code not in (OUTPUT, INPUT)], ids=lambda one: one.id
)
def test_dry_run_refuses_too(desk: Path, refusal: Refusal) -> None:
    lay(desk, refusal.words)
    with unchanged(desk):
        assert thaw(*refusal.with_option("-n"), cwd=desk).code == refusal.code


def test_every_kind_of_error_is_reached() -> None:
    told = set(schema.load("error")["properties"]["kind"]["enum"])
    assert told - KINDS.keys() == {"interrupted", "bug"}
    assert KINDS.keys() - told == set()


def test_contradiction(desk: Path) -> None:
    """No advice to write what was written."""
    run = thaw("d.pb", "--thaw", "first/kernel", "--keep", "first/kernel", cwd=desk)
    assert run.code == 2
    assert "--thaw" in run.err and "--keep" in run.err
    assert "matches nothing" not in run.err
