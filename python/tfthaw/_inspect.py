"""Looking inside."""

from __future__ import annotations

import json
from typing import Any, Optional

from . import _core
from ._options import Patterns, pattern_list
from ._progress import Progress, as_callback
from ._sources import Source, as_input

__all__ = ["inspect"]


def inspect(
    source: Source,
    *,
    match: Patterns = (),
    tag_set: str = "",
    stats: bool = False,
    tree: Optional[int] = None,
    progress: Progress = None,
) -> dict[str, Any]:
    """What a file or folder is, who made it, what it holds, and whether it can be trained.

    Args:
        source: whatever Thaw reads; see `tfthaw.load`.
        match: only weights, inputs, outputs and nodes of these names are listed.
        tag_set: which MetaGraph of a SavedModel.
        stats: minimum, maximum, mean and so on of every listed weight: reads all their bytes.
        tree: scopes, so many components deep; 0: all.

    Returns:
        What `thaw inspect --json` prints.

    Raises:
        Error: when it cannot be read.

    >>> inspect(MODEL)["roles"]["trainable"]["parameters"]
    40442
    """
    options = {
        "match": pattern_list(match),
        "tag_set": tag_set,
        "statistics": stats,
        "tree_depth": tree,
        "progress": as_callback(progress),
    }
    told: dict[str, Any] = json.loads(_core.inspect(as_input(source), options)[0])
    return told
