"""Rename rules in all the forms that Python programmers have them in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Optional, Union

__all__ = ["Rename", "as_rules"]

#: {old: new} for whole names ("old/": "new/" for all below a scope), (regular expression, replacement) pairs of
#: which the first that matches a whole name counts, or a function from a name to the new one (None: it stays).
Rename = Union[Mapping[str, str], Iterable[tuple[str, str]], Callable[[str], Optional[str]], None]


def _rule_of_name(old: str, new: str) -> str:
    if old.endswith("/") and (new.endswith("/") or not new):
        return f"{_escaped(old)}={_escaped(new)}"
    exactly = "".join(char if char.isalnum() or char in "_/" or ord(char) > 127 else "\\" + char for char in old)
    return f"(?:{exactly})=" + new.replace("\\", "\\\\")


def _escaped(text: str) -> str:
    """A rule is split at the first "=" that no backslash precedes."""
    return re.sub(r"(?<!\\)=", r"\\=", text)


def as_rules(rename: Rename, names: Callable[[], Iterable[str]]) -> list[str]:
    """As the program takes them: "RE=REPL". `names`: all that a function is to be asked about."""
    if rename is None:
        return []
    if callable(rename):
        told = [(name, rename(name)) for name in names()]
        rename = {name: new for name, new in told if new is not None and new != name}
    if isinstance(rename, Mapping):
        return [_rule_of_name(old, new) for old, new in rename.items()]
    return [f"{_escaped(pattern)}={replacement}" for pattern, replacement in rename]
