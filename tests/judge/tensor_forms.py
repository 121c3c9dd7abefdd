"""Constants' messages (TensorProto) in all the ways to write them down, right and wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import wire_fields
from wire_fields import BYTES, FIXED32, FIXED64, NUMBERS, VARINT, Field, edited, fields_of, find, message, number, varint

# GraphDef.node = 1, .library = 2; NodeDef.op = 2, .attr = 5 {key = 1, value = 2 {tensor = 8}}.
NODE, OP, ATTR, KEY, VALUE, TENSOR = 1, 2, 5, 1, 2, 8
DTYPE, SHAPE, VERSION, CONTENT = 1, 2, 3, 4  # of a TensorProto
NARROW = "float8_e5m2 float8_e4m3fn int4 uint4".split()
STRING = 7


@dataclass(frozen=True)
class Kind:
    """How elements of a type stand in a list: field, wire type, bytes of one in tensor_content, values for an element."""

    field: int
    wire: int
    size: int
    signed: bool = True
    each: int = 1


KINDS = {
    1: Kind(5, FIXED32, 4),
    2: Kind(6, FIXED64, 8),
    **{dtype: Kind(7, VARINT, size) for dtype, size in {3: 4, 5: 2, 6: 1, 11: 1, 13: 4, 15: 2, 29: 1}.items()},
    **{dtype: Kind(7, VARINT, size, False) for dtype, size in {4: 1, 12: 1, 16: 2, 17: 2, 30: 1}.items()},
    8: Kind(9, FIXED32, 4, each=2),
    9: Kind(10, VARINT, 8),
    10: Kind(11, VARINT, 1, False),
    14: Kind(13, VARINT, 2, False),
    18: Kind(12, FIXED64, 8, each=2),
    19: Kind(13, VARINT, 2, False),
    22: Kind(16, VARINT, 4, False),
    23: Kind(17, VARINT, 8, False),
}
LISTS = [5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18]
Place = int  # the number of a node in its graph


def constants(graph: bytes) -> list[Place]:
    """The places of nodes that are constants with a tensor."""
    found = []
    for place, node in enumerate(find(graph, NODE)):
        if find(node, OP) == [b"Const"] and any(find(one, KEY) == [b"value"] for one in find(node, ATTR)):
            found.append(place)
    return found


def with_tensor(graph: bytes, place: Place, change: Callable[[bytes], bytes]) -> bytes:
    def of_node(node: bytes) -> bytes:
        at = [find(one, KEY) for one in find(node, ATTR)].index([b"value"])
        return edited(node, ATTR, at, of_attribute)

    def of_attribute(attribute: bytes) -> bytes:
        return edited(attribute, VALUE, 0, lambda value: edited(value, TENSOR, 0, change))

    return edited(graph, NODE, place, of_node)


@dataclass
class Parts:
    """A tensor's message taken apart: its type, its shape's field, the bytes of its elements one by one."""

    dtype: int
    shape: bytes
    elements: list[bytes]

    @property
    def head(self) -> bytes:
        return number(DTYPE, self.dtype) + message(SHAPE, self.shape)


def parts_of(tensor: bytes) -> Parts | None:
    """Of a message in its plain form: contents, or as many values as there are elements."""
    dtype = next((one.value for one in fields_of(tensor) if one.number == DTYPE), 0)
    shape, content, kind = find(tensor, SHAPE), find(tensor, CONTENT), KINDS.get(dtype)
    if not shape:
        return None
    if dtype == STRING:
        return Parts(dtype, shape[0], find(tensor, 8))
    if kind is None or not content:
        return None
    size = kind.size
    return Parts(dtype, shape[0], [content[0][i : i + size] for i in range(0, len(content[0]), size)])


def value_of(element: bytes, kind: Kind) -> bytes:
    """As a list has it."""
    return varint(int.from_bytes(element, "little", signed=kind.signed)) if kind.wire == VARINT else element


def packed(parts: Parts, elements: list[bytes]) -> bytes:
    kind = KINDS[parts.dtype]
    return message(kind.field, b"".join(value_of(one, kind) for one in elements))


def unpacked(parts: Parts, elements: list[bytes]) -> bytes:
    kind = KINDS[parts.dtype]
    return b"".join(varint(kind.field << 3 | kind.wire) + value_of(one, kind) for one in elements)


def content(elements: list[bytes]) -> bytes:
    return message(CONTENT, b"".join(elements))


def shortened(parts: Parts) -> list[bytes]:
    """Without those at the end that repeat the last one."""
    each, kept = KINDS[parts.dtype].each, list(parts.elements)
    while len(kept) > each and kept[-each:] == kept[-2 * each : -each]:
        del kept[-each:]
    return kept


def same(tensor: bytes, form: int) -> bytes:
    """The same values written in another way; in the same way where there is no other."""
    parts = parts_of(tensor)
    if parts is None:
        return tensor
    head, elements = parts.head, parts.elements
    if parts.dtype == STRING:
        values = b"".join(message(8, one) for one in elements)
        return [head + values, values + head][form % 2]
    cut = len(elements) // 2 // KINDS[parts.dtype].each * KINDS[parts.dtype].each
    forms = [
        lambda: head + packed(parts, elements),
        lambda: head + unpacked(parts, elements),
        lambda: packed(parts, elements[:cut]) + head + unpacked(parts, elements[cut:]),
        lambda: head + packed(parts, shortened(parts)),
        lambda: head + content(elements[:1]) + content(elements),
        lambda: number(DTYPE, 1) + head + content(elements) + packed(parts, elements[:1]),
    ]
    return forms[form % len(forms)]()


def with_splat(parts: Parts, keep: int) -> Parts:
    """All elements behind the first `keep` are as the last of these."""
    each = KINDS[parts.dtype].each
    keep = max(1, keep) * each
    last = parts.elements[keep - each : keep]
    elements = parts.elements[:keep] + last * ((len(parts.elements) - keep) // each)
    return Parts(parts.dtype, parts.shape, elements)


# -- changes; each is given a message and answers with another


def encoded_anew(rng: random.Random, tensor: bytes) -> bytes:
    return same(tensor, rng.randrange(6))


def repeated_last(rng: random.Random, tensor: bytes) -> bytes:
    parts = parts_of(tensor)
    if parts is None or not parts.elements:
        return tensor
    if parts.dtype == STRING:
        return parts.head + b"".join(message(8, one) for one in parts.elements[: rng.randrange(len(parts.elements) + 1)])
    splat = with_splat(parts, rng.randrange(1, 4))
    return splat.head + rng.choice([packed, unpacked])(splat, shortened(splat))


def miscounted(rng: random.Random, tensor: bytes) -> bytes:
    """More values than elements, fewer, or none."""
    parts = parts_of(tensor)
    if parts is None or parts.dtype == STRING or not parts.elements:
        return tensor + message(8, b"more")
    changed = rng.choice([parts.elements[:-1], parts.elements[:1], parts.elements + parts.elements[:1], [], parts.elements * 2])
    write = rng.choice([packed, unpacked, lambda _, elements: content(elements)])
    return parts.head + write(parts, changed)


def content_size(rng: random.Random, tensor: bytes) -> bytes:
    body = (find(tensor, CONTENT) or [b"\1\2\3"])[-1]
    fields = [one for one in fields_of(tensor) if one.number != CONTENT]
    changed = rng.choice([body[:-1], body + b"\0", body * 2, b"", body[: len(body) // 2]])
    return wire_fields.written(fields) + message(CONTENT, changed)


def both_lists(rng: random.Random, tensor: bytes) -> bytes:
    """Values of another list, too, before or behind."""
    field = rng.choice(LISTS)
    value = {8: b"text", 18: b"\1\2", 5: b"\0\0\x80?", 9: b"\0\0\x80?" * 2}.get(field, bytes(range(1, 9)))
    extra = message(field, value if field not in (6, 12) else value * 2)
    return extra + tensor if rng.random() < 0.5 else tensor + extra


def other_list(rng: random.Random, tensor: bytes) -> bytes:
    """Its values in the list of another type."""
    fields = fields_of(tensor)
    for one in fields:
        if one.number in LISTS or one.number == CONTENT:
            one.number = rng.choice(LISTS)
    return wire_fields.written(fields)


def dtype(rng: random.Random, tensor: bytes) -> bytes:
    other = number(DTYPE, rng.choice([*range(32), 33, 50, 101, 103, 107, 1 << 31, (1 << 64) - 1]))
    return rng.choice([other + tensor, tensor + other])


def shape(rng: random.Random, tensor: bytes) -> bytes:
    def changed(body: bytes) -> bytes:
        fields = fields_of(body)
        kind = rng.randrange(6)
        if kind == 0 or not fields:
            size = rng.choice([0, 1, 2, 3, rng.choice(NUMBERS)])
            fields.insert(rng.randrange(len(fields) + 1), Field(2, BYTES, data=number(1, size)))
        elif kind == 1:
            del fields[rng.randrange(len(fields))]
        elif kind == 2:
            fields.append(Field(3, value=rng.choice([0, 1, 2])))
        elif kind == 3:
            rng.choice(fields).data += message(2, rng.choice(wire_fields.TEXTS))
        elif kind == 4:
            rng.shuffle(fields)
        else:
            rng.choice(fields).data = number(1, rng.choice([1, 2, 3, 6, *NUMBERS]))
        return wire_fields.written(fields)

    return edited(tensor, SHAPE, 0, changed) if find(tensor, SHAPE) else tensor + message(SHAPE, b"")


def shape_twice(rng: random.Random, tensor: bytes) -> bytes:
    """Two occurrences of one message are merged: their dimensions follow each other."""
    bodies = find(tensor, SHAPE)
    if not bodies:
        return tensor
    fields = [one for one in fields_of(tensor) if one.number != SHAPE]
    dims = fields_of(bodies[0])
    cut = rng.randrange(len(dims) + 1)
    pieces = [message(SHAPE, wire_fields.written(part)) for part in (dims[:cut], dims[cut:])]
    if rng.random() < 0.2:
        pieces.append(pieces[0])
    return pieces[0] + wire_fields.written(fields) + b"".join(pieces[1:])


def out_of_range(rng: random.Random, tensor: bytes) -> bytes:
    """Numbers that the type cannot hold."""
    parts = parts_of(tensor)
    kind = KINDS.get(parts.dtype) if parts else None
    if parts is None or kind is None or kind.wire != VARINT:
        return tensor
    values = [varint(rng.choice([*NUMBERS, 256, 65536, 40000, (1 << 64) - 129]), rng.randrange(3)) for _ in parts.elements]
    return parts.head + message(kind.field, b"".join(values))


def padded(rng: random.Random, tensor: bytes) -> bytes:
    fields = fields_of(tensor)
    for one in fields:
        one.padding = rng.randrange(4)
    return wire_fields.written(fields)


def unknown_field(rng: random.Random, tensor: bytes) -> bytes:
    return rng.choice([wire_fields.unknown(rng).written() + tensor, tensor + wire_fields.unknown(rng).written()])


def version(rng: random.Random, tensor: bytes) -> bytes:
    return tensor + number(VERSION, rng.choice(NUMBERS))


def any_field(rng: random.Random, tensor: bytes) -> bytes:
    return wire_fields.mutated_fields(rng, tensor, tensor)


def any_bytes(rng: random.Random, tensor: bytes) -> bytes:
    return wire_fields.mutated_bytes(rng, tensor)


CHANGES = [
    encoded_anew, repeated_last, miscounted, content_size, both_lists, other_list, dtype, shape, shape_twice,
    out_of_range, padded, unknown_field, version, any_field, any_bytes,
]  # fmt: skip


