"""Standard streams that are full, closed, or whose reader has gone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from folder import checkpoint_files, names, unchanged
from program import Run, binary, environment, shell, thaw

WRITING = ["d.pb", "-o", "m", "--no-sync"]
TALKING = {
    "help": ["--help"],
    "nothing": [],
    "version": ["-V"],
    "dry": ["-n", "d.pb"],
    "verbose": ["-n", "-v", "d.pb"],
    "json": ["-n", "--json", "d.pb"],
    "writing": WRITING,
    "writing, json": [*WRITING, "--json"],
}
UNREACHABLE = {"closed": ">&-", "full": ">/dev/full"}


@pytest.mark.parametrize("where", UNREACHABLE.values(), ids=UNREACHABLE.keys())
@pytest.mark.parametrize("words", TALKING.values(), ids=TALKING.keys())
def test_report_that_cannot_be_written(desk: Path, words: list[str], where: str) -> None:
    """What was asked for did not arrive: a failure of the output, said on standard error."""
    run = shell(f'"$THAW" "$@" {where}', *words, cwd=desk)
    assert run.code == 4, run
    assert all(Run(run.code, run.out, run.err[run.err.index("error: ") :]).parts)


@pytest.mark.parametrize("where", UNREACHABLE.values(), ids=UNREACHABLE.keys())
def test_quiet_needs_no_output(desk: Path, where: str) -> None:
    assert shell(f'"$THAW" "$@" {where}', *WRITING, "-q", cwd=desk) == Run(0, "", "")


@pytest.mark.parametrize(
    "where", [">&-", ">/dev/full", "2>&-", "2>/dev/full", "<&-", ">&- 2>&-", "<&- >&- 2>&-"]
)
def test_error_keeps_its_code(desk: Path, where: str) -> None:
    """An error that nobody can read is the same error."""
    with unchanged(desk):
        for words, code in (
            (["no.pb"], 3),
            (["no.pb", "--json"], 3),
            (["d.pb", "--thaw", "no"], 2),
            (["d.pb", "-o", "d.pb/m"], 4),
        ):
            assert shell(f'"$THAW" "$@" {where}', *words, cwd=desk).code == code


@pytest.mark.parametrize("where", ["<&-", ">&-", "2>&-", ">&- 2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_no_file_takes_a_stream_s_place(desk: Path, where: str) -> None:
    """With a descriptor below 3 free, a file that is opened gets it, and words meant for people end in it."""
    words = ["doubt.pb", "--no-sync", "--verify", "--progress", "always", "-v"]
    assert thaw(*words, "-o", "right/m", cwd=desk).code == 0
    model = (desk / "doubt.pb").read_bytes()
    shell(f'"$THAW" "$@" {where}', *words, "-o", "here/m", cwd=desk)
    for name in checkpoint_files("m"):
        assert (desk / "here" / name).read_bytes() == (desk / "right" / name).read_bytes()
    assert (desk / "doubt.pb").read_bytes() == model


def without_reader(desk: Path, *words: str, both: bool = False) -> Run:
    """A run whose standard output (and standard error) nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [binary(), *words],
        cwd=desk,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=writer if both else subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writer)
    return Run(done.returncode, "", (done.stderr or b"").decode())


@pytest.mark.parametrize("words", TALKING.values(), ids=TALKING.keys())
def test_reader_that_has_gone(desk: Path, words: list[str]) -> None:
    """`| head -1` is no failure, and no reason for a word; the files are there all the same."""
    run = without_reader(desk, *words)
    assert run.code == 0
    assert run.err == "" or (words == WRITING and run.err.startswith("next:  ") and run.err.count("\n") == 1)
    assert ("m.index" in names(desk)) == ("-o" in words)


def test_readers_that_have_gone(desk: Path) -> None:
    assert without_reader(desk, *WRITING, both=True).code == 0
    assert set(checkpoint_files("m")) <= set(names(desk))
    assert without_reader(desk, "no.pb", both=True).code == 3
    assert without_reader(desk, "no.pb", "--json", both=True).code == 3


@pytest.mark.parametrize("reader", ["head -c1", "head -n1", "true"])
def test_pipe(desk: Path, reader: str) -> None:
    run = shell(f'"$THAW" -n -v d.pb | {reader} >&2; exit ${{PIPESTATUS[0]}}', cwd=desk)
    assert run.code == 0
    assert "error" not in run.err


def test_streams_are_kept_apart(desk: Path) -> None:
    """The report on one, warnings and what to do next on the other; no progress off a terminal."""
    run = thaw("doubt.pb", "-o", "m", "--no-sync", cwd=desk)
    assert [line for line in run.out.splitlines() if line.startswith(("warning:", "next:"))] == []
    assert [line.partition(":")[0] for line in run.err.splitlines()] == ["warning", "warning", "next"]
    assert "\r" not in run.out + run.err


@pytest.mark.parametrize("name", ["/dev/stdin", "-", "/dev/fd/0"])
def test_a_pipe_is_no_model(desk: Path, name: str) -> None:
    """A model is read at many places: a pipe is refused with what to do, not hung upon."""
    with unchanged(desk):
        run = shell(f'cat d.pb | "$THAW" {name} -o m', cwd=desk)
    assert run.code == 3
    assert all(run.parts)
    assert name in run.parts[0]


def test_a_model_can_be_standard_input(desk: Path) -> None:
    run = shell('"$THAW" /dev/stdin -o m --no-sync <d.pb', cwd=desk)
    assert run.code == 0, run.err
