"""What a folder holds, so that one can say that nothing happened to it."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    mode: int
    modified: int
    content: bytes


def entry(path: bytes) -> Entry:
    told = os.lstat(path)
    if os.path.islink(path):
        return Entry(told.st_mode, told.st_mtime_ns, os.readlink(path))
    if os.path.isdir(path):  # its time tells of temporaries, which may come and go
        return Entry(told.st_mode, 0, b"")
    with open(path, "rb") as file:
        return Entry(told.st_mode, told.st_mtime_ns, file.read())


def contents(folder: Path) -> dict[bytes, Entry]:
    """Everything below `folder`, hidden files too, by its path."""
    found = {}
    for place, folders, files in os.walk(os.fsencode(folder)):
        for name in folders + files:
            path = os.path.join(place, name)
            found[os.path.relpath(path, os.fsencode(folder))] = entry(path)
    return found


@contextlib.contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    before = contents(folder)
    yield
    after = contents(folder)
    assert sorted(after.keys() - before.keys()) == [], "these are new"
    assert sorted(before.keys() - after.keys()) == [], "these are gone"
    assert [name for name in before if before[name] != after[name]] == [], "these have changed"


def names(folder: Path) -> list[str]:
    """The files below `folder`, without the folders they are in."""
    return sorted(os.fsdecode(name) for name, told in contents(folder).items() if not stat.S_ISDIR(told.mode))


def checkpoint_files(prefix: str) -> list[str]:
    """What a run leaves for `prefix`."""
    place = prefix.rpartition("/")[0]
    return sorted(
        [
            f"{place}/checkpoint" if place else "checkpoint",
            f"{prefix}.index",
            f"{prefix}.meta",
            f"{prefix}.data-00000-of-00001",
        ]
    )
