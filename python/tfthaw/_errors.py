"""What goes wrong, as exceptions: each is also the builtin one that Python programmers expect."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence

__all__ = [
    "BugError",
    "Error",
    "ExistsError",
    "FormatError",
    "InputError",
    "MissingInputError",
    "MissingValuesError",
    "NoWeightsError",
    "OutputError",
    "UnsupportedError",
    "UsageError",
]


class Error(Exception):
    """The base of all errors of Thaw. `str(error)` is the whole story in up to three lines.

    Attributes:
        problem: what is wrong.
        expected: what was expected instead; may be empty.
        hint: what to try; may be empty.
        places: where it is, outermost first: a file, a node, a field.

    >>> try:
    ...     load(FOLDER + "/nothing.pb")
    ... except Error as error:
    ...     print(type(error).__name__, isinstance(error, FileNotFoundError), error.problem != "")
    MissingInputError True True
    """

    def __init__(self, problem: str, expected: str = "", hint: str = "", places: Sequence[str] = ()) -> None:
        super().__init__(problem, expected, hint, tuple(places))
        self.problem = problem
        self.expected = expected
        self.hint = hint
        self.places = tuple(places)

    def __str__(self) -> str:
        lines = [": ".join((*self.places, self.problem))]
        if self.expected:
            lines.append(f"expected: {self.expected}")
        if self.hint:
            lines.append(f"try: {self.hint}")
        return "\n".join(lines)


class UsageError(Error, ValueError):
    """An argument makes no sense. Nothing was read or written."""


class InputError(Error, OSError):
    """A file cannot be read."""


class MissingInputError(InputError, FileNotFoundError):
    """A file is not there."""


class FormatError(Error, ValueError):
    """The bytes break the format that they are in."""


class UnsupportedError(Error, ValueError):
    """The format is known, but holds something that this function cannot take."""


class NoWeightsError(Error, ValueError):
    """A model without anything to thaw."""


class MissingValuesError(Error, ValueError):
    """The graph has variables, and their values were not found."""


class ExistsError(Error, FileExistsError):
    """Something is in the way, and `force=True` was not given."""


class OutputError(Error, OSError):
    """Writing failed: permissions, space. What was there before still is."""


class BugError(Error, RuntimeError):
    """Thaw broke a promise of its own; please report it."""


_KINDS: dict[str, type[Error]] = {
    "usage": UsageError,
    "input_io": InputError,
    "malformed": FormatError,
    "unsupported": UnsupportedError,
    "no_weights": NoWeightsError,
    "missing_values": MissingValuesError,
    "output_exists": ExistsError,
    "output_io": OutputError,
    "bug": BugError,
}


def make_error(kind: str, problem: str, expected: str, hint: str, places: Sequence[str]) -> BaseException:
    """The exception for an error of the library, with `errno` where a system call failed."""
    if kind == "interrupted":
        return KeyboardInterrupt(problem)
    made = _KINDS[kind]
    # The system's own words end the message (io/posix_error.h).
    number = next((number for number in (errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EISDIR, errno.EROFS)
                   if os.strerror(number) in problem), None)
    if kind == "input_io" and (number == errno.ENOENT or problem.startswith("there is no ")):
        made, number = MissingInputError, errno.ENOENT
    error = made(problem, expected, hint, places)
    if isinstance(error, OSError):
        error.errno = errno.EEXIST if isinstance(error, FileExistsError) else number
    return error
