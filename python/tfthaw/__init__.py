"""Turns a frozen TensorFlow model back into one that can be trained, without TensorFlow.

    import tfthaw

    model = tfthaw.load("model.pb")            # look inside
    model.weights["conv1/kernel"]              # a numpy array
    tfthaw.thaw("model.pb", "out/model.ckpt")  # a checkpoint and a graph for tf.train.import_meta_graph
"""

from ._arrays import dtype_of
from ._checkpoints import (
    CheckpointReader,
    CheckpointState,
    checkpoint_exists,
    get_checkpoint_state,
    latest_checkpoint,
    list_variables,
    load_checkpoint,
    load_variable,
    save_checkpoint,
)
from ._convert import convert_constants_to_variables
from ._core import __version__
from ._diff import diff
from ._errors import (
    BugError,
    Error,
    ExistsError,
    FormatError,
    InputError,
    MissingInputError,
    MissingValuesError,
    NoWeightsError,
    OutputError,
    UnsupportedError,
    UsageError,
)
from ._freeze import freeze
from ._inspect import inspect
from ._model import Model, TensorSpec, Weight, Weights, load
from ._nodes import Node, Nodes
from ._reports import DiffReport, FreezeReport, Report, ThawReport, TransplantReport, VerifyReport
from ._sources import ReadableAt
from ._thaw import thaw
from ._transplant import transplant
from ._verify import verify

__all__ = [
    "BugError",
    "CheckpointReader",
    "CheckpointState",
    "DiffReport",
    "Error",
    "ExistsError",
    "FormatError",
    "FreezeReport",
    "InputError",
    "MissingInputError",
    "MissingValuesError",
    "Model",
    "NoWeightsError",
    "Node",
    "Nodes",
    "OutputError",
    "ReadableAt",
    "Report",
    "TensorSpec",
    "ThawReport",
    "TransplantReport",
    "UnsupportedError",
    "UsageError",
    "VerifyReport",
    "Weight",
    "Weights",
    "__version__",
    "checkpoint_exists",
    "convert_constants_to_variables",
    "diff",
    "dtype_of",
    "freeze",
    "get_checkpoint_state",
    "inspect",
    "latest_checkpoint",
    "list_variables",
    "load",
    "load_checkpoint",
    "load_variable",
    "save_checkpoint",
    "thaw",
    "transplant",
    "verify",
]
