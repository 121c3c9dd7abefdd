"""Places where one may not read or write, met as a user who is not root."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import models
from folder import names, unchanged
from program import Run, binary, thaw

NOBODY = 65534


@pytest.fixture
def open_desk() -> Iterator[Path]:
    """A folder that everybody may enter, with the program in it: pytest's own are for their owner only."""
    folder = Path(tempfile.mkdtemp(prefix="thaw-cli-"))
    folder.chmod(0o755)
    shutil.copy(binary(), folder / "thaw")
    (folder / "d.pb").write_bytes(models.dense())
    (folder / "mine").mkdir()
    (folder / "mine").chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def as_nobody(desk: Path, *words: str) -> Run:
    more: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    return thaw(*words, cwd=desk, program=str(desk / "thaw"), **more)


def test_folder_that_cannot_be_written(open_desk: Path) -> None:
    (open_desk / "theirs").mkdir(mode=0o555)
    (open_desk / "theirs").chmod(0o555)
    with unchanged(open_desk):
        for prefix in ("theirs/m", "theirs/", "theirs/a/b/m"):
            run = as_nobody(open_desk, "d.pb", "-o", prefix)
            assert run.code == 4
            assert "theirs" in run.parts[0] and "ermission" in run.err


def test_dry_run_needs_no_permission(open_desk: Path) -> None:
    (open_desk / "theirs").mkdir(mode=0o555)
    assert as_nobody(open_desk, "d.pb", "-n", "-o", "theirs/m").code == 0


def test_model_that_cannot_be_read(open_desk: Path) -> None:
    (open_desk / "d.pb").chmod(0)
    with unchanged(open_desk / "mine"):
        run = as_nobody(open_desk, "d.pb", "-o", "mine/m")
    assert run.code == 3
    assert run.parts[0].startswith("d.pb: ")
    assert "ermission" in run.err


def test_model_in_a_folder_that_cannot_be_written(open_desk: Path) -> None:
    """Nothing is put beside the input."""
    run = as_nobody(open_desk, "d.pb", "-q", "-o", "mine/m", "--no-sync")
    assert run == Run(0, "", "")
    assert len(names(open_desk / "mine")) == 4


def test_files_that_may_not_be_replaced(open_desk: Path) -> None:
    """A checkpoint in a folder one may read only: refused before and after --force."""
    assert thaw("d.pb", "-q", "-o", "old/m", "--no-sync", cwd=open_desk).code == 0
    (open_desk / "old").chmod(0o555)
    with unchanged(open_desk):
        assert as_nobody(open_desk, "d.pb", "-o", "old/m").code == 4
        assert as_nobody(open_desk, "d.pb", "-o", "old/m", "--force").code == 4
