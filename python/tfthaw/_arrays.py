"""Tensors as numpy arrays and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _core

__all__ = ["array_of", "dtype_of", "tensor_of"]

_PLAIN = {
    name: np.dtype(name)
    for name in ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
                 "uint64", "complex64", "complex128", "bool")
}
# As TensorFlow has them in numpy (python/framework/dtypes.py).
_QUANTISED = {
    "qint8": np.dtype([("qint8", np.int8)]),
    "quint8": np.dtype([("quint8", np.uint8)]),
    "qint16": np.dtype([("qint16", np.int16)]),
    "quint16": np.dtype([("quint16", np.uint16)]),
    "qint32": np.dtype([("qint32", np.int32)]),
}
# Types of ml_dtypes, and what holds their bits without it.
_SMALL = {
    "bfloat16": np.uint16,
    "float8_e5m2": np.uint8,
    "float8_e4m3fn": np.uint8,
    "float8_e4m3fnuz": np.uint8,
    "float8_e4m3b11fnuz": np.uint8,
    "float8_e5m2fnuz": np.uint8,
    "int4": np.int8,
    "uint4": np.uint8,
    "int2": np.int8,
    "uint2": np.uint8,
    "float4_e2m1fn": np.uint8,
}


def _small(name: str) -> np.dtype[Any]:
    try:
        import ml_dtypes

        dtype: np.dtype[Any] = np.dtype(getattr(ml_dtypes, name))
        return dtype
    except (ImportError, AttributeError):
        return np.dtype(_SMALL[name])


def dtype_of(name: str) -> np.dtype[Any]:
    """numpy's type for a type of TensorFlow: bfloat16 and its like from ml_dtypes when that is installed, as
    plain integers with the same bits when it is not; bytes objects for strings.

    Raises:
        KeyError: numpy has none for it: "resource", "variant".

    >>> str(dtype_of("float32")), str(dtype_of("string")), dtype_of("bfloat16").itemsize
    ('float32', 'object', 2)
    """
    if name == "string":
        return np.dtype(object)
    if name in _SMALL:
        return _small(name)
    return _PLAIN.get(name) or _QUANTISED[name]


def array_of(value: _core.Value) -> Any:
    """The elements: a view when they lie in a buffer of Python's, else a new array; a string tensor gives an
    array of bytes objects, and a scalar one bytes."""
    shape = value.shape
    if value.dtype == "string":
        strings = value.strings()
        if shape == ():
            return strings[0]
        array = np.empty(len(strings), dtype=object)
        array[:] = strings
        return array.reshape(shape)
    dtype = dtype_of(value.dtype)
    if value.nbytes and (place := value.view()):
        buffer, offset = place
        return np.frombuffer(buffer, dtype, value.nbytes // dtype.itemsize, offset).reshape(shape)
    array = np.empty(shape, dtype)
    if value.nbytes:
        value.read_into(array.reshape(-1).view(np.uint8))
    return array


_NAMES = {dtype: name for name, dtype in (*_PLAIN.items(), *_QUANTISED.items())}


def _name_of(array: np.ndarray[Any, Any]) -> str:
    name = _NAMES.get(array.dtype.newbyteorder("=")) or array.dtype.name
    if name in _PLAIN or name in _QUANTISED or (name in _SMALL and array.dtype == _small(name)):
        return name
    raise TypeError(f"a checkpoint cannot hold an array of type {array.dtype}")


def tensor_of(name: str, given: Any) -> tuple[bytes, str, list[int], Any]:
    """(key, dtype, dimensions, bytes) for the library. Raises TypeError for what no checkpoint can hold."""
    key, array = name.encode("utf-8", "surrogateescape"), np.asarray(given)
    if array.dtype.kind in "USO":
        flat = [_bytes_of(item) for item in array.reshape(-1).tolist()]
        return key, "string", list(array.shape), flat
    dtype = _name_of(array)
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return key, dtype, list(array.shape), little.reshape(-1).view(np.uint8)


def _bytes_of(item: Any) -> bytes:
    if isinstance(item, str):
        return item.encode()
    if isinstance(item, bytes):
        return item
    raise TypeError(f"an element of a string tensor is str or bytes, not {type(item).__name__}")
