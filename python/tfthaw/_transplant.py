"""Weights under the names of somebody's own training code."""

from __future__ import annotations

import os
from typing import Literal, Optional

from . import _core
from ._options import Path, Paths, Patterns, naming, path_text, pattern_list
from ._progress import Progress, as_callback
from ._rename import Rename
from ._reports import TransplantReport
from ._sources import Source, as_input

__all__ = ["transplant"]


def transplant(
    source: Source,
    into: Path,
    output: Optional[Path] = None,
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
    layout: Patterns = (),
    accept_order: bool = False,
    slots: Literal["reset", "keep"] = "reset",
    missing: Literal["error", "keep", "zero"] = "error",
    seed: Optional[int] = None,
    optimizer: str = "",
    global_step: Optional[int] = None,
    force: bool = False,
    keep_state: bool = False,
    sync: bool = True,
    verify: bool = False,
    dry_run: bool = False,
    progress: Progress = None,
) -> TransplantReport:
    """Writes a checkpoint with the names of somebody's own training code and the weights of a frozen model.

    Args:
        source: the model; see `tfthaw.load`.
        into: what has those names: a checkpoint, a MetaGraphDef, a SavedModel, a file of Keras, a list of
            names. It is never changed.
        output: the result; as `tfthaw.thaw` takes it.
        float_ops: constants of quantized operations are weights, too.
        skip: weights and entries that take no part.
        scope: the scope of the target's names.
        strip_prefix: taken from the front of the model's names.
        layout: "PATTERN=OIHW": the order of axes of entries in the target.
        accept_order: matches equals by their order.
        slots: whether an optimizer's state begins anew or stays the target's.
        missing: what becomes of entries that the model has no value for.
        seed: lets random initialisers of the target draw.

    The other arguments are those of `tfthaw.thaw`. The result is false when the plan is not complete: the
    report then says what is missing, and nothing was written.

    Raises:
        Error: of every kind. Every file that existed is then as it was.

    >>> made = thaw(MODEL, FOLDER + "/target/model.ckpt", force=True)
    >>> bool(transplant(MODEL, made.prefix, FOLDER + "/mine/model.ckpt"))
    True
    """
    model = as_input(source)
    options = {
        **naming(
            model, thaw=thaw, keep=keep, rename=rename, rules=rules, scope=scope, strip_prefix=strip_prefix
        ),
        "float_ops": float_ops,
        "tag_set": tag_set,
        "signature": signature,
        "skip": pattern_list(skip),
        "layout": pattern_list(layout),
        "accept_order": accept_order,
        "slots": slots,
        "missing": missing,
        "seed": seed,
        "optimizer": optimizer,
        "global_step": global_step,
        "force": force,
        "keep_state": keep_state,
        "sync": sync,
        "verify": verify,
        "dry_run": dry_run,
        "progress": as_callback(progress),
    }
    return TransplantReport(_core.transplant(model, os.fspath(into), path_text(output), options))
