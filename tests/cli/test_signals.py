"""Interrupted while it waits and while it writes: the right exit code, a message, and nothing left."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import models
from folder import Entry, checkpoint_files, contents, names, unchanged
from program import SECONDS, Run, binary, environment, thaw

SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]
MEGABYTES = 64


@pytest.fixture(autouse=True)
def nothing_large_stays(desk: Path) -> Iterator[None]:
    """pytest keeps the folders of three sessions."""
    yield
    shutil.rmtree(desk / "out", ignore_errors=True)


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """The lock of another run that publishes there."""
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield
    os.close(descriptor)


def start(desk: Path, *words: str, where: str = "") -> subprocess.Popen[str]:
    """A run in the background, its streams redirected by what a shell calls `where`."""
    return subprocess.Popen(
        ["bash", "-c", f'exec "$THAW" "$@" {where}', "bash", *words],
        cwd=desk,
        env=environment({"THAW": binary()}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str]) -> Run:
    out, err = process.communicate(timeout=SECONDS)
    return Run(process.returncode, out, err)


def is_asleep(process: subprocess.Popen[str]) -> bool:
    """Waiting, having opened the folder that is held."""
    opened = Path(f"/proc/{process.pid}/fd")
    with contextlib.suppress(OSError):
        return any(os.path.isdir(one) for one in opened.iterdir())
    return False


def until(true: Callable[[], bool], process: subprocess.Popen[str]) -> bool:
    """Whether `true` became so before the run was over."""
    while process.poll() is None:
        if true():
            return True
        time.sleep(0.0005)
    return False


@pytest.mark.parametrize("number, code", SIGNALS, ids=["INT", "TERM"])
@pytest.mark.parametrize("words", [[], ["--json"]], ids=["text", "json"])
def test_while_it_waits(desk: Path, number: signal.Signals, code: int, words: list[str]) -> None:
    (desk / "out").mkdir()
    with unchanged(desk), held(desk / "out"):
        process = start(desk, "d.pb", "-o", "out/m", *words)
        assert until(lambda: is_asleep(process), process)
        process.send_signal(number)
        run = end(process)
    assert run.code == code, run
    assert run.err.startswith("error: ")
    assert not words or run.json["kind"] == "interrupted"


def test_it_goes_on_when_the_other_is_done(desk: Path) -> None:
    (desk / "out").mkdir()
    with held(desk / "out"):
        process = start(desk, "d.pb", "-q", "-o", "out/m", "--no-sync")
        assert until(lambda: is_asleep(process), process)
    assert end(process) == Run(0, "", "")


def write_heavy(path: Path) -> None:
    before, size, after = models.heavy(MEGABYTES)
    with path.open("wb") as file:
        file.write(before)
        file.seek(size, os.SEEK_CUR)
        file.write(after)


def any_data(folder: Path) -> bool:
    """Whether the temporary is there that will become the data."""
    with contextlib.suppress(OSError):
        return any(one.name.startswith(".") and ".data-" in one.name for one in os.scandir(folder))
    return False


def lay_out(desk: Path, replaces: bool) -> dict[bytes, Entry]:
    """An output folder as it is before the run, and what it holds."""
    shutil.rmtree(desk / "out", ignore_errors=True)
    if replaces:
        assert thaw("d.pb", "-q", "-o", "out/deep/m", "--no-sync", cwd=desk).code == 0
    return contents(desk)


def stopped_while_it_writes(
    desk: Path, replaces: bool, *words: str, where: str = ""
) -> tuple[subprocess.Popen[str], dict[bytes, Entry]]:
    """A run that was stopped with its temporary half written, and what was there before it."""
    write_heavy(desk / "heavy.pb")
    for _ in range(5):  # on a busy machine a run may be over before it is seen
        before = lay_out(desk, replaces)
        process = start(desk, "heavy.pb", "-o", "out/deep/m", "--force", *words, where=where)
        if until(lambda: any_data(desk / "out" / "deep"), process):
            process.send_signal(signal.SIGSTOP)
            if any_data(desk / "out" / "deep"):
                return process, before
            process.send_signal(signal.SIGCONT)
        end(process)
    pytest.fail("no run was seen while it wrote")


@pytest.mark.parametrize("number, code", SIGNALS, ids=["INT", "TERM"])
@pytest.mark.parametrize("replaces", [False, True], ids=["new", "replacing"])
def test_while_it_writes(desk: Path, number: signal.Signals, code: int, replaces: bool) -> None:
    process, before = stopped_while_it_writes(desk, replaces)
    process.send_signal(number)
    process.send_signal(signal.SIGCONT)
    run = end(process)
    assert contents(desk) == before
    assert (run.code, run.out) == (code, ""), run
    assert run.err.startswith("error: ")


@pytest.mark.parametrize("replaces", [False, True], ids=["new", "replacing"])
def test_killed_and_run_again(desk: Path, replaces: bool) -> None:
    """A kill leaves the old checkpoint; what else it leaves is put away by the next run."""
    process, before = stopped_while_it_writes(desk, replaces)
    process.kill()
    end(process)
    after = contents(desk)
    assert {name: after[name] for name in before} == before
    assert [name for name in after.keys() - before.keys() if not is_hidden_or_folder(name)] == []
    assert thaw("d.pb", "-q", "-o", "out/deep/m", "--no-sync", "--force", cwd=desk) == Run(0, "", "")
    assert names(desk / "out") == checkpoint_files("deep/m")


def is_hidden_or_folder(name: bytes) -> bool:
    return os.path.basename(name).startswith(b".") or name in (b"out", b"out/deep")


@pytest.mark.parametrize("where", [">&- 2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_progress_without_standard_error(desk: Path, where: str) -> None:
    """The data must not get the descriptor, and then the words, that are standard error's."""
    process, _ = stopped_while_it_writes(desk, False, "--progress", "always", where=where)
    time.sleep(1.1)  # progress is shown once a run has taken a second
    process.send_signal(signal.SIGCONT)
    assert end(process).code in (0, 4)
    data = desk / "out" / "deep" / "m.data-00000-of-00001"
    assert data.stat().st_size == MEGABYTES << 20
    assert not any(data.read_bytes())
