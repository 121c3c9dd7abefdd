"""The outside has limits: full and read-only file systems, limits of a process, files that change while they are read."""

from __future__ import annotations

import contextlib
import os
import resource
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commands import MODEL, WRITING, Command
from program import binary
from requirements import needs_strace
from stopped import stop_at
from syscalls import Call, recorded
from world import World, expect_three_parts, tree_of

INPUT, OUTPUT = 3, 4
each_writing = pytest.mark.parametrize("command", WRITING, ids=lambda command: command.name)


def world_of(command: Command, place: Path, replaces: bool = True) -> World:
    return World(Path(binary()), command, command.sizes[0], replaces, place / "desk", sync=False)


def run_under(world: World, **limits: int) -> subprocess.CompletedProcess[str]:
    """A run under limits of the process: FSIZE=4096."""

    def limited() -> None:
        for name, most in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))

    return subprocess.run(world.words(), cwd=world.folder, capture_output=True, text=True, errors="replace", check=False,
                          preexec_fn=limited)


def expect_refused(world: World, run: subprocess.CompletedProcess[str], code: int, *says: str) -> None:
    assert run.returncode == code, run.stderr
    expect_three_parts(run.stderr)
    for word in says:
        assert word in run.stderr
    world.check_is(world.before, "a run that failed")


@each_writing
def test_files_must_be_small(command: Command, place: Path) -> None:
    world = world_of(command, place)
    world.reset()
    expect_refused(world, run_under(world, FSIZE=50), OUTPUT, "File too large", "ulimit -f")


@each_writing
def test_few_descriptors(command: Command, place: Path) -> None:
    world = world_of(command, place)
    for most in range(4, 12):
        world.reset()
        run = run_under(world, NOFILE=most)
        if run.returncode == 127:  # of the loader
            continue
        if run.returncode == 0:
            world.check_is(world.after, "a run that ended well")
        else:
            assert run.returncode in (INPUT, OUTPUT)
            expect_refused(world, run, run.returncode, "Too many open files")


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """A file system in memory on `folder`; skips the test where that is not allowed."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@each_writing
def test_full_disk(command: Command, place: Path) -> None:
    """All of it is taken but a page: something can be begun."""
    world = world_of(command, place, replaces=False)
    world.reset()
    with mounted(world.out, "size=1m"):
        (world.out / "filler").write_bytes(bytes((1 << 20) - 4096))
        before = tree_of(world.out)
        run = subprocess.run(world.words(), cwd=world.folder, capture_output=True, text=True, check=False)
        if run.returncode == 0:  # it fits
            return
        assert run.returncode == OUTPUT, run.stderr
        expect_three_parts(run.stderr)
        assert "No space left on device" in run.stderr
        assert tree_of(world.out) == before


@each_writing
def test_read_only(command: Command, place: Path) -> None:
    world = world_of(command, place, replaces=False)
    world.reset()
    with mounted(world.out, "ro"):
        expect_refused(world, subprocess.run(world.words(), cwd=world.folder, capture_output=True, text=True, check=False),
                       OUTPUT, "Read-only file system", "another file system")


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def overwritten(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"another file")
    other.rename(path)


def taken_away(path: Path) -> None:
    path.unlink()


def forbidden(path: Path) -> None:
    path.chmod(0)


CHANGED = (cut, emptied, grown, overwritten)
UNNOTICED = (replaced, taken_away, forbidden)  # what was opened stays what it was


def reads_of_model(world: World) -> list[Call]:
    """The reads of the model before the last look at it."""
    world.reset()
    calls = [call for call in recorded(world.words(), world.folder) if any(path.endswith(MODEL) for path in call.paths)]
    last = max(at for at, call in enumerate(calls) if call.name == "newfstatat" and call.told.startswith("3<"))
    return [call for call in calls[:last] if call.name == "pread64"]


@needs_strace
@pytest.mark.parametrize("change", CHANGED + UNNOTICED, ids=lambda change: change.__name__)
@pytest.mark.parametrize("command", (WRITING[0], WRITING[4], WRITING[10]), ids=lambda command: command.name)
def test_input_changes_meanwhile(command: Command, change: Callable[[Path], None], place: Path) -> None:
    world = world_of(command, place)
    model = world.folder / MODEL
    content = model.read_bytes()
    reads = reads_of_model(world)
    assert len(reads) > 5
    for call in (reads[0], reads[len(reads) // 2], reads[-1]):
        world.reset()
        model.unlink(missing_ok=True)
        model.write_bytes(content)
        os.utime(model, (0, 0))
        run = stop_at(world.words(), world.folder, call, lambda: change(model))
        assert run.reached
        if change in UNNOTICED and run.code == 0:
            world.check_is(world.after, "a run whose input lost its name")
            continue
        assert run.code == INPUT, run.err
        expect_three_parts(run.err)
        assert MODEL in run.err
        world.check_is(world.before, "a run that failed")


ODD = (b"sp ace", b"new\nline", b"\xff\xfe", b"caf\xc3\xa9", b"-dash", b"q'u\"ote", b"\x1b[2J", b"p%n", b"..m", b"a.thaw-1-1-1")


@pytest.mark.parametrize("name", ODD, ids=ascii)
@pytest.mark.parametrize("words", ((MODEL, "-o"), (MODEL, "--saved-model"), ("freeze", "in/trained/m", "-o")), ids=lambda words: words[0] + words[-1])
def test_odd_names(words: tuple[str, ...], name: bytes, place: Path) -> None:
    """Written under that name, twice, or refused; and nothing else is there."""
    world = world_of(next(one for one in WRITING if one.name == "freeze a checkpoint"), place, replaces=False)
    world.reset()
    told = os.fsencode(world.out) + b"/" + name
    for force in ([], ["--force"]):
        run = subprocess.run([world.thaw, *words, told, "-q", "--no-sync", *force], cwd=world.folder, capture_output=True, check=False)
        if run.returncode in (2, OUTPUT):
            expect_three_parts(run.stderr.decode())
            assert tree_of(world.out) == {}
            return
        assert run.returncode == 0, run.stderr
        assert all(os.fsencode(one).startswith((name, b"checkpoint")) for one in os.listdir(world.out))


def special_file(path: Path, kind: str) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        try:
            os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 3))
        except PermissionError:
            pytest.skip("no devices can be made here")
    else:
        path.symlink_to(kind)


@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("command", (WRITING[0], WRITING[-1], WRITING[4]), ids=lambda command: command.name)
def test_no_special_file_is_replaced(command: Command, kind: str, place: Path) -> None:
    """Neither a device nor a pipe, not even by force."""
    world = world_of(command, place, replaces=False)
    for member in [path for path in world.after if "/" not in path and world.after[path] is not None and path != "checkpoint"] or ["s"]:
        world.reset()
        special_file(world.out / member, kind)
        before = os.lstat(world.out / member)
        run = subprocess.run(world.words(force=True), cwd=world.folder, capture_output=True, text=True, check=False)
        assert run.returncode == OUTPUT, run.stderr
        expect_three_parts(run.stderr)
        assert member in run.stderr
        assert os.lstat(world.out / member)[:3] == before[:3]
        assert os.listdir(world.out) == [member]


@each_writing
def test_links_are_replaced_and_not_followed(command: Command, place: Path) -> None:
    """Each file, and each folder, that would be replaced is a link to somewhere else: nothing happens there."""
    world = world_of(command, place)
    elsewhere = world.folder / "elsewhere"
    depth = command.outputs[0].path.count("/")
    for name in [path for path in world.after if any(one.owns(path) for one in command.outputs) and path.count("/") == depth]:
        world.reset()
        elsewhere.mkdir()
        (world.out / name).rename(elsewhere / "it")
        (world.out / name).symlink_to(elsewhere / "it")
        before = tree_of(elsewhere)
        run = subprocess.run(world.words(), cwd=world.folder, capture_output=True, text=True, check=False)
        assert tree_of(elsewhere) == before
        assert run.returncode in (0, OUTPUT), run.stderr
        if run.returncode == 0:
            world.check_is(world.after, "a run that replaced a link")
        subprocess.run(["rm", "-r", str(elsewhere)], check=True)
