"""From a frozen model to a checkpoint and a graph that can be trained."""

from __future__ import annotations

from typing import Literal, Optional

from . import _core
from ._options import Path, Paths, Patterns, naming, path_text, pattern_list
from ._progress import Progress, as_callback
from ._rename import Rename
from ._reports import ThawReport
from ._sources import Source, as_input

__all__ = ["thaw"]


def thaw(
    source: Source,
    output: Optional[Path] = None,
    *,
    saved_model: Optional[Path] = None,
    thaw: Patterns = (),
    keep: Patterns = (),
    non_trainable: Patterns = (),
    rename: Rename = None,
    rules: Paths = (),
    scope: str = "",
    strip_prefix: str = "",
    inputs: Patterns = (),
    outputs: Patterns = (),
    tag_set: str = "",
    signature: str = "",
    prune: bool = False,
    clear_devices: bool = False,
    expand_cells: bool = False,
    target_tf: str = "",
    bn: Literal["frozen", "batch"] = "frozen",
    bn_momentum: Optional[float] = None,
    unfold_batch_norm: bool = False,
    float_ops: bool = False,
    variables: Literal["resource", "ref"] = "resource",
    init: Literal["nan", "restore", "value"] = "nan",
    optimizer: str = "",
    global_step: Optional[int] = None,
    ema_twins: bool = False,
    force: bool = False,
    keep_state: bool = False,
    sync: bool = True,
    verify: bool = False,
    dry_run: bool = False,
    progress: Progress = None,
) -> ThawReport:
    """Turns a frozen model back into a checkpoint and a graph that can be trained.

    Args:
        source: the model; see `tfthaw.load`.
        output: the checkpoint's prefix, as `tf.train.Saver.save` takes it, or a folder; without it
            ./NAME.thawed/model.ckpt, and with `saved_model` no checkpoint.
        saved_model: also a SavedModel, in this folder, that `tf.saved_model.load` gives as an object with
            variables, and sessions of TensorFlow 1 load as well.
        thaw: constants that become variables whatever their use says.
        keep: constants that stay constants.
        non_trainable: variables that are left out of `trainable_variables`.
        rename: new names for variables.
        rules: files of such rules, tried after `rename`.
        scope: put before every name.
        strip_prefix: taken from the front of every name.
        inputs: "x:0[?,16]": a placeholder's shape, declared anew.
        outputs: nodes or tensors that the signature names as outputs; of a model with variables, all that
            is thawed.
        tag_set: which MetaGraph of a SavedModel, as "serve,gpu".
        signature: of a model with variables, the only one that is thawed.
        prune: leaves out what the outputs do not need.
        clear_devices: drops the devices that nodes are pinned to.
        expand_cells: writes fused recurrent cells out, so that gradients pass.
        target_tf: the release of TensorFlow that is to load the graph, "1.15".
        bn: what batch norms compute with: the moving statistics, or those of the batch while `bn_training`
            is fed true; a SavedModel is called with `training=True` then.
        bn_momentum: of the moving statistics; 0.99 unless given.
        unfold_batch_norm: batch norms that were folded into weights are norms again.
        float_ops: puts operations on floats in the place of quantized ones, so that gradients pass; results
            change by what is rounded no more.
        variables: "ref" writes VariableV2 for code of TensorFlow 1 that needs them.
        init: what the initialisers assign: NaN, the checkpoint's values, or the values as constants.
        optimizer: "adam" and so on: its slots too, in the checkpoint only.
        global_step: the step that the checkpoint holds.
        ema_twins: also X/ExponentialMovingAverage for each X.
        force: replaces an existing checkpoint.
        keep_state: leaves an existing file `checkpoint` alone.
        sync: everything is on the disk when this returns.
        verify: reads every byte back and compares it with the model.
        dry_run: plans and proves, and writes nothing.
        progress: called with the bytes done and the bytes in all, or a bar of tqdm.

    Raises:
        Error: of every kind. Every file that existed is then as it was.

    >>> report = thaw(MODEL, FOLDER + "/digits/model.ckpt")
    >>> [variable["name"] for variable in report["variables"]][:2]
    ['bn1/beta', 'bn1/gamma']
    """
    model = as_input(source)
    options = {
        **naming(
            model, thaw=thaw, keep=keep, rename=rename, rules=rules, scope=scope, strip_prefix=strip_prefix
        ),
        "saved_model": path_text(saved_model),
        "non_trainable": pattern_list(non_trainable),
        "inputs": pattern_list(inputs),
        "outputs": pattern_list(outputs),
        "tag_set": tag_set,
        "signature": signature,
        "prune": prune,
        "clear_devices": clear_devices,
        "expand_cells": expand_cells,
        "target_tf": target_tf,
        "bn": bn,
        "bn_momentum": bn_momentum,
        "unfold_batch_norm": unfold_batch_norm,
        "float_ops": float_ops,
        "variables": variables,
        "init": init,
        "optimizer": optimizer,
        "global_step": global_step,
        "ema_twins": ema_twins,
        "force": force,
        "keep_state": keep_state,
        "sync": sync,
        "verify": verify,
        "dry_run": dry_run,
        "progress": as_callback(progress),
    }
    return ThawReport(_core.thaw(model, path_text(output), options))
