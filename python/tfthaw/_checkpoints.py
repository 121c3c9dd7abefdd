"""Checkpoints without TensorFlow, under the names that `tf.train` has for them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

from . import _core
from ._arrays import array_of, dtype_of, tensor_of
from ._errors import UsageError
from ._options import Path
from ._progress import Progress, as_callback

__all__ = [
    "CheckpointReader",
    "CheckpointState",
    "checkpoint_exists",
    "get_checkpoint_state",
    "latest_checkpoint",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "save_checkpoint",
]

_ENUM = {"float32": "DT_FLOAT", "float64": "DT_DOUBLE", "float16": "DT_HALF", "bool": "DT_BOOL"}


class CheckpointReader(Mapping[str, Any]):
    """What `tf.train.load_checkpoint` gives, for checkpoints of both formats; also a Mapping from keys to arrays.

    Several threads may use it. It can be pickled: the copy opens the files anew.

    >>> reader = load_checkpoint(save_checkpoint(FOLDER + "/model.ckpt", {"w": [[1.0, 2.0]], "step": 3}))
    >>> reader.get_variable_to_shape_map()
    {'step': [], 'w': [1, 2]}
    >>> reader.has_tensor("w"), reader.get_tensor("w").tolist(), int(reader["step"])
    (True, [[1.0, 2.0]], 3)
    """

    def __init__(self, path: Path) -> None:
        self._path = os.fspath(path)
        self._core = _core.Reader.open(self._path)
        self._tensors = {key.decode("utf-8", "surrogateescape"): (key, dtype, shape)
                         for key, dtype, shape in self._core.tensors()}  # fmt: skip

    def get_tensor(self, tensor_str: str) -> Any:
        """The array of that key; a scalar of numpy for one without dimensions, bytes for elements that are strings.

        Quantised types come as the integers that they are.

        Raises:
            UsageError: there is none of that key.
            FormatError: its bytes are not those that were written.
        """
        if tensor_str not in self._tensors:
            raise UsageError(f"the checkpoint {self._core.prefix!r} has no tensor {tensor_str!r}",
                             "one of its keys", "get_variable_to_shape_map() lists them")  # fmt: skip
        array = self[tensor_str]
        return array[array.dtype.names[0]] if getattr(array, "dtype", None) and array.dtype.names else array

    def has_tensor(self, tensor_str: str) -> bool:
        """Whether there is one of that key."""
        return tensor_str in self._tensors

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        """name -> dimensions, of a partitioned variable those of the whole."""
        return {name: list(shape) for name, (_, _, shape) in self._tensors.items()}

    def get_variable_to_dtype_map(self) -> dict[str, Any]:
        """name -> numpy's type; TensorFlow's own function gives its DTypes."""
        return {name: dtype_of(dtype) for name, (_, dtype, _) in self._tensors.items()}

    def debug_string(self) -> bytes:
        """A line for each tensor: name, type, shape. A partitioned one has a line for the whole."""
        lines = (
            f"{name} ({_ENUM.get(dtype, 'DT_' + dtype.upper())}) [{','.join(map(str, shape))}]\n"
            for name, (_, dtype, shape) in self._tensors.items()
        )
        return "".join(lines).encode("utf-8", "surrogateescape")

    @property
    def prefix(self) -> str:
        """The checkpoint's, also when it was opened by its folder."""
        return self._core.prefix

    def __getitem__(self, name: str) -> Any:
        """As `get_tensor`, but quantised types stay: what is read can be saved again as it was."""
        key, dtype, shape = self._tensors[name]
        array = array_of(self._core.value(key))
        return array[()] if shape == () and dtype != "string" else array

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)

    def __reduce__(self) -> Any:
        return type(self), (self._path,)

    def __repr__(self) -> str:
        return f"<CheckpointReader {self._core.prefix!r}: {len(self)} tensors>"


def load_checkpoint(ckpt_dir_or_file: Path) -> CheckpointReader:
    """Opens a checkpoint by its prefix, one of its files or its folder.

    Raises:
        MissingInputError, InputError: there is none, or it cannot be read.
        FormatError, UnsupportedError: it is damaged, or none that Thaw reads.

    >>> made = thaw(MODEL, FOLDER + "/read/model.ckpt")
    >>> load_checkpoint(made.prefix).get_tensor("bn1/gamma").shape
    (16,)
    """
    return CheckpointReader(ckpt_dir_or_file)


def load_variable(ckpt_dir_or_file: Path, name: str) -> Any:
    """The array of one variable. A name may end in ":0", as tensors' names do.

    Raises:
        InputError, FormatError, UnsupportedError: as `tfthaw.load_checkpoint`.
        UsageError: there is no such variable.

    >>> prefix = save_checkpoint(FOLDER + "/model.ckpt", {"w": [[1.0, 2.0]]})
    >>> load_variable(prefix, "w:0").tolist()
    [[1.0, 2.0]]
    """
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name[:-2] if name.endswith(":0") else name)


def list_variables(ckpt_dir_or_file: Path) -> list[tuple[str, list[int]]]:
    """(name, shape) of all variables, sorted by name.

    Raises:
        InputError, FormatError, UnsupportedError: as `tfthaw.load_checkpoint`.

    >>> list_variables(save_checkpoint(FOLDER + "/model.ckpt", {"w": [[1.0, 2.0]], "b": [0.5]}))
    [('b', [1]), ('w', [1, 2])]
    """
    shapes = load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map()
    return sorted(shapes.items())


@dataclass(frozen=True)
class CheckpointState:
    """What the file `checkpoint` in a folder says.

    >>> prefix = save_checkpoint(FOLDER + "/model.ckpt", {"w": [1.0]})
    >>> get_checkpoint_state(FOLDER).model_checkpoint_path == prefix
    True
    """

    model_checkpoint_path: str
    """The prefix of the newest checkpoint."""
    all_model_checkpoint_paths: list[str] = field(default_factory=list)
    """The prefixes of all that are kept, oldest first."""


def get_checkpoint_state(checkpoint_dir: Path, latest_filename: Optional[str] = None) -> Optional[CheckpointState]:
    """What the file `checkpoint` in that folder says, relative paths below the folder; None when there is none.

    Args:
        checkpoint_dir: the folder.
        latest_filename: what the file is called; `checkpoint` without it.

    >>> prefix = save_checkpoint(FOLDER + "/model.ckpt", {"w": [1.0]})
    >>> get_checkpoint_state(FOLDER).all_model_checkpoint_paths == [prefix]
    True
    >>> get_checkpoint_state(FOLDER, "another") is None
    True
    """
    folder = os.fspath(checkpoint_dir)
    state = _core.folder_state(folder, latest_filename or "checkpoint")
    if state is None:
        return None
    latest, paths = state
    return CheckpointState(os.path.join(folder, latest), [os.path.join(folder, path) for path in paths])


def latest_checkpoint(checkpoint_dir: Path, latest_filename: Optional[str] = None) -> Optional[str]:
    """The prefix of the newest checkpoint in a folder; None when there is none, or its files are gone.

    >>> latest_checkpoint(FOLDER) is None
    True
    >>> prefix = save_checkpoint(FOLDER + "/model.ckpt", {"w": [1.0]})
    >>> latest_checkpoint(FOLDER) == prefix
    True
    """
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None or not checkpoint_exists(state.model_checkpoint_path):
        return None
    return state.model_checkpoint_path


def checkpoint_exists(checkpoint_prefix: Path) -> bool:
    """Whether there is a checkpoint of that prefix, of either format.

    >>> checkpoint_exists(FOLDER + "/model.ckpt")
    False
    >>> checkpoint_exists(save_checkpoint(FOLDER + "/model.ckpt", {"w": [1.0]}))
    True
    """
    return _core.checkpoint_exists(os.fspath(checkpoint_prefix))


def save_checkpoint(
    prefix: Path,
    tensors: Mapping[str, Any],
    *,
    force: bool = False,
    keep_state: bool = False,
    sync: bool = True,
    verify: bool = False,
    progress: Progress = None,
) -> str:
    """Writes a checkpoint of the second format, byte for byte as TensorFlow writes these tensors.

    Args:
        prefix: PREFIX.index and PREFIX.data-00000-of-00001 are written, and the file `checkpoint` beside them.
        tensors: key -> array, or what numpy makes one of; text becomes a string tensor.
        force: replaces an existing checkpoint.
        keep_state: leaves an existing file `checkpoint` alone.
        sync: everything is on the disk when this returns.
        verify: reads every byte back and compares it.
        progress: called with the bytes done and the bytes in all, or a bar of tqdm.

    Returns:
        The prefix.

    Raises:
        ExistsError, OutputError, UsageError; TypeError for arrays that no checkpoint can hold. Every file that
        existed is then as it was.

    >>> prefix = save_checkpoint(FOLDER + "/saved/model.ckpt", {"w": [[1.0, 2.0]], "step": 3})
    >>> list_variables(prefix)
    [('step', []), ('w', [1, 2])]
    """
    path = os.fspath(prefix)
    encoded = [tensor_of(key, tensors[key]) for key in tensors]
    _core.write_checkpoint(path, encoded, force, keep_state, sync, verify, as_callback(progress))
    return path
