"""The table of a checkpoint's index (leveldb's format), block by block, to be damaged in its structure and written again.

Checksums of blocks are right unless a mutation is about them. The format is told in src/checkpoint/table_writer.h.
"""

from __future__ import annotations

import random
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

from wire_fields import NUMBERS, mutated_bytes, read_varint, varint

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "kill"))

import bundle  # noqa: E402

RAW, SNAPPY = 0, 1
RESTART = 16
Rows = list[tuple[bytes, bytes]]


@dataclass
class Record:
    """A key and its value, as a block holds them: the key without what it shares with the one before."""

    shared: int
    key: bytes
    value: bytes
    padding: int = 0
    key_size: int | None = None  # said instead of the key's own
    value_size: int | None = None

    def written(self) -> bytes:
        own = len(self.key) if self.key_size is None else self.key_size
        size = len(self.value) if self.value_size is None else self.value_size
        return varint(self.shared, self.padding) + varint(own) + varint(size, self.padding) + self.key + self.value


@dataclass
class Block:
    records: list[Record] = field(default_factory=list)
    every: int = RESTART  # a whole key after so many records
    restarts: list[int] | None = None  # instead of where whole keys stand
    restart_count: int | None = None
    kind: int = RAW
    said_kind: int | None = None
    crc_change: int = 0
    tail: bytes = b""  # between its records and its restarts
    place: tuple[int, int] = (0, 0)  # where it was written: offset, size

    def body(self) -> bytes:
        out, places = b"", []
        for i, record in enumerate(self.records):
            if i % self.every == 0:
                places.append(len(out))
            out += record.written()
        starts = (places or [0]) if self.restarts is None else self.restarts
        count = len(starts) if self.restart_count is None else self.restart_count
        out += self.tail + b"".join(struct.pack("<I", start & 0xFFFFFFFF) for start in starts)
        return out + struct.pack("<I", count & 0xFFFFFFFF)

    def written(self, at: int) -> bytes:
        body = compressed(self.body()) if self.kind == SNAPPY else self.body()
        self.place = (at, len(body))
        kind = bytes([self.kind if self.said_kind is None else self.said_kind])
        return body + kind + struct.pack("<I", bundle.mask(bundle.crc32c(body + kind)) ^ self.crc_change)


def block_of(rows: Rows, every: int = RESTART) -> Block:
    records: list[Record] = []
    last = b""
    for i, (key, value) in enumerate(rows):
        shared = 0
        while i % every and shared < min(len(last), len(key)) and last[shared] == key[shared]:
            shared += 1
        records.append(Record(shared, key[shared:], value))
        last = key
    return Block(records, every)


def compressed(data: bytes) -> bytes:
    """Snappy's format: literals, and copies of what came before where four bytes are the same."""
    out, at, start = bytearray(varint(len(data))), 0, 0
    seen: dict[bytes, int] = {}
    while at < len(data):
        four = data[at : at + 4]
        before = seen.get(four, -1) if len(four) == 4 else -1
        seen[four] = at
        if before < 0 or at - before > 0xFFFF:
            at += 1
            continue
        size = 4
        while size < 64 and at + size < len(data) and data[before + size] == data[at + size]:
            size += 1
        out += literal(data[start:at]) + bytes([(size - 1) << 2 | 2]) + struct.pack("<H", at - before)
        at += size
        start = at
    return bytes(out + literal(data[start:]))


def literal(data: bytes) -> bytes:
    if not data:
        return b""
    size = len(data) - 1
    return (bytes([size << 2]) if size < 60 else bytes([61 << 2]) + struct.pack("<H", size)) + data


@dataclass
class Table:
    """Blocks of data, the block that finds them, and the footer."""

    blocks: list[Block]
    separators: list[bytes]  # keys of the index, one for each block
    meta: Block = field(default_factory=Block)
    index: Block | None = None  # instead of the one that fits
    gaps: list[bytes] = field(default_factory=list)  # before each block
    handles: list[tuple[int, int]] | None = None
    footer_handles: tuple[int, int, int, int] | None = None
    footer_tail: bytes = b""
    magic: int = bundle.MAGIC
    index_change: str = ""

    def written(self) -> bytes:
        out = b""
        for block, gap in zip(self.blocks, [*self.gaps, *[b""] * len(self.blocks)]):
            out += gap
            out += block.written(len(out))
        out += self.meta.written(len(out))
        handles = [block.place for block in self.blocks] if self.handles is None else self.handles
        rows = [(key, varint(at) + varint(size)) for key, (at, size) in zip(self.separators, handles)]
        index = self.index or block_of(rows, 1)
        out += index.written(len(out))
        handles_told = self.footer_handles or (*self.meta.place, *index.place)
        footer = b"".join(varint(one) for one in handles_told)
        return out + (footer + self.footer_tail).ljust(40, b"\0")[:40] + struct.pack("<Q", self.magic)


def rows_of(file: bytes) -> Rows:
    """Those of a sound table, compressed or not."""
    return [row for _, handle in block_rows(file, *read_index(file)) for row in block_rows(file, *pair(handle, 0))]


def block_rows(file: bytes, offset: int, size: int) -> Rows:
    body = file[offset : offset + size]
    if file[offset + size] == SNAPPY:
        body = uncompressed(body)
    end = len(body) - 4 - 4 * struct.unpack("<I", body[-4:])[0]
    rows, at, key = [], 0, b""
    while at < end:
        shared, at = read_varint(body, at)
        (own, length), at = pair(body, at), after_pair(body, at)
        key = key[:shared] + body[at : at + own]
        rows.append((key, body[at + own : at + own + length]))
        at += own + length
    return rows


def pair(data: bytes, at: int) -> tuple[int, int]:
    first, at = read_varint(data, at)
    return first, read_varint(data, at)[0]


def after_pair(data: bytes, at: int) -> int:
    return read_varint(data, read_varint(data, at)[1])[1]


def uncompressed(data: bytes) -> bytes:
    """Of what compressed() makes, and nothing else."""
    _, at = read_varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag, size = data[at] & 3, data[at] >> 2
        if tag == 0:
            at, size = (at + 1, size + 1) if size < 60 else (at + 3, struct.unpack("<H", data[at + 1 : at + 3])[0] + 1)
            out += data[at : at + size]
            at += size
            continue
        back = struct.unpack("<H", data[at + 1 : at + 3])[0]
        for _ in range(size + 1):
            out.append(out[-back])
        at += 3
    return bytes(out)


def table_of(rows: Rows, block_rows: int = 1000, every: int = RESTART, kind: int = RAW) -> Table:
    parts = [rows[i : i + block_rows] for i in range(0, len(rows), block_rows)] or [[]]
    blocks = [block_of(part, every) for part in parts]
    for block in blocks:
        block.kind = kind
    return Table(blocks, [part[-1][0] if part else b"" for part in parts])


# -- damage


def change_record(rng: random.Random, block: Block) -> str:
    records = block.records
    if not records:
        return "an empty block"
    at = rng.randrange(len(records))
    one = records[at]
    kind = rng.choice(["shared", "padded", "key size", "value size", "key bytes", "dropped", "doubled", "swapped", "cut"])
    if kind == "shared":
        one.shared = rng.choice([0, 1, one.shared + 1, one.shared - 1 if one.shared else 5, rng.choice(NUMBERS)])
    elif kind == "padded":
        one.padding = rng.randrange(1, 4)
    elif kind == "key size":
        one.key_size = rng.choice([len(one.key) + 1, max(0, len(one.key) - 1), rng.choice(NUMBERS)])
    elif kind == "value size":
        one.value_size = rng.choice([len(one.value) + 1, max(0, len(one.value) - 1), rng.choice(NUMBERS)])
    elif kind == "key bytes":
        one.key = mutated_bytes(rng, one.key)
    elif kind == "dropped":
        del records[at]
    elif kind == "doubled":
        records.insert(rng.randrange(len(records)), Record(one.shared, one.key, one.value))
    elif kind == "swapped":
        other = rng.randrange(len(records))
        records[at], records[other] = records[other], one
    else:
        one.value = one.value[: rng.randrange(len(one.value) + 1)]
    return f"record {kind}"


def change_block(rng: random.Random, block: Block) -> str:
    kind = rng.choice(["restart", "restart count", "type", "checksum", "tail", "every", "restarts"])
    if kind == "restart":
        size = len(block.body())
        block.restarts = [rng.choice([0, 1, size, size - 4, 1 << 31, (1 << 32) - 1, rng.randrange(size + 1)])]
    elif kind == "restart count":
        block.restart_count = rng.choice([0, 1, 2, 3, 1000, 1 << 30, (1 << 32) - 1])
    elif kind == "type":
        block.said_kind = rng.choice([0, 1, 2, 3, 255])
    elif kind == "checksum":
        block.crc_change = 1 << rng.randrange(32)
    elif kind == "tail":
        block.tail = rng.randbytes(rng.randrange(1, 9))
    elif kind == "every":
        block.every = rng.choice([1, 2, 3, 1000])
    else:
        block.restarts = sorted(rng.randrange(len(block.body())) for _ in range(rng.randrange(1, 5)))
    return f"block {kind}"


def change_table(rng: random.Random, table: Table) -> str:
    file = table.written()
    places = [block.place for block in table.blocks]
    kind = rng.choice(["handle", "handles swapped", "separator", "footer", "padding", "magic", "gap", "meta", "no block"])
    if kind == "handle":
        at = rng.randrange(len(places))
        offset, size = places[at]
        moved = [(offset + 1, size), (offset, size + 1), (offset, size - 1), (0, len(file)), (len(file), 5), (1 << 63, 8)]
        places[at] = rng.choice([*moved, (offset, (1 << 64) - 1), rng.choice(places)])
        table.handles = places
    elif kind == "handles swapped":
        table.handles = rng.sample(places, len(places))
    elif kind == "separator":
        at = rng.randrange(len(places))
        key = table.separators[at]
        table.separators[at] = rng.choice([b"", key[:-1], key + b"\xff", b"\xff" * 3, mutated_bytes(rng, key)])
    elif kind == "footer":
        told = [*table.meta.place, *read_index(file)]
        told[rng.randrange(4)] = rng.choice([*NUMBERS, told[0] + 1, told[1] + 1, told[2] + 1, told[3] - 1])
        table.footer_handles = (told[0], told[1], told[2], told[3])
    elif kind == "padding":
        table.footer_tail = rng.randbytes(30)
    elif kind == "magic":
        table.magic ^= 1 << rng.randrange(64)
    elif kind == "gap":
        table.gaps = [rng.randbytes(rng.randrange(10)) for _ in places]
    elif kind == "meta":
        table.meta = block_of([(b"filter.x", rng.randbytes(3))])
        table.meta.crc_change = rng.choice([0, 1])
    else:
        at = rng.randrange(len(places))
        del table.blocks[at], table.separators[at]
    return f"table {kind}"


def read_index(file: bytes) -> tuple[int, int]:
    """Where the block that finds the others stands."""
    at = len(file) - bundle.FOOTER_SIZE
    return pair(file, after_pair(file, at))


def damaged(rng: random.Random, table: Table) -> str:
    """Changes the table in one place; says where."""
    kind = rng.randrange(10)
    if kind < 5:
        return change_record(rng, rng.choice(table.blocks))
    return change_block(rng, rng.choice([*table.blocks, table.meta])) if kind < 7 else change_table(rng, table)
