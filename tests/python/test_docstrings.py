"""What is public is documented, by examples too, and documentation names only what is there."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

import tfthaw

PUBLIC = {name: getattr(tfthaw, name) for name in tfthaw.__all__ if callable(getattr(tfthaw, name))}
# Kinds of an error have no more to show than the error has.
SHOWN = [
    name for name, thing in PUBLIC.items()
    if thing is tfthaw.Error or not (isinstance(thing, type) and issubclass(thing, tfthaw.Error))
]


def documented() -> Iterator[tuple[str, Any]]:
    yield "tfthaw", tfthaw
    for name, thing in PUBLIC.items():
        yield name, thing
        if inspect.isclass(thing):
            for member, value in vars(thing).items():
                if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    yield f"{name}.{member}", value


@pytest.mark.parametrize(("name", "thing"), [pytest.param(*pair, id=pair[0]) for pair in documented()])
def test_documentation(name: str, thing: Any) -> None:
    told = inspect.cleandoc(thing.__doc__ or "")
    assert told and not told.startswith(f"{name}("), "no docstring of its own"  # a dataclass makes up one
    for mentioned in re.findall(r"`tfthaw\.(\w+)", told):
        assert mentioned in tfthaw.__all__, f"there is no tfthaw.{mentioned}"


@pytest.mark.parametrize("name", SHOWN)
def test_examples(name: str) -> None:
    assert ">>> " in (PUBLIC[name].__doc__ or "")


@pytest.mark.parametrize("name", [name for name, thing in PUBLIC.items() if inspect.isfunction(thing)])
def test_arguments_are_those_of_the_function(name: str) -> None:
    told = re.search(r"Args:\n(.*?)(\n\S|\n\n|\Z)", inspect.cleandoc(PUBLIC[name].__doc__ or ""), re.DOTALL)
    listed = re.findall(r"^    (\w+(?:, \w+)*):", told[1], re.MULTILINE) if told else []
    there = inspect.signature(PUBLIC[name]).parameters
    assert [argument for group in listed for argument in group.split(", ") if argument not in there] == []
