"""What a command writes (a checkpoint, a folder, a file), and in which states a killed run may leave it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

Tree = dict[str, bytes | None]  # everything below a folder by its path; None for a folder
MEMBER = re.compile(r"\.(index|meta|data-\d{5,}-of-\d{5,})")
RUN = r"\.thaw-\d+-\d+-\d+"


class Forbidden(Exception):
    """A state that must not be."""


def outcome_of(check: Callable[[], str]) -> str:
    """What became of one disturbed command; also of one that does not end."""
    try:
        return check()
    except (Forbidden, subprocess.TimeoutExpired) as problem:
        return f"WRONG: {problem}"


def below(tree: Tree, folder: str) -> Tree:
    return {path.removeprefix(folder + "/"): content for path, content in tree.items() if path.startswith(folder + "/")}


def members(tree: Tree, prefix: str) -> Tree:
    """The files of a checkpoint by their endings; none when there is no index: nobody reads such a set."""
    found = {path[len(prefix):]: content for path, content in tree.items()
             if path.startswith(prefix) and MEMBER.fullmatch(path[len(prefix):])}
    return found if ".index" in found else {}


def one_of(what: str, now: Tree, before: Tree, after: Tree) -> str:
    """Which of the two it is, to the last byte."""
    for word, tree in (("absent", {}), ("new", after), ("old", before)):
        if now == tree:
            return word
    raise Forbidden(f"{what} is mixed: {sorted(now)}")


def settled(what: str, here: str, kept: str, was_there: bool, again: bool) -> str:
    """What is under the name and what is kept of the old one; `again`: two runs were killed, one after the other."""
    if kept == "new" and not again:
        raise Forbidden(f"the new {what} is kept as the old one")
    if here == "absent" and was_there and kept == "absent":
        raise Forbidden(f"the old {what} is gone")
    return here if here != "absent" else "kept" if kept != "absent" else "absent"


@dataclass(frozen=True)
class Checkpoint:
    """Old or new, whole, under its prefix; or absent, the old one whole under PREFIX.replaced."""

    path: str

    def state(self, now: Tree, before: Tree, after: Tree, again: bool) -> str:
        old, new = members(before, self.path), members(after, self.path)
        here = one_of(self.path, members(now, self.path), old, new)
        kept = one_of(f"{self.path}.replaced", members(now, f"{self.path}.replaced"), old, new)
        state = str(PurePosixPath(self.path).parent / "checkpoint")
        if now.get(state) not in (before.get(state), after.get(state)):
            raise Forbidden("the state file is neither the old one nor the new one")
        return settled(self.path, here, kept, bool(old), again)

    def owns(self, path: str) -> bool:
        """Its files, what is kept of the old one, and its temporaries."""
        place, name = PurePosixPath(self.path), PurePosixPath(path)
        if name.parent != place.parent:
            return False
        temporary = rf"\.{re.escape(place.name)}({MEMBER.pattern}|\.state){RUN}(\.commit|\.restore)?"
        own = rf"{re.escape(place.name)}(\.replaced)?({MEMBER.pattern})|checkpoint"
        return re.fullmatch(f"{temporary}|{own}", name.name) is not None

    def is_leftover(self, path: str) -> bool:
        return ".replaced." in path


@dataclass(frozen=True)
class File:
    """Old or new, whole."""

    path: str

    def state(self, now: Tree, before: Tree, after: Tree, again: bool) -> str:
        def only(tree: Tree) -> Tree:
            return {self.path: tree[self.path]} if self.path in tree else {}

        here = one_of(self.path, only(now), only(before), only(after))
        return settled(self.path, here, "absent", self.path in before, again)

    def owns(self, path: str) -> bool:
        return re.fullmatch(rf"{re.escape(self.path)}|\.{re.escape(self.path)}{RUN}", path) is not None

    def is_leftover(self, path: str) -> bool:
        return False


@dataclass(frozen=True)
class Folder:
    """Old or new, whole, with all that is in it.

    Where two folders cannot change places (`swaps`) it may be absent, the old one whole under a hidden name.
    """

    path: str
    swaps: bool = True

    def state(self, now: Tree, before: Tree, after: Tree, again: bool) -> str:
        old, new = below(before, self.path), below(after, self.path)
        here = one_of(self.path, below(now, self.path), old, new)
        kept = "absent"
        if not self.swaps and here == "absent":  # else it is being removed
            kept = one_of(self.kept, below(now, self.kept), old, new)
        return settled(self.path, here, kept, bool(old), again)

    @property
    def kept(self) -> str:
        return f".{self.path}.thaw-replaced"

    def owns(self, path: str) -> bool:
        kept = "" if self.swaps else r"|\.thaw-replaced"
        return re.fullmatch(rf"({re.escape(self.path)}|\.{re.escape(self.path)}({RUN}{kept}))(/.*)?", path) is not None

    def is_leftover(self, path: str) -> bool:
        return path.startswith(f".{self.path}.")


Output = Checkpoint | File | Folder


def strangers(tree: Tree, outputs: tuple[Output, ...]) -> Iterator[str]:
    """What is there and belongs to none of the outputs."""
    for path in tree:
        is_parent = any(PurePosixPath(path) in PurePosixPath(output.path).parents for output in outputs)
        if not is_parent and not any(output.owns(path) for output in outputs):
            yield path
