"""What differs between two models."""

from __future__ import annotations

from typing import Literal, Optional

from . import _core
from ._options import Paths, Patterns, pattern_list, renaming
from ._progress import Progress, as_callback
from ._rename import Rename
from ._reports import DiffReport
from ._sources import Source, as_input

__all__ = ["diff"]


def diff(
    a: Source,
    b: Source,
    *,
    part: Literal["all", "weights", "graph"] = "all",
    match: Patterns = (),
    rename: Rename = None,
    rules: Paths = (),
    tag_set: str = "",
    tolerance: Optional[float] = None,
    progress: Progress = None,
) -> DiffReport:
    """What differs between any two things that Thaw reads: weights bit by bit, graphs node by node.

    Args:
        a, b: models, SavedModels, checkpoints, files of Keras weights.
        part: only one of both is compared.
        match: only nodes, functions and weights of these names.
        rename: names of `a` before they are compared.
        tag_set: of SavedModels: which MetaGraph, as "serve,gpu".
        tolerance: numbers that are no further apart count as the same.

    The result is true when something differs.

    Raises:
        Error: when one of both cannot be read.

    >>> bool(diff(MODEL, MODEL))
    False
    """
    first = as_input(a, "a")
    options = {
        "part": part,
        "match": pattern_list(match),
        **renaming(first, rename, rules),
        "tag_set": tag_set,
        "tolerance": tolerance,
        "progress": as_callback(progress),
    }
    return DiffReport(_core.diff(first, as_input(b, "b"), options))
