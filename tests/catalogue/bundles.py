"""B: checkpoints, the index of their entries and the bytes behind it."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

import bundle
from bundle_files import Entry, block_of, table_of, varint
from case import DONE, INPUT, NO, READ, Case, Elsewhere
from checkpoints import (
    DATA,
    ENTRY_A,
    FLOAT,
    INDEX,
    PREFIX,
    A,
    Checkpoint,
    Make,
    crc,
    header,
    raw_block,
    slices,
    sound,
    with_blocks,
    with_data,
    with_entry,
    with_header,
    with_index,
    with_row,
    with_string,
    written,
)
from models import field, number


def damaged(cls: str, what: str, make: Make, *says: str, codes: tuple[int, ...] = (NO, INPUT), **more: Any) -> list[Case]:
    """verify says no; who only looks says what can be seen, or refuses."""
    return [
        Case(cls, what, make, ("verify", PREFIX), codes, says, **more),
        Case(cls, what, make, ("inspect", PREFIX, "--weights", "--stats"), READ, blames=PREFIX, **more),
    ]


def odd(cls: str, what: str, make: Make, *says: str, **more: Any) -> list[Case]:
    """What may be taken or not."""
    return damaged(cls, what, make, *says, codes=(DONE, NO, INPUT), **more)


def whole(cls: str, what: str, make: Make, **more: Any) -> list[Case]:
    return damaged(cls, what, make, codes=(DONE,), **more)


def cut(size: int) -> Make:
    return with_index(lambda data: data[:size])


def without(name: str) -> Make:
    def make(place: Path) -> None:
        sound().write(place)
        (place / name).unlink()

    return make


def special(name: str, kind: str) -> Make:
    def make(place: Path) -> None:
        without(name)(place)
        {"folder": os.mkdir, "pipe": os.mkfifo}[kind](place / name)

    return make


def footer_of(*numbers: int) -> bytes:
    return b"".join(varint(one) for one in numbers)


def flipped(name: str, at: int) -> Make:
    def make(place: Path) -> None:
        sound().write(place)
        data = bytearray((place / name).read_bytes())
        data[at] ^= 1 << at % 8
        (place / name).write_bytes(bytes(data))

    return make


def many(place: Path) -> None:
    """Entries that all have the same bytes."""
    rows = {b"": header(), **{f"e{i:05}".encode(): ENTRY_A.encoded() for i in range(2000)}}
    Checkpoint(rows, {DATA: A}).write(place)


def sliced(parts: dict[bytes, Entry], of: tuple[bytes, ...], dims: tuple[int, ...] = (2, 2)) -> Make:
    def change(checkpoint: Checkpoint) -> None:
        checkpoint.rows[b"a"] = Entry(FLOAT, dims, slices=of).encoded()
        checkpoint.rows |= {key: entry.encoded() for key, entry in parts.items()}

    return written(change)


def slice_key(*extents: tuple[int, int]) -> bytes:
    """The key of a slice of 'a', of extents that are told and small (src/checkpoint/ordered_code.h)."""
    ends = b"".join(bytes([0x80 ^ start & 0xFF, 0x80 ^ length & 0xFF]) for start, length in extents)
    return b"\0" + b"a\0\1" + bytes([1, len(extents)]) + ends


UPPER, LOWER = ((0, 1), (0, 2)), ((1, 1), (0, 2))
HALVES = {
    slice_key(*UPPER): Entry(FLOAT, (1, 2), 0, 0, 8, crc(A[:8])),
    slice_key(*LOWER): Entry(FLOAT, (1, 2), 0, 8, 8, crc(A[8:])),
}
BOTH = slices(UPPER, LOWER)
ROWS = sound().rows
BLOCK = block_of(ROWS)
VALUE = header()
FIRST = (0, 0, len(VALUE), VALUE)
INDEX_SIZE = len(table_of(ROWS))
CHECKED = INDEX_SIZE - 48  # the footer has no checksum, and holds bytes that nothing reads
WRAP = (1 << 64) - 3

CASES: list[Case] = [
    *whole("B01", "a sound one, to compare with", written()),
    *damaged("B01", "no index", without(INDEX), codes=(NO, INPUT)),
    *(case for size in (0, 1, 20, 47) for case in damaged("B01", f"{size} bytes", cut(size), INDEX)),
    *(Case("B02", f"cut at {size}", cut(size), ("verify", PREFIX), (NO, INPUT), (INDEX,)) for size in range(1, INDEX_SIZE, 3)),
    *damaged("B03", "another magic number", with_index(lambda data: data[:-1] + b"\0"), INDEX),
    *damaged("B04", "a handle that does not end", with_blocks(BLOCK, footer=b"\xff" * 40), INDEX),
    *damaged("B04", "a handle of eleven bytes", with_blocks(BLOCK, footer=b"\x80" * 11 + b"\0"), INDEX),
    *damaged("B04", "no handle in the index", with_blocks(BLOCK, block_of({b"zz": b"\x80"})), INDEX),
    *damaged("B05", "a handle that wraps", with_blocks(BLOCK, footer=footer_of(0, 8, WRAP, 8)), INDEX),
    *damaged("B05", "a size that wraps", with_blocks(BLOCK, footer=footer_of(0, 8, 8, WRAP)), INDEX),
    *damaged("B05", "behind the end", with_blocks(BLOCK, block_of({b"zz": footer_of(10_000, 10)})), INDEX),
    *damaged("B05", "of 2^60 bytes", with_blocks(BLOCK, block_of({b"zz": footer_of(0, 1 << 60)})), INDEX),
    *damaged("B06", "a block that is the index of itself", with_blocks(BLOCK, footer=footer_of(0, len(BLOCK), 0, len(BLOCK))), INDEX),
    *damaged("B06", "a block twice", with_blocks(BLOCK, block_of({b"y": footer_of(0, len(BLOCK)), b"z": footer_of(0, len(BLOCK))})), INDEX),
    *(case for at in (5, len(BLOCK) + 2, INDEX_SIZE - 60) for case in damaged("B07", f"byte {at}", flipped(INDEX, at), INDEX)),
    *damaged("B08", "an unknown compression", with_blocks(BLOCK, kind=9), INDEX),
    *damaged("B09", "4 GiB of Snappy", with_blocks(b"\xff\xff\xff\xff\x0f\x00a", kind=1), INDEX),
    *damaged("B09", "a copy of nothing", with_blocks(b"\x08\x01\x05\x00", kind=1), INDEX),
    *damaged("B09", "less than declared", with_blocks(b"\x40\x04ab", kind=1), INDEX),
    *damaged("B10", "no restarts", with_blocks(raw_block([FIRST], bytes(4))), INDEX),
    *damaged("B10", "more restarts than bytes", with_blocks(raw_block([FIRST], struct.pack("<I", 1 << 31))), INDEX),
    *odd("B10", "a restart outside", with_blocks(raw_block([FIRST], struct.pack("<2I", 9999, 1)))),
    *damaged("B10", "a block of two bytes", with_blocks(b"\0\0"), INDEX),
    *damaged("B11", "a first key that shares", with_blocks(raw_block([(3, 0, len(VALUE), VALUE)])), INDEX),
    *damaged("B11", "a key that shares too much", with_blocks(raw_block([FIRST, (5, 1, 1, b"ax")])), INDEX),
    *damaged("B12", "lengths that wrap 32 bits", with_blocks(raw_block([FIRST, (0, 1 << 31, 1 << 31, b"a")])), INDEX),
    *damaged("B12", "lengths that wrap 64 bits", with_blocks(raw_block([FIRST, (0, 1, WRAP, b"a")])), INDEX),
    *damaged("B13", "keys out of order", with_blocks(raw_block([FIRST, (0, 1, 1, b"bx"), (0, 1, 1, b"ax")])), INDEX),
    *damaged("B13", "a key twice", with_blocks(raw_block([FIRST, *[(0, 1, len(ROWS[b"a"]), b"a" + ROWS[b"a"])] * 2])), INDEX),
    *odd("B14", "a separator before its keys", with_blocks(BLOCK, block_of({b"": footer_of(0, len(BLOCK))}))),
    *damaged("B15", "no header", written(lambda c: c.rows.pop(b"") and None), INDEX),
    *damaged("B15", "no entries at all", with_blocks(block_of({})), INDEX),
    *damaged("B16", "a header of garbage", with_header(b"\xff\xff\xff"), INDEX),
    *(case for count in (0, -1, (1 << 31) - 1) for case in damaged("B16", f"{count} shards", with_header(header(count)))),
    *odd("B17", "big-endian", with_header(header(1, number(2, 1))), INDEX),
    *damaged("B18", "byte order 7", with_header(header(1, number(2, 7))), INDEX),
    *odd("B19", "for later readers", with_header(header(1, b"", number(1, 9) + number(2, 9)))),
    *odd("B19", "not for this reader", with_header(header(1, b"", number(1, 1) + number(3, 1)))),
    *damaged("B20", "an entry of garbage", with_row(b"a", b"\x0a\xff\xff"), "a"),
    *(case for dtype in (0, 101, 99) for case in damaged("B21", f"dtype {dtype}", with_entry(dtype=dtype))),
    *damaged("B22", "a dimension of -1", with_entry(dims=(-1, 2))),
    *damaged("B22", "2^62 times 4", with_entry(dims=(1 << 62, 4))),
    *odd("B22", "255 dimensions", with_entry(dims=(4, 4) + (1,) * 253, size=64)),
    *damaged("B22", "no known rank", with_row(b"a", number(1, FLOAT) + field(2, number(3, 1)) + number(5, 16))),
    *(case for size in (0, 15, 17, 24) for case in damaged("B23", f"{size} bytes for 16", with_entry(size=size), "16")),
    *damaged("B24", "a negative offset", with_entry(offset=-8)),
    *damaged("B24", "a negative size", with_entry(size=-16)),
    *damaged("B25", "an offset that wraps", with_entry(offset=(1 << 63) - 4)),
    *damaged("B25", "behind the end", with_entry(offset=20), DATA),
    *damaged("B26", "shard -1", with_entry(shard=-1)),
    *damaged("B26", "shard 1 of 1", with_entry(shard=1)),
    *damaged("B27", "no data", without(DATA), DATA),
    *damaged("B27", "no bytes of data", with_data(lambda data: b""), DATA),
    *damaged("B27", "one byte short", with_data(lambda data: data[:-1]), DATA),
    *odd("B27", "one byte more", with_data(lambda data: data + b"x")),
    *damaged("B28", "another checksum", with_entry(crc=ENTRY_A.crc ^ 1), "checksum"),
    *damaged("B28", "an unmasked checksum", with_entry(crc=bundle.crc32c(A)), "checksum"),
    *damaged("B28", "a checksum of 0", with_entry(crc=0), "checksum"),
    *(Case("B29", f"a bit of byte {at} of the data", flipped(DATA, at), ("verify", PREFIX), (NO,), ("checksum",)) for at in range(0, 24, 2)),
    *(Case("B29", f"a bit of byte {at} of the index", flipped(INDEX, at), ("verify", PREFIX), (NO, INPUT), (INDEX,)) for at in range(0, CHECKED, 5)),
    *odd("B30", "two entries that overlap", with_row(b"b", Entry(FLOAT, (2,), 0, 8, 8, crc(A[8:])).encoded())),
    *odd("B31", "2,000 entries of one range", many),
    *odd("B32", "a gap that is not zero", with_data(lambda data: data + b"gap")),
    *damaged("B33", "a length that does not end", with_string(b"\xff")),
    *damaged("B33", "lengths above the size", with_string(b"\x40" + bytes(4) + b"abc")),
    *damaged("B33", "a length of 2^63", with_string(varint(1 << 63) + bytes(4))),
    *damaged("B34", "2^40 strings in 20 bytes", with_string(bytes(20), (1 << 40,))),
    *damaged("B35", "another checksum of lengths", with_string(b"\x03" + bytes(4) + b"abc"), "checksum"),
    *odd("B37", "a variant", with_row(b"v", Entry(21, (), 0, 0, 8, crc(A[:8])).encoded())),
    *whole("B38", "two halves, to compare with", sliced(HALVES, BOTH)),
    *damaged("B38", "slices that are not there", sliced({}, BOTH)),
    *damaged("B38", "a negative start", sliced(HALVES, slices(((-1, 1), (0, 2)), LOWER))),
    *damaged("B38", "an end that wraps", sliced(HALVES, slices((((1 << 63) - 1, 1 << 62), (0, 2)), LOWER))),
    *damaged("B38", "past the end", sliced(HALVES, slices(((0, 5), (0, 2)), LOWER))),
    *damaged("B39", "a half", sliced(HALVES, slices(UPPER))),
    *damaged("B39", "a half twice", sliced(HALVES, slices(UPPER, UPPER))),
    *damaged("B40", "another shape than the extent", sliced({**HALVES, slice_key(*UPPER): Entry(FLOAT, (1, 1), 0, 0, 4, crc(A[:4]))}, BOTH)),
    *damaged("B41", "a slice of slices", sliced({**HALVES, slice_key(*UPPER): Entry(FLOAT, (1, 2), slices=BOTH)}, BOTH)),
    *damaged("B42", "a key that is cut", sliced({b"\0a\0\1\1": HALVES[slice_key(*UPPER)], slice_key(*LOWER): HALVES[slice_key(*LOWER)]}, BOTH)),
    *damaged("B43", "another dtype", sliced({**HALVES, slice_key(*UPPER): Entry(3, (1, 2), 0, 0, 8, crc(A[:8]))}, BOTH)),
    *damaged("B43", "another rank", sliced(HALVES, slices(((0, 1),), LOWER))),
    *odd("B44", "a key of 1 MiB", with_row(b"k" * (1 << 20), ENTRY_A.encoded())),
    *odd("B45", "an object graph of garbage", with_row(b"_CHECKPOINTABLE_OBJECT_GRAPH", ENTRY_A.encoded())),
    *damaged("B47", "data of another save", with_data(lambda data: bytes(reversed(data))), "checksum"),
    *(case for name in (INDEX, DATA) for kind in ("folder", "pipe") for case in damaged("B48", f"{name} is a {kind}", special(name, kind), name)),
    *damaged("B49", "two shards of which one is there", with_header(header(2)), "of-00002"),
    *(Case("B50", f"given {name}", written(), ("verify", name), (DONE,)) for name in (INDEX, DATA)),
]
ELSEWHERE: list[Elsewhere] = [
    Elsewhere("B36", "tests/checkpoint/string_tensor_test.cc", "LengthsAboveFourGibibytesCountWithEightBytes"),
    Elsewhere("B46", "tests/judge/entry_corruptions.py", "def object_key("),
]
NOT_APPLICABLE: dict[str, str] = {}
