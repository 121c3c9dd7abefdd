"""Arguments as the library takes them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any, Optional, Union

from . import _core
from ._rename import Rename, as_rules

__all__ = ["Path", "Paths", "Patterns", "naming", "path_text", "pattern_list", "renaming"]

Path = Union[str, "os.PathLike[str]"]
Paths = Union[Path, Sequence[Path]]
#: One pattern or several: a name, a scope, or a regular expression that matches whole names.
Patterns = Union[str, Iterable[str]]

# Options of inspect that ask for nothing special.
_INSPECT: dict[str, Any] = {"match": [], "tag_set": "", "statistics": False, "tree_depth": None, "progress": None}


def pattern_list(patterns: Patterns) -> list[str]:
    return [patterns] if isinstance(patterns, str) else list(patterns)


def path_text(path: Optional[Path]) -> str:
    """Empty without one."""
    return "" if path is None else os.fspath(path)


def _rules_texts(rules: Paths) -> list[tuple[str, str]]:
    """What is in files of rules, with the files' names for errors."""
    read = []
    for path in [rules] if isinstance(rules, (str, os.PathLike)) else rules:
        with open(path, encoding="utf-8", newline="") as file:
            read.append((os.fspath(path), file.read()))
    return read


def _names_in(input: _core.Input) -> list[str]:
    """The names that a function is asked about when it is to rename: of weights, or of a checkpoint's entries."""
    told = json.loads(_core.inspect(input, _INSPECT)[0])
    names: list[str] = [weight["name"] for weight in told["variables"]]
    if not names and told["checkpoint"]:
        names = [entry["name"] for entry in told["checkpoint"]["entries"]]
    return names


def renaming(input: Optional[_core.Input], rename: Rename, rules: Paths) -> dict[str, Any]:
    """How names are changed. `input` has those that a function is asked about; None: there are none."""
    names = as_rules(rename, lambda: [] if input is None else _names_in(input))
    return {"rename": names, "rules": _rules_texts(rules)}


def naming(
    input: Optional[_core.Input],
    *,
    thaw: Patterns,
    keep: Patterns,
    rename: Rename,
    rules: Paths,
    scope: str,
    strip_prefix: str,
) -> dict[str, Any]:
    """Which constants of `input` are weights, and what these are called."""
    return {
        "thaw": pattern_list(thaw),
        "keep": pattern_list(keep),
        **renaming(input, rename, rules),
        "scope": scope,
        "strip_prefix": strip_prefix,
    }
