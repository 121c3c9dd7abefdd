"""Proof that a checkpoint holds what it should."""

from __future__ import annotations

import os
from typing import Any, Optional, overload

from . import _core
from ._options import Path, Paths, Patterns, naming, pattern_list
from ._progress import Progress, as_callback
from ._rename import Rename
from ._reports import VerifyReport
from ._sources import Source, as_input

__all__ = ["verify"]


@overload
def verify(checkpoint: Path, /, *, progress: Progress = None) -> VerifyReport: ...


@overload
def verify(
    source: Source,
    checkpoint: Path,
    /,
    *,
    thaw: Patterns = (),
    keep: Patterns = (),
    float_ops: bool = False,
    skip: Patterns = (),
    rename: Rename = None,
    rules: Paths = (),
    scope: str = "",
    strip_prefix: str = "",
    tag_set: str = "",
    signature: str = "",
    outputs: Patterns = (),
    layout: Patterns = (),
    accept_order: bool = False,
    tolerance: float = 0.0,
    progress: Progress = None,
) -> VerifyReport: ...


def verify(
    source: Source,
    checkpoint: Optional[Path] = None,
    /,
    *,
    thaw: Patterns = (),
    keep: Patterns = (),
    float_ops: bool = False,
    skip: Patterns = (),
    rename: Rename = None,
    rules: Paths = (),
    scope: str = "",
    strip_prefix: str = "",
    tag_set: str = "",
    signature: str = "",
    outputs: Patterns = (),
    layout: Patterns = (),
    accept_order: bool = False,
    tolerance: float = 0.0,
    progress: Progress = None,
) -> VerifyReport:
    """Whether a checkpoint is whole, fits its graph, and holds a model's weights.

    Args:
        source: the model that the checkpoint was made from. With one argument: the checkpoint itself.
        checkpoint: its prefix, one of its files, its folder, or a SavedModel's folder.
        tolerance: how far a number may be from the model's; 0: the same bits.

    The other arguments say how the weights were named when the checkpoint was made. The result is true when
    nothing is wrong; `report["problems"]` says what is.

    Raises:
        Error: when there is nothing that could be looked at.

    >>> made = thaw(MODEL, FOLDER + "/verified/model.ckpt")
    >>> bool(verify(MODEL, made.prefix)), bool(verify(made.prefix))
    (True, True)
    """
    model = as_input(source) if checkpoint is not None else None
    options = {
        **naming(
            model, thaw=thaw, keep=keep, rename=rename, rules=rules, scope=scope, strip_prefix=strip_prefix
        ),
        "float_ops": float_ops,
        "tag_set": tag_set,
        "signature": signature,
        "outputs": pattern_list(outputs),
        "skip": pattern_list(skip),
        "layout": pattern_list(layout),
        "accept_order": accept_order,
        "tolerance": tolerance,
        "progress": as_callback(progress),
    }
    place: Any = source if checkpoint is None else checkpoint
    return VerifyReport(_core.verify(model, os.fspath(place), options))
