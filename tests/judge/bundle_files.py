"""Takes a checkpoint's files apart and writes them again, with other entries and right checksums.

The index is rewritten as one block, which every reader takes (leveldb's table format). What the bytes mean is
in src/checkpoint/table_writer.h and src/checkpoint/bundle_messages.h.
"""

from __future__ import annotations

import struct
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "kill"))

import bundle  # noqa: E402

STRING = 7
OBJECT_GRAPH = b"_CHECKPOINTABLE_OBJECT_GRAPH"


def varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def message(number: int, payload: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(payload)) + payload


@dataclass(frozen=True)
class Entry:
    """A BundleEntryProto."""

    dtype: int
    dims: tuple[int, ...]
    shard: int = 0
    offset: int = 0
    size: int = 0
    crc: int = 0  # masked, as it is stored
    slices: tuple[bytes, ...] = field(default=())  # encoded

    @staticmethod
    def of(data: bytes) -> Entry:
        fields = bundle._fields(data)
        shape = bundle._fields(fields.get(2, [b""])[0])
        dims = tuple(bundle._fields(dim).get(1, [0])[0] for dim in shape.get(2, []))
        one = {number: fields.get(number, [0])[0] for number in (1, 3, 4, 5, 6)}
        return Entry(one[1], dims, one[3], one[4], one[5], one[6], tuple(fields.get(7, [])))

    def encoded(self) -> bytes:
        shape = b"".join(message(2, b"\x08" + varint(dim) if dim else b"") for dim in self.dims)
        out = b"\x08" + varint(self.dtype) + message(2, shape)
        for number, value in ((3, self.shard), (4, self.offset), (5, self.size)):
            if value:
                out += varint(number << 3) + varint(value)
        if self.crc:
            out += b"\x35" + struct.pack("<I", self.crc)
        return out + b"".join(message(7, part) for part in self.slices)

    @property
    def end(self) -> int:
        return self.offset + self.size


@dataclass
class Files:
    """The index of a checkpoint, to be changed and written back."""

    prefix: Path
    header: bytes
    entries: dict[bytes, Entry]

    @staticmethod
    def read(prefix: Path) -> Files:
        table = dict(bundle._table(Path(f"{prefix}.index").read_bytes()))
        header = table.pop(b"")
        return Files(prefix, header, {key: Entry.of(value) for key, value in table.items()})

    @property
    def shards(self) -> int:
        shards = bundle._fields(self.header).get(1, [0])[0]
        assert isinstance(shards, int)
        return shards

    def data(self, shard: int = 0) -> Path:
        return Path(f"{self.prefix}.data-{shard:05d}-of-{self.shards:05d}")

    def write(self) -> None:
        rows = {b"": self.header, **{key: entry.encoded() for key, entry in self.entries.items()}}
        Path(f"{self.prefix}.index").write_bytes(table_of(rows))

    def change(self, key: bytes, **changes: int | tuple[int, ...]) -> None:
        self.entries[key] = replace(self.entries[key], **changes)
        self.write()

    def bytes_of(self, key: bytes) -> bytes:
        entry = self.entries[key]
        return self.data(entry.shard).read_bytes()[entry.offset : entry.end]

    def put(self, key: bytes, content: bytes) -> None:
        """Other bytes of the same size, with their checksum."""
        entry = self.entries[key]
        assert len(content) == entry.size
        data = bytearray(self.data(entry.shard).read_bytes())
        data[entry.offset : entry.end] = content
        self.data(entry.shard).write_bytes(bytes(data))
        crc = string_crc(content) if entry.dtype == STRING else bundle.crc32c(content)
        self.change(key, crc=bundle.mask(crc))


def string_crc(content: bytes) -> int:
    """Of a string tensor with one element, whose length's checksum is put right by the caller."""
    length, at = bundle.read_varint(content, 0)
    return bundle.crc32c(struct.pack("<I", length) + content[at:])


def block_of(rows: dict[bytes, bytes]) -> bytes:
    body, starts = b"", []
    for key in sorted(rows):
        starts.append(len(body))
        body += b"\x00" + varint(len(key)) + varint(len(rows[key])) + key + rows[key]
    starts = starts or [0]
    return body + b"".join(struct.pack("<I", start) for start in [*starts, len(starts)])


def with_trailer(block: bytes) -> bytes:
    return block + b"\x00" + struct.pack("<I", bundle.mask(bundle.crc32c(block + b"\x00")))


def table_of(rows: dict[bytes, bytes]) -> bytes:
    data, nothing = block_of(rows), block_of({})
    file = with_trailer(data)
    meta_at = len(file)
    file += with_trailer(nothing)
    index_at = len(file)
    last = max(rows)
    index = block_of({last: varint(0) + varint(len(data))})
    file += with_trailer(index)
    footer = varint(meta_at) + varint(len(nothing)) + varint(index_at) + varint(len(index))
    return file + footer.ljust(40, b"\x00") + struct.pack("<Q", bundle.MAGIC)
