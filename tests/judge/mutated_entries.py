"""Mutations of what a checkpoint's index says of tensors, and of their values. See mutated_files.py."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

import table_files
import tensor_forms
import wire_fields
from table_files import Rows, bundle
from wire_fields import FIXED32, NUMBERS, Field, edited, fields_of, find, message, mutated_bytes, number, varint, written

STRING = 7
SHARD, OFFSET, SIZE, CRC, SLICES = 3, 4, 5, 6, 7  # of a BundleEntryProto


class Files:
    """A copy of a sound checkpoint called m, to be mutated where it lies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = not (folder / "m.index").exists()  # of the first format: each file is a table
        self.tables = sorted(folder.glob("m*")) if self.first else [folder / "m.index"]
        self.data = [] if self.first else sorted(folder.glob("m.data-*"))

    def rows(self, table: Path) -> Rows:
        return table_files.rows_of(table.read_bytes())

    def write(self, table: Path, rows: Rows, rng: random.Random) -> None:
        blocks = rng.choice([2, 5, 1000, 1000])
        table.write_bytes(table_files.table_of(rows, blocks, rng.choice([1, 3, 16]), rng.choice([0, 0, 1])).written())


Mutation = Callable[[random.Random, Files], str]


def a_bit(rng: random.Random, files: Files) -> str:
    path = rng.choice([*files.tables, *files.data])
    data = bytearray(path.read_bytes())
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    path.write_bytes(bytes(data))
    return f"a bit of {path.name}"


# -- entries


def checksum(files: Files, entry: bytes) -> int | None:
    """What the entry's bytes have, masked; None where it has none."""
    one = {field.number: field.value for field in fields_of(entry) if field.kind == wire_fields.VARINT}
    shard, offset, size = one.get(SHARD, 0), one.get(OFFSET, 0), one.get(SIZE, 0)
    if shard >= len(files.data):
        return None
    data = files.data[shard].read_bytes()
    if offset + size > len(data):
        return None
    body = data[offset : offset + size]
    if one.get(1) == STRING:
        dims = [next((d.value for d in fields_of(dim) if d.number == 1), 0) for shape in find(entry, 2) for dim in find(shape, 2)]
        count = 1
        for dim in dims:
            count *= dim
        return None if count > 1000 else strings_checksum(body, count)
    return bundle.mask(bundle.crc32c(body))


def counted(length: int) -> bytes:
    """A string's length as its checksum counts it."""
    return struct.pack("<I" if length < 1 << 32 else "<Q", length)


def strings_checksum(body: bytes, count: int) -> int | None:
    lengths, at = b"", 0
    for _ in range(count):
        try:
            length, at = wire_fields.read_varint(body, at)
        except ValueError:
            return None
        lengths += counted(length)
    return bundle.mask(bundle.crc32c(lengths + body[at:]))


def with_checksum(files: Files, entry: bytes) -> bytes:
    try:
        crc = checksum(files, entry)
        fields = [field for field in fields_of(entry) if field.number != CRC]
    except ValueError:
        return entry
    if crc is None:
        return entry
    return written([*fields, Field(CRC, FIXED32, data=struct.pack("<I", crc))])


def set_number(rng: random.Random, entry: bytes, field: int, files: Files) -> bytes:
    old = next((one.value for one in fields_of(entry) if one.number == field), 0)
    near = [old + 1, old - 1 if old else 1, old + 4, old * 2, old + 64]
    others = list(range(32)) if field == 1 else [0, 1, 2, *near] if field in (OFFSET, SIZE) else [0, 1, 2, 3, -1]
    value = rng.choice([*others, rng.choice(NUMBERS)])
    return written([one for one in fields_of(entry) if one.number != field]) + number(field, value)


def set_shape(rng: random.Random, entry: bytes) -> bytes:
    return rng.choice([tensor_forms.shape, tensor_forms.shape_twice])(rng, entry)


def one_slice(rng: random.Random) -> bytes:
    extents = [rng.choice([b"", number(1, rng.choice([0, 1, 2])) + number(2, rng.choice([0, 1, 2, 3, *NUMBERS]))]) for _ in range(2)]
    return message(SLICES, b"".join(message(1, extent) for extent in extents[: rng.choice([0, 1, 2, 2, 2])]))


def change_slices(rng: random.Random, entry: bytes) -> bytes:
    fields = fields_of(entry)
    slices = [one for one in fields if one.number == SLICES]
    kind = rng.randrange(4)
    if kind == 0 or not slices:
        return entry + one_slice(rng)
    chosen = rng.choice(slices)
    if kind == 1:
        fields.remove(chosen)
    elif kind == 2:
        fields.append(chosen)
    else:
        chosen.data = wire_fields.mutated_fields(rng, chosen.data, chosen.data)
    return written(fields)


def entry_changed(rng: random.Random, files: Files) -> str:
    path = files.tables[0]
    if files.first:
        return v1_row(rng, files)
    rows = files.rows(path)
    at = rng.randrange(1, len(rows)) if len(rows) > 1 else 0
    key, entry = rows[at]
    kind = rng.choice(["dtype", "shape", "shard", "offset", "size", "checksum", "slices", "fields", "padded", "unknown"])
    if kind == "shape":
        entry = set_shape(rng, entry)
    elif kind == "checksum":
        entry = written([one for one in fields_of(entry) if one.number != CRC])
        entry += Field(CRC, FIXED32, data=struct.pack("<I", rng.choice([0, 1, rng.getrandbits(32)]))).written()
    elif kind == "slices":
        entry = change_slices(rng, entry)
    elif kind == "fields":
        entry = wire_fields.mutated_fields(rng, entry, rows[rng.randrange(len(rows))][1])
    elif kind == "padded":
        entry = tensor_forms.padded(rng, entry)
    elif kind == "unknown":
        entry = tensor_forms.unknown_field(rng, entry)
    else:
        entry = set_number(rng, entry, {"dtype": 1, "shard": SHARD, "offset": OFFSET, "size": SIZE}[kind], files)
    if kind != "checksum" and rng.random() < 0.8:
        entry = with_checksum(files, entry)
    rows[at] = (key, entry)
    files.write(path, rows, rng)
    return f"entry {kind}"


def header_changed(rng: random.Random, files: Files) -> str:
    path = rng.choice(files.tables)
    rows = files.rows(path)
    if rows[0][0] != b"" or files.first:
        return v1_row(rng, files)
    kind = rng.choice(["shards", "endianness", "producer", "min_consumer", "bad_consumers", "fields"])
    value = rng.choice([0, 1, 2, 3, -1, *NUMBERS])
    header = rows[0][1]
    if kind == "fields":
        header = wire_fields.mutated_fields(rng, header, rows[-1][1])
    elif kind in ("shards", "endianness"):
        header += number(1 if kind == "shards" else 2, value)
    else:
        header += message(3, number({"producer": 1, "min_consumer": 2, "bad_consumers": 3}[kind], value))
    rows[0] = (b"", header)
    files.write(path, rows, rng)
    return f"header {kind}"


def v1_row(rng: random.Random, files: Files) -> str:
    """A SavedTensorSlices: the header with all tensors, or the values of one slice."""
    path = rng.choice(files.tables)
    rows = files.rows(path)
    at = rng.choice([0, rng.randrange(len(rows))])
    key, value = rows[at]
    data = find(value, 2)
    kind = "fields"
    if data and find(data[0], 3) and rng.random() < 0.6:
        change = rng.choice(tensor_forms.CHANGES)
        kind = change.__name__
        value = edited(value, 2, 0, lambda body: edited(body, 3, 0, lambda tensor: change(rng, tensor)))
    else:
        value = wire_fields.mutated_fields(rng, value, rows[rng.randrange(len(rows))][1])
    rows[at] = (key, value)
    files.write(path, rows, rng)
    return f"v1 {'header' if at == 0 else 'values'} {kind}"


# -- values


def value_bytes(rng: random.Random, files: Files) -> str:
    """Other bytes of a tensor, with their checksum."""
    if files.first:
        return v1_row(rng, files)
    rows = files.rows(files.tables[0])
    at = rng.randrange(len(rows))
    key, entry = rows[at]
    one = {field.number: field.value for field in fields_of(entry)}
    offset, size = one.get(OFFSET, 0), one.get(SIZE, 0)
    if not key or not size or one.get(SHARD, 0) >= len(files.data):
        return a_bit(rng, files)
    path = files.data[one.get(SHARD, 0)]
    data = bytearray(path.read_bytes())
    body = bytes(data[offset : offset + size])
    changed = strings_changed(rng, body) if one.get(1) == STRING else mutated_bytes(rng, body)
    data[offset : offset + size] = changed[:size].ljust(size, b"\0") if rng.random() < 0.8 else changed
    path.write_bytes(bytes(data))
    rows[at] = (key, with_checksum(files, entry))
    files.write(files.tables[0], rows, rng)
    return "values of strings" if one.get(1) == STRING else "values"


def strings_changed(rng: random.Random, body: bytes) -> bytes:
    """Other lengths, with the checksum that stands behind them for as many strings as make it fit."""
    for count in range(1, 40):
        lengths, at = [], 0
        try:
            for _ in range(count):
                length, at = wire_fields.read_varint(body, at)
                lengths.append(length)
        except ValueError:
            break
        if at + 4 + sum(lengths) == len(body):
            return strings_written(rng, lengths, body[at + 4 :])
    return mutated_bytes(rng, body)


def strings_written(rng: random.Random, lengths: list[int], text: bytes) -> bytes:
    at = rng.randrange(len(lengths))
    other = rng.randrange(len(lengths))
    if rng.random() < 0.6 and lengths[at]:
        lengths[at], lengths[other] = lengths[at] - 1, lengths[other] + 1
    else:
        lengths[at] = rng.choice([lengths[at] + 1, 0, *NUMBERS])
    told = b"".join(counted(one & wire_fields.MASK) for one in lengths)
    padding = rng.choice([0, 0, 1])
    return b"".join(varint(one, padding) for one in lengths) + struct.pack("<I", bundle.mask(bundle.crc32c(told))) + text
