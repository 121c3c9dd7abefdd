"""Runs in which one system call fails: an error of the right side that names the file and the reason, and all as it was.

A failure that changes nothing may be passed over; then the result is the one that was wanted. One that comes
after the result was published is told, and leaves that result.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from outputs import Forbidden, outcome_of
from syscalls import Call, Run, end_at, fail_at, recorded
from world import World, expect_three_parts, tree_of

NO, INPUT, OUTPUT = 1, 3, 4
OPENING = ("EACCES", "EMFILE", "ENFILE", "EIO", "EINTR", "ELOOP", "ENAMETOOLONG", "EPERM", "EROFS", "ENOSPC")
NAMING = ("EIO", "EACCES", "ENOSPC", "EXDEV", "EROFS", "EPERM", "EDQUOT")
SYNCING = ("EIO", "ENOSPC", "EDQUOT", "EINTR", "EROFS")
ERRORS = {
    "openat": OPENING,
    "write": ("ENOSPC", "EIO", "EDQUOT", "EINTR", "EFBIG", "EPERM"),
    "pread64": ("EIO", "EINTR", "ESTALE", "EISDIR"),
    "read": ("EIO", "EINTR"),
    "newfstatat": ("EACCES", "EIO", "ELOOP", "ENAMETOOLONG", "ESTALE"),
    "fadvise64": ("EINVAL", "ESPIPE"),
    "faccessat": ("EACCES", "EIO"),
    "fallocate": ("ENOSPC", "EOPNOTSUPP", "EINTR", "EDQUOT", "EFBIG", "EIO"),
    "ftruncate": ("EIO", "EINTR", "EPERM"),
    "fstatfs": ("EIO", "ENOSYS"),
    "fdatasync": SYNCING,
    "fsync": (*SYNCING, "EINVAL", "EOPNOTSUPP"),
    "close": ("EIO", "EINTR", "ENOSPC", "EDQUOT"),
    "linkat": (*NAMING, "EMLINK", "EOPNOTSUPP"),
    "rename": NAMING,
    "renameat2": (*NAMING, "EINVAL", "ENOSYS"),
    "unlink": ("EIO", "EACCES", "EPERM", "EROFS", "EBUSY"),
    "rmdir": ("EIO", "EACCES", "EBUSY"),
    "flock": ("ENOLCK", "EINTR", "EOPNOTSUPP", "EIO"),
    "getdents64": ("EIO", "EACCES"),
    "mkdir": ("EACCES", "ENOSPC", "EROFS", "EDQUOT", "ENAMETOOLONG", "ELOOP", "EMLINK"),
    "getcwd": ("ENOENT", "EACCES"),
    "mmap": ("ENOMEM",),
}
# A failure of these is never without meaning, save one that can be asked again or says that there is no such thing here.
GRAVE = ("write", "fdatasync", "fsync", "rename", "mkdir", "linkat")
PASSED_OVER = {("fsync", "EINVAL"), ("fsync", "EOPNOTSUPP"), ("linkat", "EPERM"), ("linkat", "EMLINK"), ("linkat", "EOPNOTSUPP")}
CLEANING = ("unlink", "rmdir", "getdents64", "openat", "newfstatat")


def side_of(world: World, call: Call) -> int:
    """Whether it is about what is read or what is written; 0: about neither."""
    for path in call.paths:
        place = PurePosixPath(world.folder, path)
        if world.out in (place, *place.parents):
            return OUTPUT
        if world.folder / "in" in place.parents:
            return INPUT
    return 0


def must_fail(call: Call, error: str) -> bool:
    if error == "EINTR" or (call.name, error) in PASSED_OVER:
        return False
    return call.name in GRAVE or (call.name == "close" and call.writes)


def names_it(call: Call, err: str) -> bool:
    """One of its paths, or what the temporary is for."""
    names = {PurePosixPath(path).name for path in call.paths} - {""}
    plain = {re.sub(r"^\.(.+)\.thaw-.*$", r"\1", name) for name in names}
    return any(name in err for name in names | plain)


def expect_message(world: World, call: Call, error: str, run: Run) -> None:
    expect_three_parts(run.err)
    side = side_of(world, call)
    if run.code not in ((side,) if side else (INPUT, OUTPUT)):
        raise Forbidden(f"exit code {run.code}: {run.err.strip()}")
    if side == 0:
        return
    if call.name == "rmdir":  # only that the whole of the folder is still there is known
        return
    if not names_it(call, run.err):
        raise Forbidden(f"the file is not named: {run.err.strip()}")
    reason = os.strerror(getattr(errno, error)) if error else "ends before"
    if reason not in run.err:
        raise Forbidden(f"{reason!r} is not told: {run.err.strip()}")


def check(world: World, call: Call, error: str) -> str:
    """`error` empty: a reading call tells an end of the file that nobody saw coming."""
    world.reset()
    words, lacks = world.words(), world.command.lacks
    run = fail_at(words, world.folder, call, error, lacks) if error else end_at(words, world.folder, call)
    if not run.reached:
        return "not reached"
    if run.code == 0:
        world.check_is(world.after, "a run that ended well")
        if must_fail(call, error):
            raise Forbidden("passed over")
        return "did not matter"
    if run.code == NO and world.command.may_say_no:
        return "told as a problem of what is verified"
    if run.code < 0 or run.code not in (INPUT, OUTPUT):
        raise Forbidden(f"exit code {run.code}: {run.err.strip()}")
    expect_message(world, call, error, run)
    if error == "EINTR" and side_of(world, call):
        raise Forbidden(f"not asked again: {run.err.strip()}")
    return left(world, call)


def left(world: World, call: Call) -> str:
    """What a run left that told of a failure."""
    now = tree_of(world.out)
    if now == world.before:
        world.check_is(world.before, "a run that failed")
        return "all as it was"
    state = world.state()
    published = state.startswith("new")
    outputs = world.command.outputs
    new = [path for path in now if path not in world.before and path not in world.after]
    if not published or (call.name not in CLEANING and not all(any(one.is_leftover(path) for one in outputs) for path in new)):
        raise Forbidden(f"left {state}: {', '.join(sorted(new)) or sorted(now)}")
    world.check_healed()
    return "published, and told of the failure" + ("; the next run cleared up" if new else "")


def sweep(world: World, stride: int = 1, every_error: bool = True) -> Iterator[tuple[str, str]]:
    """Each failure with its outcome, or with what is wrong. Without `every_error`: one for each call, in turn."""
    world.reset()
    faults: list[tuple[Call, str]] = []
    for call in recorded(world.words(), world.folder, world.command.lacks):
        # A close that strace fails does not close: a lock on a folder would stay.
        if not call.own or (call.name == "close" and not call.writes) or call.name in world.command.lacked:
            continue
        errors = ERRORS.get(call.name, ()) + (("",) if call.name == "pread64" and not world.command.lacks else ())
        chosen = errors if every_error else errors[call.number % len(errors) :][:1] if errors else ()
        faults += [(call, error) for error in chosen]
    for call, error in faults[::stride]:
        what = f"{error or 'an end'} at {call}"
        yield what, outcome_of(partial(check, world, call, error))
