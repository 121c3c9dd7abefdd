"""Looking into a model from Python: its weights as arrays, its nodes."""

from __future__ import annotations

import html
import json
import mmap as _mmap
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from . import _core
from ._arrays import array_of
from ._nodes import Nodes
from ._sources import Source, as_input, is_url
from ._summary import summary_lines

__all__ = ["Model", "TensorSpec", "Weight", "Weights", "load"]


@dataclass(frozen=True)
class TensorSpec:
    """A tensor that goes in or comes out.

    >>> spec = load(MODEL).inputs[0]
    >>> spec.name, spec.dtype, spec.shape
    ('images:0', 'float32', (None, 8, 8, 1))
    """

    name: str
    """"x:0"."""
    dtype: str
    """"float32"."""
    shape: Optional[tuple[Optional[int], ...]]
    """None: not even the number of dimensions is known; None among them: that one is not."""
    why: str
    """What tells that it is one: "Placeholder", "no other node takes it"."""
    key: str = ""
    """What the signature calls it."""


@dataclass(frozen=True)
class Weight:
    """A weight, without its numbers.

    >>> weight = load(MODEL).weights.info("conv1/kernel")
    >>> weight.dtype, weight.shape, weight.nbytes, weight.role, weight.frozen
    ('float32', (3, 3, 1, 16), 576, 'trainable', True)
    """

    name: str
    """What it is called as a variable, and in `Model.weights`."""
    node: str
    """The constant, or the variable, that it is in the file."""
    dtype: str
    """"float32"."""
    shape: Optional[tuple[Optional[int], ...]]
    """As of a TensorSpec."""
    nbytes: int
    """Bytes of its elements, not of how the file encodes them."""
    role: str
    """"trainable", "statistic" (moving averages) or "state"."""
    frozen: bool
    """A constant; else a variable with its value in a checkpoint."""
    derived: bool
    """Holds learned numbers that no checkpoint of its author held under this name: folded batch norms."""
    is_view: bool
    """Its array is a view of the memory that the model was loaded from."""

    @property
    def trainable(self) -> bool:
        """Whether an optimizer changes it."""
        return self.role == "trainable"


def _dims(shape: Any) -> Optional[tuple[Optional[int], ...]]:
    return None if shape is None else tuple(shape)


def _specs(listed: list[dict[str, Any]]) -> tuple[TensorSpec, ...]:
    return tuple(TensorSpec(t["name"], t["dtype"], _dims(t["shape"]), t["why"], t["key"]) for t in listed)


class Weights(Mapping[str, Any]):
    """name -> numpy array, sorted by name. Nothing is read before it is asked for, and nothing is kept.

    Arrays of a model in memory, or of one that was loaded with `mmap=True`, are views of it where the numbers lie
    there as they are; they keep that memory alive. A name that is not there raises KeyError.

    >>> weights = load(MODEL).weights
    >>> len(weights), list(weights)[:2]
    (14, ['bn1/beta', 'bn1/gamma'])
    >>> weights["bn1/beta"].shape, str(weights["bn1/beta"].dtype)
    ((16,), 'float32')
    """

    def __init__(self, core: _core.Model, listed: list[dict[str, Any]]) -> None:
        self._core = core
        self._listed = listed
        self._places = {weight["name"]: place for place, weight in enumerate(listed)}

    def __getitem__(self, name: str) -> Any:
        value = self._core.value(self._places[name])
        if value is None:
            raise KeyError(f"{name}: the file has no value for it")
        return array_of(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __repr__(self) -> str:
        return f"<{len(self)} weights>"

    def info(self, name: str) -> Weight:
        """What is known of a weight without reading it. Raises KeyError."""
        told = self._listed[self._places[name]]
        value = self._core.value(self._places[name])
        return Weight(
            told["name"], told["node"], told["dtype"], _dims(told["shape"]), told["bytes"], told["role"],
            told["frozen"], told["derived"], value is not None and value.view() is not None,
        )  # fmt: skip


class Model:
    """An opened model. Nothing can be changed in it; several threads may use it.

    `with load(...) as model:` closes it at the end; arrays that it gave stay good. Weights and nodes of a closed
    model raise ValueError.

    >>> with load(MODEL) as model:
    ...     print(model.format, len(model.weights), len(model.nodes))
    frozen GraphDef 14 46
    """

    def __init__(self, core: _core.Model) -> None:
        self._core: Optional[_core.Model] = core
        self._report: dict[str, Any] = json.loads(core.report())
        self._weights = Weights(core, self._report["variables"])

    def _open(self) -> _core.Model:
        if self._core is None:
            raise ValueError("the model is closed")
        return self._core

    @property
    def report(self) -> dict[str, Any]:
        """What `tfthaw.inspect` tells of it."""
        return self._report

    @property
    def path(self) -> str:
        """Where it was read from; of what has no path, the name that it goes by in errors."""
        return str(self._report["source"]["path"])

    @property
    def format(self) -> str:
        """"frozen GraphDef", "SavedModel", "MetaGraphDef" and so on."""
        return str(self._report["source"]["format"])

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What has to be fed, as the signature says, else as the graph shows."""
        return _specs(self._report["inputs"])

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What comes out, as the signature says, else as the graph shows."""
        return _specs(self._report["outputs"])

    @property
    def weights(self) -> Weights:
        """name -> array, read when it is asked for."""
        self._open()
        return self._weights

    @property
    def nodes(self) -> Nodes:
        """name -> Node."""
        return Nodes(self._open())

    def summary(self, print_fn: Optional[Callable[[str], Any]] = None, line_length: Optional[int] = None) -> None:
        """Prints a table of the weights, as Keras prints one of layers.

        Args:
            print_fn: called with each line; `print` without it.
            line_length: the width of the table; without it as wide as it needs to be, 65 at least.
        """
        for line in summary_lines(self, line_length):
            (print_fn or print)(line)

    def _repr_html_(self) -> str:
        lines = "\n".join(summary_lines(self, None))
        return f"<pre>{html.escape(lines)}</pre>"

    def __repr__(self) -> str:
        return f"<tfthaw.Model {self.path!r}: {self.format}, {len(self._weights)} weights>"

    def __str__(self) -> str:
        return self._open().text()

    def close(self) -> None:
        """Lets go of the file. Arrays that were given out stay good."""
        self._core = None
        self._weights = Weights(_CLOSED, [])

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


_CLOSED: Any = None


def load(source: Source, *, mmap: bool = False, tag_set: str = "") -> Model:
    """Opens a model to look into it. Weights are read one by one, when they are asked for.

    Args:
        source: a path (of a frozen .pb, a text form of one, a .pbmm, a .meta, a SavedModel's folder), a URL for
            fsspec, bytes, a file opened for reading bytes, an object with `size` and `read_at(offset, size)`,
            or a message with `SerializeToString`, such as a GraphDef.
        mmap: maps the file into memory: arrays are views then. Writing to them changes neither the file nor what
            others see.
        tag_set: one MetaGraph of a SavedModel: "serve", "serve,gpu".

    Raises:
        MissingInputError: there is no such file.
        FormatError: it is none of these formats, or it is damaged.
        UnsupportedError, UsageError: it holds no graph, or several and none was chosen.

    >>> model = load(MODEL)
    >>> model.inputs[0].name, model.inputs[0].shape
    ('images:0', (None, 8, 8, 1))
    >>> model.weights["conv1/kernel"].shape
    (3, 3, 1, 16)
    """
    if mmap and isinstance(source, (str, os.PathLike)) and os.path.isfile(source) and not is_url(os.fspath(source)):
        return Model(_core.Model.open(_mapped(source), tag_set))
    return Model(_core.Model.open(as_input(source), tag_set))


def _mapped(path: Any) -> _core.Input:
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return as_input(path)
        # Private pages: arrays can be written to, as torch wants them, and the file stays what it is.
        mapped = _mmap.mmap(file.fileno(), 0, access=_mmap.ACCESS_COPY)
    return _core.Input.of_buffer(mapped, os.fspath(path))
