"""What a row of the catalogue is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DONE, NO, COMMAND_LINE, INPUT, OUTPUT = range(5)
READ = (DONE, INPUT)  # a reader may show what it can, or refuse
Make = Callable[[Path], None]
Content = bytes | Callable[[], bytes]
NAME = "m.pb"


@dataclass(frozen=True)
class Case:
    """One input of a class: what lies in the folder, what is asked for, how it may end."""

    cls: str
    what: str
    make: Make
    words: tuple[str, ...]
    codes: tuple[int, ...]
    says: tuple[str, ...] = ()  # in what the program says
    blames: str = ""  # in an error of its, where it ends with one
    memory: int = 0  # bytes of memory that the contract allows besides
    how: dict[str, Any] = field(default_factory=dict)  # for measured()

    @property
    def id(self) -> str:
        return f"{self.cls} {self.what}: {' '.join(self.words)[:60]}"


@dataclass(frozen=True)
class Elsewhere:
    """A class that another test holds."""

    cls: str
    test: str  # a file of the repository
    part: str  # words of that file


def file(name: str, content: Content) -> Make:
    def make(place: Path) -> None:
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content())

    return make


def both(*makes: Make) -> Make:
    def make(place: Path) -> None:
        for one in makes:
            one(place)

    return make


def refused(cls: str, what: str, content: Content, *says: str, name: str = NAME, **more: Any) -> list[Case]:
    """A model that no verb takes; each says so, and names the file."""
    make, says = file(name, content), (name, *says)
    return [
        Case(cls, what, make, (name, "-o", "out/m"), (INPUT,), says, **more),
        Case(cls, what, make, ("inspect", name), (INPUT,), says, **more),
        Case(cls, what, make, ("diff", name, name), (INPUT,), says, **more),
    ]


def unthawed(
    cls: str, what: str, content: Content, *says: str, name: str = NAME, options: tuple[str, ...] = (), **more: Any
) -> list[Case]:
    """A model that is not thawed, with an error that says so; others may show what can be read."""
    make = file(name, content)
    return [
        Case(cls, what, make, (name, "-o", "out/m", "--no-sync", *options), (INPUT,), (name, *says), **more),
        Case(cls, what, make, ("inspect", name), READ, (name,), **more),
    ]


def taken(
    cls: str, what: str, content: Content, *says: str, name: str = NAME, options: tuple[str, ...] = (), **more: Any
) -> list[Case]:
    """A model that is odd, and thawed."""
    make = file(name, content)
    return [
        Case(cls, what, make, (name, "-o", "out/m", "--no-sync", *options), (DONE,), says, **more),
        Case(cls, what, make, ("inspect", name), (DONE,), (name,), **more),
    ]


def survived(cls: str, what: str, content: Content, *says: str, name: str = NAME, **more: Any) -> list[Case]:
    """A model about which the catalogue leaves it open whether it is taken."""
    make = file(name, content)
    return [
        Case(cls, what, make, (name, "-o", "out/m", "--no-sync"), READ, (name, *says), **more),
        Case(cls, what, make, ("inspect", name), READ, (name, *says), **more),
    ]
