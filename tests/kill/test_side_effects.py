"""A run opens no socket, starts no program, and changes nothing but its output."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from commands import READING, WRITING, Command
from program import binary
from requirements import needs_strace
from syscalls import Call, recorded
from world import World

NETWORK = {"socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "recvfrom", "recvmsg"}
OTHERS = {"execve", "execveat", "fork", "vfork", "kill", "ptrace"}
CHANGING = {"creat", "mkdir", "mkdirat", "mknod", "mknodat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir",
            "link", "linkat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat",
            "truncate", "ftruncate", "fallocate", "utimensat", "setxattr", "fsetxattr"}


def changes(call: Call) -> bool:
    if call.name in ("open", "openat", "openat2"):
        return any(flag in call.told for flag in ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_TMPFILE"))
    return call.name in CHANGING


def is_output(path: str, world: World) -> bool:
    place = PurePosixPath(world.folder, path)
    return world.out in (place, *place.parents) or place == PurePosixPath(world.folder)  # as that to which paths are relative


@needs_strace
@pytest.mark.parametrize("command", WRITING + READING, ids=lambda command: command.name)
def test_only_the_output_changes(command: Command, place: Path) -> None:
    world = World(Path(binary()), command, command.sizes[0], bool(command.outputs), place / "desk")
    world.reset()
    calls = recorded(world.words(), world.folder, command.lacks)
    assert len(calls) > 50 and any(call.own for call in calls)
    assert [str(call) for call in calls if call.name in NETWORK | OTHERS] == []
    changing = [call for call in calls if changes(call)]
    assert bool(changing) == bool(command.outputs)
    assert [str(call) for call in changing if not all(is_output(path, world) for path in call.paths)] == []
    writes = [call for call in calls if call.name in ("write", "pwrite64", "writev")]
    assert [str(call) for call in writes if not (call.told.startswith(("1<", "2<")) or is_output(call.paths[0], world))] == []
