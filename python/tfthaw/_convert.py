"""The mirror of TensorFlow's `convert_variables_to_constants`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Optional

from ._inspect import inspect
from ._options import Path
from ._reports import ThawReport
from ._sources import Source
from ._thaw import thaw

__all__ = ["convert_constants_to_variables"]


def convert_constants_to_variables(
    input_graph_def: Source,
    output_prefix: Path,
    output_node_names: Iterable[str] = (),
    variable_names_whitelist: Optional[Iterable[str]] = None,
    variable_names_denylist: Optional[Iterable[str]] = None,
    **options: Any,
) -> ThawReport:
    """Turns the constants of a frozen graph back into variables, the way back from
    `tf.compat.v1.graph_util.convert_variables_to_constants`.

    There the values came from a session; here they go into a checkpoint, which `tf.train.Saver` restores.

    Args:
        input_graph_def: a GraphDef, its bytes, or whatever else `tfthaw.load` takes.
        output_prefix: the checkpoint's.
        output_node_names: the graph's outputs; what they do not need is left out.
        variable_names_whitelist: only these constants become variables; without it all that are weights.
        variable_names_denylist: these constants stay what they are.
        options: as for `tfthaw.thaw`.

    Raises:
        Error: of every kind. Every file that existed is then as it was.

    >>> report = convert_constants_to_variables(MODEL, FOLDER + "/mirror/model.ckpt", ["probabilities"])
    >>> len(report["variables"])
    14
    """
    outputs = list(output_node_names)
    if variable_names_whitelist is not None:
        wanted = set(variable_names_whitelist)
        options["thaw"] = [_exactly(name) for name in sorted(wanted)]
        found = (weight["node"] for weight in inspect(input_graph_def)["variables"] if weight["frozen"])
        options["keep"] = [_exactly(node) for node in found if node not in wanted]
    if variable_names_denylist is not None:
        options["keep"] = [*options.get("keep", ()), *map(_exactly, variable_names_denylist)]
    return thaw(input_graph_def, output_prefix, outputs=outputs, prune=bool(outputs), **options)


def _exactly(name: str) -> str:
    return f"(?:{re.escape(name)})"
