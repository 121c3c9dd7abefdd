"""The way back: variables become constants."""

from __future__ import annotations

import os
from typing import Optional

from . import _core
from ._options import Path, Patterns, path_text, pattern_list
from ._progress import Progress, as_callback
from ._reports import FreezeReport

__all__ = ["freeze"]


def freeze(
    input: Path,
    output: Optional[Path] = None,
    *,
    outputs: Patterns = (),
    tag_set: str = "",
    signature: str = "",
    inputs: Patterns = (),
    keep_variables: Patterns = (),
    clear_devices: bool = False,
    force: bool = False,
    sync: bool = True,
    verify: bool = False,
    dry_run: bool = False,
    progress: Progress = None,
) -> FreezeReport:
    """The way back: a graph and its checkpoint become one file in which variables are constants.

    Args:
        input: a checkpoint with its .meta beside it, or a SavedModel.
        output: the file, or a folder for it; without it ./NAME.frozen.pb.
        outputs: nodes or tensors that the file is for; without them a signature's.
        tag_set: which MetaGraph of a SavedModel.
        signature: which signature.
        inputs: "x:0[?,16]": a placeholder's shape, declared anew.
        keep_variables: variables that stay variables.

    The other arguments are those of `tfthaw.thaw`.

    Raises:
        Error: of every kind. What was at `output` is then still there.

    >>> made = thaw(MODEL, FOLDER + "/frozen/model.ckpt")
    >>> bool(diff(MODEL, freeze(made.prefix, FOLDER + "/frozen/again.pb").path))
    False
    """
    options = {
        "outputs": pattern_list(outputs),
        "tag_set": tag_set,
        "signature": signature,
        "inputs": pattern_list(inputs),
        "keep_variables": pattern_list(keep_variables),
        "clear_devices": clear_devices,
        "force": force,
        "sync": sync,
        "verify": verify,
        "dry_run": dry_run,
        "progress": as_callback(progress),
    }
    return FreezeReport(_core.freeze(os.fspath(input), path_text(output), options))
