"""A sample of what `make soak` tries in full: every command that writes, killed and failing here and there."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

import failures
import kills
import shim
from commands import READING, WRITING, Command
from program import binary
from requirements import needs_strace
from world import World

each_writing = pytest.mark.parametrize("command", WRITING, ids=lambda command: command.name)
each = pytest.mark.parametrize("command", WRITING + READING, ids=lambda command: command.name)


def world_of(command: Command, place: Path, sync: bool = True) -> World:
    return World(Path(binary()), command, command.sizes[0], bool(command.outputs), place / "desk", sync)


def expect_right(outcomes: Iterable[tuple[str, str]]) -> None:
    told = list(outcomes)
    assert told, "nothing was tried"
    assert [f"{what}: {outcome}" for what, outcome in told if outcome.startswith(("WRONG", "not reached"))] == []


@needs_strace
@each_writing
def test_killed(command: Command, place: Path) -> None:
    expect_right(kills.sweep(world_of(command, place), stride=71, telling=command in WRITING[:6]))


@needs_strace
@each
def test_failing(command: Command, place: Path) -> None:
    expect_right(failures.sweep(world_of(command, place), stride=101))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("gcc"):
        pytest.skip("gcc is missing")
    return shim.built(tmp_path_factory.mktemp("shim"))


@each
def test_without_memory(command: Command, place: Path, library: Path) -> None:
    expect_right(shim.Shim(library, world_of(command, place)).sweep(stride=397))


@each_writing
def test_short_transfers(command: Command, place: Path, library: Path) -> None:
    shim.Shim(library, world_of(command, place)).check_short(3)
