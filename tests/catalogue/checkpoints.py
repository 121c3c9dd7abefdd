"""A small checkpoint (tensor bundle) written as bytes, to be made unsound one thing at a time."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import bundle
from bundle_files import Entry, block_of, table_of, varint
from models import number
from models import field as message

FLOAT, STRING = 1, 7
PREFIX = "ckpt"
INDEX = f"{PREFIX}.index"
DATA = f"{PREFIX}.data-00000-of-00001"


def header(shards: int = 1, more: bytes = b"", versions: bytes = number(1, 1)) -> bytes:
    return number(1, shards) + more + message(3, versions)


def crc(content: bytes) -> int:
    return bundle.mask(bundle.crc32c(content))


@dataclass
class Checkpoint:
    """What is in the files."""

    rows: dict[bytes, bytes]
    data: dict[str, bytes] = field(default_factory=dict)

    def write(self, place: Path) -> None:
        (place / INDEX).write_bytes(table_of(self.rows))
        for name, content in self.data.items():
            (place / name).write_bytes(content)


A, B = struct.pack("<4f", 1, 2, 3, 4), struct.pack("<2f", 5, 6)
ENTRY_A = Entry(FLOAT, (2, 2), 0, 0, 16, crc(A))
ENTRY_B = Entry(FLOAT, (2,), 0, 16, 8, crc(B))


def sound() -> Checkpoint:
    return Checkpoint({b"": header(), b"a": ENTRY_A.encoded(), b"b": ENTRY_B.encoded()}, {DATA: A + B})


Make = Callable[[Path], None]


def written(change: Callable[[Checkpoint], None] | None = None) -> Make:
    def make(place: Path) -> None:
        checkpoint = sound()
        if change:
            change(checkpoint)
        checkpoint.write(place)

    return make


def with_header(content: bytes) -> Make:
    return written(lambda checkpoint: checkpoint.rows.update({b"": content}))


def with_row(key: bytes, content: bytes) -> Make:
    return written(lambda checkpoint: checkpoint.rows.update({key: content}))


def with_entry(**changes: object) -> Make:
    return with_row(b"a", replace(ENTRY_A, **changes).encoded())  # type: ignore[arg-type]


def with_string(content: bytes, dims: tuple[int, ...] = (1,), checksum: int = 0) -> Make:
    def change(checkpoint: Checkpoint) -> None:
        checkpoint.data[DATA] = A + B + content
        entry = Entry(STRING, dims, 0, 24, len(content), checksum or crc(content))
        checkpoint.rows[b"s"] = entry.encoded()

    return written(change)


def with_data(change: Callable[[bytes], bytes]) -> Make:
    def make(checkpoint: Checkpoint) -> None:
        checkpoint.data[DATA] = change(checkpoint.data[DATA])

    return written(make)


def with_index(change: Callable[[bytes], bytes]) -> Make:
    def make(place: Path) -> None:
        sound().write(place)
        (place / INDEX).write_bytes(change((place / INDEX).read_bytes()))

    return make


def raw_block(entries: list[tuple[int, int, int, bytes]], restarts: bytes | None = None) -> bytes:
    """Entries as (shared, own, value size, bytes that follow)."""
    body = b"".join(varint(shared) + varint(own) + varint(size) + rest for shared, own, size, rest in entries)
    return body + (struct.pack("<2I", 0, 1) if restarts is None else restarts)


def trailed(block: bytes, kind: int = 0) -> bytes:
    trailer = bytes([kind])
    return block + trailer + struct.pack("<I", crc(block + trailer))


def with_blocks(data: bytes, index: bytes | None = None, kind: int = 0, footer: bytes | None = None) -> Make:
    """An index file of this data block, with right checksums around it."""

    def make(place: Path) -> None:
        sound().write(place)
        file = trailed(data, kind)
        meta_at, nothing = len(file), block_of({})
        file += trailed(nothing)
        index_at = len(file)
        rows = index if index is not None else block_of({b"zz": varint(0) + varint(len(data))})
        file += trailed(rows)
        told = varint(meta_at) + varint(len(nothing)) + varint(index_at) + varint(len(rows))
        told = told if footer is None else footer
        (place / INDEX).write_bytes(file + told.ljust(40, b"\0") + struct.pack("<Q", bundle.MAGIC))

    return make


def slices(*extents: tuple[tuple[int, int] | None, ...]) -> tuple[bytes, ...]:
    """TensorSliceProtos: (start, length) of each dimension, None for all of it."""

    def extent(one: tuple[int, int] | None) -> bytes:
        return message(1, number(1, one[0]) + number(2, one[1]) if one else b"")

    return tuple(b"".join(extent(one) for one in part) for part in extents)
