"""The program is built as SECURITY.md says: looked for in the binary itself."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import pytest

import program

SHARED_OBJECT = 3  # a position-independent program is one, too
DYNAMIC, STACK, RELRO = 2, 0x6474E551, 0x6474E552  # kinds of segments
EXECUTABLE = 1
STRING_TABLE, SYMBOLS, FLAGS, FLAGS_1 = 5, 6, 30, 0x6FFFFFFB  # dynamic entries
BIND_NOW, NOW = 8, 1


@dataclass
class Segment:
    kind: int
    flags: int
    offset: int
    address: int
    size: int


class Elf:
    def __init__(self, path: Path) -> None:
        self.bytes = path.read_bytes()
        assert self.bytes[:5] == b"\x7fELF\x02", "no 64-bit ELF file"
        self.kind = struct.unpack_from("<H", self.bytes, 16)[0]
        at, size, count = (struct.unpack_from("<Q", self.bytes, 32)[0], *struct.unpack_from("<HH", self.bytes, 54))
        self.segments = []
        for i in range(count):
            kind, flags, offset, address, _, in_file = struct.unpack_from("<IIQQQQ", self.bytes, at + i * size)
            self.segments.append(Segment(kind, flags, offset, address, in_file))

    def segment(self, kind: int) -> Segment | None:
        return next((segment for segment in self.segments if segment.kind == kind), None)

    def dynamic(self) -> dict[int, int]:
        part = self.segment(DYNAMIC)
        assert part
        entries = struct.iter_unpack("<QQ", self.bytes[part.offset : part.offset + part.size])
        return dict(entries)

    def names(self) -> bytes:
        """What the loader is asked for, each name between zeros."""
        start = self.dynamic()[STRING_TABLE]
        home = next(s for s in self.segments if s.kind == 1 and s.address <= start < s.address + s.size)
        return self.bytes[start - home.address + home.offset : home.offset + home.size]


@pytest.fixture(scope="module")
def elf() -> Elf:
    return Elf(Path(program.binary()))


def test_lies_anywhere(elf: Elf) -> None:
    assert elf.kind == SHARED_OBJECT


def test_has_no_executable_stack(elf: Elf) -> None:
    stack = elf.segment(STACK)
    assert stack and not stack.flags & EXECUTABLE


def test_binds_addresses_once_and_keeps_them(elf: Elf) -> None:
    dynamic = elf.dynamic()
    assert elf.segment(RELRO)
    assert dynamic.get(FLAGS, 0) & BIND_NOW or dynamic.get(FLAGS_1, 0) & NOW


@pytest.mark.parametrize("name", [b"__stack_chk_fail", b"__snprintf_chk"])
def test_calls_what_checks(elf: Elf, name: bytes) -> None:
    assert b"\0" + name + b"\0" in elf.names()
