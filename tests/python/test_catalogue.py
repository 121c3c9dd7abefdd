"""Every class of malformed input that the program is given (tests/catalogue), given to the package in this process.

What the program says by its exit code, the package says by the class of what it raises: an error about the input, a
value or a file that is none; never a bug, never a crash of the interpreter.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

import pytest

import tfthaw

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / name) for name in ("cli", "judge", "kill", "catalogue")]

import classes  # noqa: E402
from case import COMMAND_LINE, DONE, INPUT, NO, OUTPUT, Case  # noqa: E402
from measured import files  # noqa: E402

VERBS = ("inspect", "verify", "diff", "freeze", "transplant")
FLAGS = {"--no-sync": ("sync", False), "--stats": ("stats", True), "--force": ("force", True), "-n": ("dry_run", True)}
VALUES = {"-o": "output", "--match": "match", "--outputs": "outputs", "--tag-set": "tag_set", "--saved-model": "saved_model", "--into": "into"}
ONLY_SHOWN = ("--weights", "--io", "--json")  # what is printed of the same report
ABOUT_INPUT = (
    tfthaw.FormatError,
    tfthaw.InputError,
    tfthaw.UnsupportedError,
    tfthaw.NoWeightsError,
    tfthaw.MissingValuesError,
)


class Call:
    """The words of a case as a call of the package; nothing when they are about the program alone."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.verb = words[0] if words and words[0] in VERBS else "thaw"
        self.given: list[str] = []
        self.options: dict[str, Any] = {}
        rest = iter(words[self.verb != "thaw" :])
        for word in rest:
            if word in FLAGS:
                name, value = FLAGS[word]
                self.options[name] = value
            elif word in VALUES:
                self.options[VALUES[word]] = next(rest)
            elif word not in ONLY_SHOWN:
                self.given.append(word)

    def run(self) -> int:
        """The exit code that the program would have."""
        if self.verb == "inspect":
            return max(self.run_once([file]) for file in self.given)
        return self.run_once(self.given)

    def run_once(self, given: list[str]) -> int:
        function: Callable[..., Any] = getattr(tfthaw, self.verb)
        try:
            result = function(*given, **self.options)
        except tfthaw.UsageError:
            return COMMAND_LINE
        except ABOUT_INPUT as error:
            check_error(error)
            return INPUT
        except (tfthaw.ExistsError, tfthaw.OutputError) as error:
            check_error(error)
            return OUTPUT
        if self.verb in ("verify", "transplant"):
            return DONE if result else NO
        return NO if self.verb == "diff" and result else DONE


def check_error(error: tfthaw.Error) -> None:
    assert isinstance(error, (ValueError, OSError))
    assert error.problem and error.expected and error.hint
    assert all(c.isprintable() for c in str(error).replace("\n", " ")), repr(str(error))


def call_of(case: Case) -> Optional[Call]:
    about_program = case.how or any(word in ("-", "--") or word == "-d.pb" for word in case.words)
    return None if about_program else Call(case.words)


CASES = [(case, call) for case in classes.CASES if (call := call_of(case))]


@pytest.mark.parametrize("case, call", [pytest.param(case, call, id=case.id) for case, call in CASES])
def test_is_survived(case: Case, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case.make(tmp_path)
    before = dict(files(tmp_path))
    monkeypatch.chdir(tmp_path)
    code = call.run()
    assert code in case.codes
    after = dict(files(tmp_path))
    assert [name for name in before if before[name] != after.get(name)] == [], "these have changed"
    if code:
        assert sorted(after.keys() - before.keys()) == [], "these were left behind"


def test_most_cases_are_calls() -> None:
    assert len(CASES) > 0.9 * len(classes.CASES)
    assert os.path.isfile(tfthaw.__file__)
