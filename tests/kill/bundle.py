"""Reads a checkpoint (tensor bundle, format V2) and checks every checksum in it.

Knows nothing of Thaw and imports nothing of TensorFlow: a second opinion on what lies on the disk.
The format: an SSTable (`PREFIX.index`) of BundleHeaderProto under the empty key and BundleEntryProto
under each name, and the bytes of the tensors in `PREFIX.data-SSSSS-of-NNNNN`.
"""

from __future__ import annotations

import functools
import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path

FOOTER_SIZE = 48
TRAILER_SIZE = 5
MAGIC = 0xDB4775248B80FB57
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


class Corrupt(ValueError):
    """The files are no whole checkpoint."""


def read_bundle(prefix: Path) -> dict[str, str]:
    """Each name with a digest of its dtype, shape and bytes; raises Corrupt, or FileNotFoundError without an index."""
    index = Path(f"{prefix}.index").read_bytes()
    entries = dict(_table(index))
    header = _fields(entries.pop(b"", b""))
    shards = header.get(1, [0])[0]
    if not isinstance(shards, int) or shards < 1:
        raise Corrupt("the header names no shards")
    data = [_shard(Path(f"{prefix}.data-{i:05d}-of-{shards:05d}")) for i in range(shards)]
    return {name.decode("utf-8", "backslashreplace"): _digest(name, _fields(entry), data)
            for name, entry in entries.items()}


def _shard(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Corrupt(f"{path.name} is missing") from None


def _digest(name: bytes, entry: dict[int, list[int | bytes]], data: list[bytes]) -> str:
    shard, offset, size = (entry.get(field, [0])[0] for field in (3, 4, 5))
    expected = entry.get(6, [0])[0]
    assert isinstance(shard, int) and isinstance(offset, int) and isinstance(size, int)
    if shard >= len(data) or offset + size > len(data[shard]):
        raise Corrupt(f"{name!r} lies outside of its data file")
    stored = data[shard][offset : offset + size]
    dtype = entry.get(1, [0])[0]
    # The checksum of strings covers their lengths in another form; their bytes are compared by the caller.
    if dtype != 7 and mask(crc32c(stored)) != expected:
        raise Corrupt(f"{name!r} has another checksum than its bytes")
    return hashlib.sha256(repr((dtype, entry.get(2))).encode() + stored).hexdigest()


def _table(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    if len(file) < FOOTER_SIZE or struct.unpack("<Q", file[-8:])[0] != MAGIC:
        raise Corrupt("the index has no footer")
    footer = file[-FOOTER_SIZE:]
    _, at = _handle(footer, 0)
    index_handle, _ = _handle(footer, at)
    for _, value in _block(file, index_handle):
        yield from _block(file, _handle(value, 0)[0])


def _block(file: bytes, handle: tuple[int, int]) -> Iterator[tuple[bytes, bytes]]:
    offset, size = handle
    if offset + size + TRAILER_SIZE > len(file):
        raise Corrupt("a block of the index lies outside of it")
    body = file[offset : offset + size]
    kind, checksum = struct.unpack("<BI", file[offset + size : offset + size + TRAILER_SIZE])
    if mask(crc32c(body + bytes([kind]))) != checksum:
        raise Corrupt("a block of the index has another checksum than its bytes")
    if kind != 0:
        raise Corrupt("a compressed block, which no checkpoint of ours has")
    end = size - 4 - 4 * struct.unpack("<I", body[-4:])[0]
    at, key = 0, b""
    while at < end:
        shared, at = read_varint(body, at)
        own, at = read_varint(body, at)
        length, at = read_varint(body, at)
        key = key[:shared] + body[at : at + own]
        yield key, body[at + own : at + own + length]
        at += own + length


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    offset, at = read_varint(data, at)
    size, at = read_varint(data, at)
    return (offset, size), at


def _fields(message: bytes) -> dict[int, list[int | bytes]]:
    fields: dict[int, list[int | bytes]] = {}
    at = 0
    while at < len(message):
        tag, at = read_varint(message, at)
        value: int | bytes
        if tag & 7 == VARINT:
            value, at = read_varint(message, at)
        elif tag & 7 == BYTES:
            size, at = read_varint(message, at)
            value, at = message[at : at + size], at + size
        elif tag & 7 == FIXED32:
            value, at = struct.unpack("<I", message[at : at + 4])[0], at + 4
        elif tag & 7 == FIXED64:
            value, at = struct.unpack("<Q", message[at : at + 8])[0], at + 8
        else:
            raise Corrupt(f"wire type {tag & 7}")
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and where it ends."""
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Corrupt("a number that does not end")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def mask(crc: int) -> int:
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


@functools.cache
def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


@functools.lru_cache(maxsize=4096)
def crc32c(data: bytes) -> int:
    table, crc = _crc_table(), 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF
