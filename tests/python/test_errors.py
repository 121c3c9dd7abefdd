"""What goes wrong is told in three parts, as the exception that Python programmers expect."""

from __future__ import annotations

import errno
import pickle
from pathlib import Path
from typing import Any

import pytest

import tfthaw


def caught(kind: type[BaseException], call: Any) -> Any:
    with pytest.raises(kind) as raised:
        call()
    return raised.value


def test_a_missing_file(tmp_path: Path) -> None:
    error = caught(FileNotFoundError, lambda: tfthaw.load(tmp_path / "none.pb"))
    assert isinstance(error, tfthaw.MissingInputError) and error.errno == errno.ENOENT
    assert str(tmp_path / "none.pb") in error.places[0]
    assert str(error).split("\n")[1:] == ["expected: a readable file", "try: check the spelling and the folder"]


def test_no_checkpoint(tmp_path: Path) -> None:
    assert isinstance(caught(FileNotFoundError, lambda: tfthaw.load_checkpoint(tmp_path / "m")), tfthaw.InputError)


@pytest.mark.parametrize("cut", [1, 100, 1000, 100000])
def test_a_damaged_file(cut: int, digits: Path) -> None:
    error = caught(ValueError, lambda: tfthaw.load(digits.read_bytes()[:cut]))
    assert isinstance(error, (tfthaw.FormatError, tfthaw.UnsupportedError))
    assert error.hint


def test_what_is_in_the_way(digits: Path, tmp_path: Path) -> None:
    made = tfthaw.thaw(digits, tmp_path / "model.ckpt")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    error = caught(FileExistsError, lambda: tfthaw.thaw(digits, made.prefix))
    assert error.errno == errno.EEXIST and "force" in str(error)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    tfthaw.thaw(digits, made.prefix, force=True)


def test_no_place_to_write(digits: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = caught(OSError, lambda: tfthaw.thaw(digits, tmp_path / "file" / "model.ckpt"))
    assert isinstance(error, tfthaw.OutputError)


@pytest.mark.parametrize("options", [{"thaw": "no/such/node"}, {"variables": "odd"}, {"init": ""}, {"inputs": "x"}])
def test_options_that_make_no_sense(options: dict[str, Any], digits: Path, tmp_path: Path) -> None:
    error = caught(ValueError, lambda: tfthaw.thaw(digits, tmp_path / "model.ckpt", **options))
    assert isinstance(error, tfthaw.UsageError)
    assert not list(tmp_path.iterdir())


def test_errors_can_be_pickled(tmp_path: Path) -> None:
    error = caught(tfthaw.Error, lambda: tfthaw.load(tmp_path / "none.pb"))
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error) and str(again) == str(error) and again.places == error.places


class Failing:
    size = 1000

    def __init__(self, gives: Any) -> None:
        self.gives = gives

    def read_at(self, offset: int, size: int) -> Any:
        if isinstance(self.gives, BaseException):
            raise self.gives
        return self.gives


@pytest.mark.parametrize(
    ("gives", "kind"),
    [
        (RuntimeError("the medium"), RuntimeError),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (b"", OSError),
        (b"x" * 100000, OSError),
        ("text", TypeError),
        (None, TypeError),
    ],
)
def test_a_source_that_fails(gives: Any, kind: type[BaseException]) -> None:
    caught(kind, lambda: tfthaw.load(Failing(gives)))


def test_progress_that_raises_leaves_nothing(digits: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyError("enough")

    caught(KeyError, lambda: tfthaw.thaw(digits, tmp_path / "out" / "model.ckpt", progress=stop))
    assert not list(tmp_path.iterdir())
