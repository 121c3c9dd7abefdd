"""T: constants, and the TensorProto in them."""

from __future__ import annotations

import struct

import models
from case import Case, Elsewhere, refused, survived, taken, unthawed
from models import FLOAT, attr, field, node, number, of_float, shape, varint

SOUND = models.dense()
STRING, INT32, INT8, HALF, BOOL, COMPLEX, RESOURCE, VARIANT, INT4, QINT8 = 7, 3, 6, 19, 10, 8, 20, 21, 29, 11
FLOAT_REF = 101


def dims(*sizes: int) -> bytes:
    return field(2, shape(sizes))


def of_type(dtype: int) -> bytes:
    return attr("dtype", number(6, dtype))


def with_constant(*parts: bytes, dtype: int = FLOAT, declared: int = FLOAT, used: bool = True) -> bytes:
    """The sound model and one more product, whose weight is this TensorProto."""
    tensor = (number(1, dtype) if dtype else b"") + b"".join(parts)
    value = node("odd", "Const", (), of_type(declared) + attr("value", field(8, tensor)))
    product = node("use", "MatMul", ["out", "odd"], attr("T", number(6, declared)))
    return SOUND + value + (product if used else b"")


def kept(*parts: bytes, dtype: int) -> bytes:
    return with_constant(*parts, dtype=dtype, declared=dtype, used=False)


def content(size: int) -> bytes:
    return field(4, bytes(size))


def floats(*values: float) -> bytes:
    return field(5, struct.pack(f"<{len(values)}f", *values))


def bare(*attrs: bytes) -> bytes:
    return SOUND + node("odd", "Const", (), b"".join(attrs)) + node("use", "MatMul", ["out", "odd"], of_float())


def nested(depth: int) -> bytes:
    inner = b""
    for _ in range(depth):
        inner = number(1, VARIANT) + field(15, field(1, "t") + field(3, inner))
    return inner


BITS = struct.pack("<4I", 0x7FC12345, 0xFF800001, 0x80000000, 0x00000001)
HUGE = 1 << 62

CASES: list[Case] = [
    *survived("T01", "no value", bare(of_float("dtype"))),
    *survived("T02", "a value that is a string", bare(of_float("dtype"), attr("value", field(2, "abc")))),
    *survived("T02", "a value that is a list", bare(of_float("dtype"), attr("value", field(1, number(3, 1))))),
    *unthawed("T03", "another dtype", with_constant(dims(2, 2), content(16), declared=INT32)),
    *survived("T04", "dtype 0", with_constant(dims(2, 2), content(16), dtype=0)),
    *unthawed("T04", "dtype 77", with_constant(dims(2, 2), content(16), dtype=77), "odd"),
    *survived("T04", "a reference", with_constant(dims(2, 2), content(16), dtype=FLOAT_REF)),
    *survived("T05", "a resource", kept(dims(), field(14, field(3, "name")), dtype=RESOURCE)),
    *survived("T05", "a variant", kept(dims(), field(15, field(1, "type")), dtype=VARIANT)),
    *(
        case
        for size in (1, 4, 12, 15, 17, 20, 32)
        for case in unthawed("T06", f"{size} bytes for 16", with_constant(dims(2, 2), content(size)), "odd", str(size), "16")
    ),
    *survived("T07", "content and floats", with_constant(dims(2, 2), content(16), floats(1, 2, 3, 4))),
    *survived("T08", "integers of floats", with_constant(dims(2, 2), field(7, b"\x01\x02\x03\x04"))),
    *taken("T09", "fewer values", with_constant(dims(2, 2), floats(1, 2))),
    *survived("T10", "no values", with_constant(dims(2, 2))),
    *survived("T11", "more values", with_constant(dims(2, 2), floats(1, 2, 3, 4, 5))),
    *survived("T12", "4 TiB in 20 bytes", with_constant(dims(1 << 20, 1 << 20), floats(1))),
    *survived("T12", "4 TiB of zeros", with_constant(dims(1 << 20, 1 << 20))),
    *survived("T13", "2^62 times 4", with_constant(dims(HUGE, 4), floats(1))),
    *survived("T13", "2^32 times 2^32", with_constant(dims(1 << 32, 1 << 32), floats(1))),
    *survived("T13", "2^63-1", with_constant(dims((1 << 63) - 1, 2), floats(1))),
    *survived("T14", "nothing of much", with_constant(dims(0, HUGE, HUGE))),
    *survived("T14", "much of nothing", with_constant(dims(HUGE, HUGE, 0))),
    *survived("T15", "a dimension of -1", with_constant(dims(-1, 2), content(8))),
    *survived("T15", "no known rank", with_constant(field(2, number(3, 1)), content(8))),
    *unthawed("T16", "a dimension of -2", with_constant(dims(-2, 2), content(8)), "odd"),
    *unthawed("T16", "a dimension of -2^63", with_constant(dims(-1 << 63, 2), content(8)), "odd"),
    *survived("T17", "255 dimensions", with_constant(dims(*[1] * 255), content(4))),
    *survived("T17", "many dimensions", lambda: with_constant(dims(*[1] * 100_000), content(4))),
    *survived("T18", "an empty content", with_constant(dims(), field(4, b""), used=False)),
    *unthawed("T18", "a part of a number", with_constant(dims(1, 1), content(3)), "odd"),
    *survived("T19", "fewer strings", kept(dims(3), field(8, "a"), dtype=STRING)),
    *survived("T19", "more strings", kept(dims(1), field(8, "a") * 3, dtype=STRING)),
    *survived("T19", "2^40 strings", kept(dims(1 << 40), field(8, "a"), dtype=STRING)),
    *survived("T20", "a half of 17 bits", kept(dims(1), number(13, 65536), dtype=HALF)),
    *survived("T20", "a byte of 300", kept(dims(1), number(7, 300), dtype=INT8)),
    *survived("T20", "a truth of 2", kept(dims(1), content(1).replace(b"\0", b"\2"), dtype=BOOL)),
    *survived("T20", "halves that are weights", with_constant(dims(1, 1), number(13, 1 << 40), dtype=HALF, declared=HALF)),
    *survived("T21", "half a complex number", with_constant(dims(1, 1), field(9, struct.pack("<f", 1)), dtype=COMPLEX, declared=COMPLEX)),
    *survived("T22", "three of four bits", with_constant(dims(1, 3), content(3), dtype=INT4, declared=INT4)),
    *survived("T22", "three of four bits, packed", with_constant(dims(1, 3), content(2), dtype=INT4, declared=INT4)),
    *survived("T22", "quantized", with_constant(dims(2, 2), content(4), dtype=QINT8, declared=QINT8)),
    *taken("T23", "odd bits", with_constant(dims(2, 2), field(4, BITS))),
    *(case for pad in range(1, 4) for case in taken("T24", f"moved by {pad}", with_constant(dims(2, 2), field(99, bytes(pad)), content(16)))),
    *survived("T25", "a name of 1 MiB", lambda: with_constant(field(2, field(2, number(1, 1) + field(2, "n" * (1 << 20)))), content(4))),
    *taken("T25", "a name that steers", with_constant(field(2, field(2, number(1, 1) + field(2, "\x1b[2J")) + field(2, number(1, 1))), content(4))),
    *taken("T26", "another version", with_constant(dims(2, 2), number(3, 9), content(16))),
    *survived("T27", "variants 101 deep", kept(nested(101), dtype=VARIANT)),
    *survived("T27", "variants 20,000 deep", lambda: kept(nested(20_000), dtype=VARIANT)),
    *refused("T06", "more than there is", with_constant(dims(2, 2)) + field(1, field(1, "a") + varint(5 << 3 | 2) + varint(1 << 40))),
]
ELSEWHERE: list[Elsewhere] = [Elsewhere("T28", "tests/tensor/tensor_proto_test.cc", "write_tensor(two).bytes()")]
NOT_APPLICABLE: dict[str, str] = {}
