"""Everything that a model can be read from."""

from __future__ import annotations

import os
import threading
from typing import Any, Protocol, Union, runtime_checkable

from . import _core
from ._errors import UsageError

__all__ = ["ReadableAt", "Source", "as_input", "is_url"]


@runtime_checkable
class ReadableAt(Protocol):
    """Random access to a fixed number of bytes: what a model can be read from besides files.

    Several threads may call `read_at` at once. What it raises comes out of the function that was reading.

    >>> class Bytes:
    ...     def __init__(self, content):
    ...         self.content, self.size = content, len(content)
    ...     def read_at(self, offset, size):
    ...         return self.content[offset:offset + size]
    >>> with open(MODEL, "rb") as file:
    ...     model = load(Bytes(file.read()))
    >>> len(model.weights)
    14
    """

    @property
    def size(self) -> int:
        """How many bytes there are in all."""

    def read_at(self, offset: int, size: int, /) -> bytes:
        """`size` bytes from `offset` on; fewer, but at least one, are taken as a beginning."""


#: A path, a URL for fsspec ("gs://bucket/model.pb"), bytes, a file opened for reading bytes, a message with
#: `SerializeToString`, or anything with `size` and `read_at`.
Source = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, ReadableAt, Any]

# One request instead of dozens: below this a whole file is fetched at once.
_FETCHED_WHOLE = 8 << 20
_WINDOW = 64 << 10


def is_url(path: str) -> bool:
    """Whether fsspec is to open it. One letter before the colon would be a drive of Windows."""
    scheme, colon, _ = path.partition("://")
    return bool(colon) and len(scheme) > 1 and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()


def as_input(source: Source, name: str = "memory") -> _core.Input:
    """`source` as the library takes it. Raises TypeError for what cannot be read."""
    if isinstance(source, (str, os.PathLike)):
        path = os.fspath(source)
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        return _core.Input.of_object(_Remote(path), path) if is_url(path) else _core.Input.of_path(path)
    if isinstance(source, ReadableAt):
        return _core.Input.of_object(source, str(getattr(source, "name", name)))
    if hasattr(source, "SerializeToString"):
        return _core.Input.of_buffer(source.SerializeToString(), name)
    if hasattr(source, "seek") and hasattr(source, "read"):
        return _core.Input.of_object(_File(source), str(getattr(source, "name", name)))
    try:
        return _core.Input.of_buffer(memoryview(source).cast("B"), name)
    except TypeError:
        raise TypeError(
            "a model is read from a path, bytes, an open file, or an object with size and read_at,"
            f" not from {type(source).__name__}"
        ) from None


class _File:
    """A file object. Its position is that of whoever reads last."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._lock = threading.Lock()
        self.size = int(file.seek(0, os.SEEK_END))
        if isinstance(self.read_at(0, min(1, self.size)), str):
            raise UsageError("a file that was opened as text", "one opened as bytes", 'open it with mode "rb"')

    def read_at(self, offset: int, size: int) -> bytes:
        with self._lock:
            self._file.seek(offset)
            return self._file.read(size)  # type: ignore[no-any-return]


class _Remote:
    """A file of fsspec, by ranges: windows are kept, small files are fetched whole."""

    def __init__(self, url: str) -> None:
        try:
            import fsspec
        except ImportError:
            raise UsageError(
                f"{url!r} needs the package fsspec, which is not installed", "it", "pip install fsspec"
            ) from None
        try:
            self._files, self._path = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(f"{url!r}: {error}", "a URL that fsspec knows", "pip install what it asks for") from error
        self.size = int(self._files.info(self._path)["size"])
        self._lock = threading.Lock()
        self._at, self._window = 0, b""

    def read_at(self, offset: int, size: int) -> bytes:
        with self._lock:
            end = self._at + len(self._window)
            if not (self._at <= offset and offset + size <= end):
                if size >= _WINDOW and self.size > _FETCHED_WHOLE:
                    return self._fetch(offset, offset + size)
                whole = self.size <= _FETCHED_WHOLE
                self._at = 0 if whole else offset
                self._window = self._fetch(self._at, self.size if whole else min(self.size, offset + _WINDOW))
            start = offset - self._at
            return self._window[start : start + size]

    def _fetch(self, start: int, end: int) -> bytes:
        return bytes(self._files.cat_file(self._path, start=start, end=end))
