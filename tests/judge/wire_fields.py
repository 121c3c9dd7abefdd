"""Protobuf on the wire: messages taken apart into fields, changed, and written again, also in ways that no library writes."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "kill"))

import bundle  # noqa: E402

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
WIDTH = {FIXED64: 8, FIXED32: 4}
MASK = (1 << 64) - 1
DEEPEST = 12
# Numbers at which something changes: signs, widths, lengths.
NUMBERS = [0, 1, 2, 3, 7, 127, 128, 255, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, 10**12]
NUMBERS += [1 << 40, 1 << 62, (1 << 63) - 1, 1 << 63, MASK, MASK - 1]
TEXTS = [b"", b"^", b"x:0", b":", b"\xff\xfe", b"a/b/../c", b"^x", b"x:1", b"Const", b"loc:@none", b"\x1b[2J\n", b"a\0b"]


def varint(value: int, padding: int = 0) -> bytes:
    """With bytes more than it takes, which say nothing."""
    out = bytearray()
    value &= MASK
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    for _ in range(min(padding, 10 - len(out))):
        out[-1] |= 0x80
        out.append(0)
    return bytes(out)


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, of 64 bits, and where it ends. ValueError where none ends."""
    value, end = bundle.read_varint(data, at)
    return value & MASK, end


@dataclass
class Field:
    """One field as it stands in a message."""

    number: int
    kind: int = VARINT
    value: int = 0
    data: bytes = b""  # of every kind but VARINT
    fields: list[Field] | None = None  # what `data` was taken apart into; then it counts
    padding: int = 0  # of the numbers that it is written with

    def written(self) -> bytes:
        tag = varint(self.number << 3 | self.kind, self.padding)
        if self.kind == VARINT:
            return tag + varint(self.value, self.padding)
        if self.kind != BYTES:
            return tag + self.data
        body = self.body()
        return tag + varint(len(body), self.padding) + body

    def body(self) -> bytes:
        return self.data if self.fields is None else written(self.fields)


def written(fields: list[Field]) -> bytes:
    return b"".join(field.written() for field in fields)


def taken_apart(data: bytes, depth: int = 0) -> list[Field] | None:
    """The fields of a message; None where it is none. What can be read as a message inside is taken for one when `depth` allows."""
    fields, at = [], 0
    while at < len(data):
        try:
            tag, at = read_varint(data, at)
            field = Field(tag >> 3, tag & 7)
            if field.kind == VARINT:
                field.value, at = read_varint(data, at)
                size = 0
            else:
                size = WIDTH.get(field.kind, -1)
                if field.kind == BYTES:
                    size, at = read_varint(data, at)
        except ValueError:
            return None
        if not 0 < field.number < 100_000 or size < 0 or size > len(data) - at:
            return None
        field.data, at = data[at : at + size], at + size
        if field.kind == BYTES and depth > 0 and field.data:
            field.fields = taken_apart(field.data, depth - 1)
        fields.append(field)
    return fields


def fields_of(data: bytes) -> list[Field]:
    """Those of a message that is one."""
    fields = taken_apart(data)
    if fields is None:
        raise ValueError("no message")
    return fields


def message(number: int, body: bytes) -> bytes:
    return Field(number, BYTES, data=body).written()


def number(field: int, value: int) -> bytes:
    return Field(field, value=value & MASK).written()


def find(data: bytes, field: int) -> list[bytes]:
    """The bodies of all its fields of that number."""
    return [one.data for one in fields_of(data) if one.number == field and one.kind == BYTES]


def edited(data: bytes, field: int, place: int, change: Callable[[bytes], bytes]) -> bytes:
    """With the body of the `place`th field of that number changed."""
    fields = fields_of(data)
    chosen = [one for one in fields if one.number == field and one.kind == BYTES][place]
    chosen.data = change(chosen.data)
    return written(fields)


def lists_of(fields: list[Field]) -> list[list[Field]]:
    """All lists of fields, outermost first."""
    found = [fields]
    for field in fields:
        if field.fields is not None:
            found += lists_of(field.fields)
    return [one for one in found if one]


def mutated_bytes(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(out)) if out else 0
        size = min(rng.randrange(1, 17), len(out) - at)
        kind = rng.randrange(7) if out else 6
        if kind == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            out[at] = rng.choice([0, 0xFF, 0x7F, 0x80, rng.randrange(256)])
        elif kind == 2:
            del out[at : at + size]
        elif kind == 3:
            start = rng.randrange(len(out))
            out[at:at] = out[start : start + size]
        elif kind == 4:
            out[at : at + size] = b"\xff" * size
        elif kind == 5:
            del out[at:]
        else:
            out[at:at] = varint(rng.choice(NUMBERS))
    return bytes(out)


def change_content(rng: random.Random, field: Field) -> None:
    if field.kind == VARINT:
        chosen = rng.choice(NUMBERS)
        field.value = (field.value + chosen if rng.random() < 0.4 else chosen) & MASK
    elif field.kind != BYTES:
        field.data = rng.randbytes(len(field.data))
    else:
        body = field.body()
        field.fields = None
        field.data = rng.choice([
            lambda: rng.choice(TEXTS),
            lambda: body[: rng.randrange(len(body) + 1)],
            lambda: body + body,
            lambda: mutated_bytes(rng, body),
        ])()  # fmt: skip


def split(rng: random.Random, fields: list[Field], at: int) -> None:
    """One message as two occurrences, which readers merge."""
    field = fields[at]
    if field.fields is None or not field.fields:
        return
    cut = rng.randrange(len(field.fields) + 1)
    first, second = replace(field, fields=field.fields[:cut]), replace(field, fields=field.fields[cut:])
    fields[at : at + 1] = [first, second]


def unknown(rng: random.Random) -> Field:
    """One that no message has."""
    far = rng.choice([19, 100, 5000, 99_999])
    kind = rng.choice([VARINT, FIXED64, BYTES, FIXED32])
    return Field(far, kind, rng.choice(NUMBERS), rng.randbytes(WIDTH.get(kind, rng.randrange(5))))


def change_list(rng: random.Random, fields: list[Field], donor: list[Field]) -> None:
    at, other = rng.randrange(len(fields)), rng.randrange(len(fields))
    kind = rng.randrange(10)
    if kind == 0:
        del fields[at]
    elif kind == 1:
        fields.insert(other, replace(fields[at]))
    elif kind == 2:
        fields[at], fields[other] = fields[other], fields[at]
    elif kind == 3:
        fields[at].number = rng.randrange(1, 21)
    elif kind == 4:
        fields[at] = rng.choice(rng.choice(lists_of(donor)))
    elif kind == 5:
        fields.insert(other, unknown(rng))
    elif kind == 6:
        fields[at].padding = rng.randrange(1, 5)
    elif kind == 7:
        split(rng, fields, at)
    else:
        change_content(rng, fields[at])


def mutated_fields(rng: random.Random, data: bytes, donor: bytes) -> bytes:
    """Fields of a message dropped, doubled, swapped, renumbered, split, replaced, or changed."""
    fields, lender = taken_apart(data, DEEPEST), taken_apart(donor, DEEPEST)
    if not fields or not lender:
        return mutated_bytes(rng, data)
    for _ in range(rng.randrange(1, 3)):
        lists = lists_of(fields)
        if lists:
            change_list(rng, rng.choice(lists), lender)
    return written(fields)
