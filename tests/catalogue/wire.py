"""W: the bytes of protobuf messages."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import models
from case import DONE, INPUT, READ, Case, Elsewhere, file, refused, survived, taken, unthawed
from models import FLOAT, attr, field, node, number, of_float, shape, take_varint, varint

SOUND = models.dense()
SMALL = models.graph(
    models.placeholder("x", [-1, 2]), models.weight("k", [2, 1]), node("out", "MatMul", ["x", "k/read"], of_float())
)
LONG_VARINT = b"\x80" * 10 + b"\x01"
PADDED = b"\x87\x80\x00"  # 7


def key(number_: int, wire: int) -> bytes:
    return varint(number_ << 3 | wire)


def with_node(attrs: bytes, op: str = "Const") -> bytes:
    return SOUND + node("odd", op, (), attrs)


def constant(tensor: bytes, name: str = "odd") -> bytes:
    """The sound model and a weight whose tensor is `tensor`, used by a product."""
    value = node(name, "Const", (), of_float("dtype") + attr("value", field(8, tensor)))
    return models.dense() + value + node("use", "MatMul", ["out", name], of_float())


def tensor(dims: tuple[int, ...], *parts: bytes, dtype: int = FLOAT) -> bytes:
    return number(1, dtype) + field(2, shape(dims)) + b"".join(parts)


def nested(depth: int, wrap: tuple[int, ...], inner: bytes = b"") -> bytes:
    for _ in range(depth):
        for at in wrap:
            inner = field(at, inner)
    return inner


def deep_func(depth: int) -> bytes:
    body = b""
    for _ in range(depth):
        body = field(10, field(1, "f") + field(2, field(1, "k") + field(2, body)))
    return with_node(attr("value", body))


def cuts(place: Path) -> None:
    for size in range(1, len(SMALL)):
        (place / f"cut{size:04}.pb").write_bytes(SMALL[:size])


def whole_message(size: int) -> bool:
    """Whether the first `size` bytes of SMALL are a graph of fewer nodes."""
    at = 0
    while at < size:
        length, at = take_varint(SMALL, at + 1)
        at += length
    return at == size


CUTS = [size for size in range(1, len(SMALL)) if not whole_message(size)]
GROUP = key(500, 3) + b"\x08\x01" + key(500, 4)
PAGE = b"<!DOCTYPE html>\n<html><body>404</body></html>\n"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12345\n"

CUT_TENSOR = constant(tensor((2, 2)) + b"\x22\x20abc")

CASES: list[Case] = [
    *refused("W01", "no bytes", b"", "empty"),
    Case("W02", "every cut", cuts, ("inspect", *(f"cut{size:04}.pb" for size in CUTS)), (INPUT,)),
    *(
        Case("W02", f"cut at {size}", file("m.pb", SMALL[:size]), ("m.pb", "-o", "out/m"), (INPUT,), ("m.pb",))
        for size in CUTS[::7]
    ),
    *refused("W03", "a length that does not end", SOUND + b"\x0a\x80"),
    *refused("W03", "a number that does not end", SOUND + b"\x20\xff"),
    *refused("W04", "eleven bytes of a length", SOUND + b"\x0a" + LONG_VARINT),
    *refused("W04", "eleven bytes of a number", SOUND + key(90, 0) + LONG_VARINT),
    *taken("W05", "a padded number", SOUND + field(4, key(1, 0) + PADDED)),
    *taken("W05", "a padded length", SOUND + key(90, 2) + b"\x81\x80\x00" + b"a"),
    *survived("W06", "bits above the 64th", SOUND + field(4, key(1, 0) + b"\xff" * 9 + b"\x7f")),
    *refused("W07", "a key of six bytes", SOUND + b"\x8a\x80\x80\x80\x80\x00\x00"),
    *refused("W07", "a key above 32 bits", SOUND + varint(1 << 33 | 2) + b"\x00"),
    *refused("W08", "field number 0", SOUND + b"\x02\x01a"),
    *refused("W08", "field number 0 in a node", SOUND + field(1, field(1, "a") + b"\x00\x01")),
    *refused("W09", "field number 2^29", SOUND + varint(1 << 32 | 2) + b"\x00"),
    *refused("W10", "wire type 6", SOUND + key(90, 6) + b"\x01"),
    *refused("W10", "wire type 7 in a node", SOUND + field(1, field(1, "a") + key(9, 7))),
    *unthawed("W11", "a name that is a number", SOUND + field(1, number(1, 5) + field(2, "NoOp"))),
    *survived("W11", "versions that are a number", SOUND + number(4, 9)),
    *survived("W12", "a whole group", SOUND + GROUP),  # no message of TensorFlow has one: refused is right, too
    *refused("W12", "a group that does not end", SOUND + key(500, 3)),
    *refused("W12", "the end of no group", SOUND + key(500, 4)),
    *refused("W12", "another number at the end", SOUND + key(500, 3) + key(501, 4)),
    *refused("W13", "a million groups", lambda: SOUND + key(15, 3) * 1_000_000 + key(15, 4) * 1_000_000),
    *refused("W14", "a length behind the end", SOUND + key(1, 2) + varint(5000) + b"a"),
    *refused("W14", "a length behind the node", SOUND + field(1, key(1, 2) + varint(9) + b"a") + field(4, b"")),
    *refused("W15", "a length of 2^63", SOUND + key(1, 2) + varint(1 << 63)),
    *refused("W15", "a length of 2^64-1", SOUND + key(90, 2) + varint((1 << 64) - 1) + b"abc"),
    *refused("W16", "a node that ends in a field", SOUND + field(1, field(1, "a") + field(2, "NoOp") + b"\x1a")),
    *unthawed("W16", "a tensor that ends in a field", CUT_TENSOR, "odd"),
    Case("W16", "a tensor that ends in a field", file("m.pb", CUT_TENSOR), ("diff", "m.pb", "m.pb"), (INPUT,), ("odd",)),
    *survived("W17", "functions 101 deep", deep_func(101)),
    *survived("W17", "functions 20,000 deep", lambda: deep_func(20_000), memory=32 << 20),
    *survived("W18", "variants 101 deep", constant(tensor((), nested(101, (15, 3)), dtype=21))),
    *survived("W18", "variants 20,000 deep", lambda: constant(tensor((), nested(20_000, (15, 3)), dtype=21))),
    *survived("W19", "types 101 deep", SOUND + field(1, field(1, "a") + field(2, "NoOp") + field(7, nested(101, (2,))))),
    *survived("W19", "types 50,000 deep", lambda: SOUND + field(1, field(1, "a") + field(2, "NoOp") + field(7, nested(50_000, (2,))))),
    *taken("W20", "floats one by one", constant(tensor((2, 1), *(key(5, 5) + struct.pack("<f", x) for x in (1.5, 2.5))))),
    *taken("W20", "floats in one piece", constant(tensor((2, 1), field(5, struct.pack("<2f", 1.5, 2.5))))),
    *unthawed("W21", "seven bytes of floats", constant(tensor((2, 1), field(5, bytes(7))))),
    *unthawed("W21", "nine bytes of doubles", constant(tensor((2, 1), field(6, bytes(9)), dtype=2))),
    *survived("W22", "dimensions that do not end", SOUND + node("a", "NoOp", (), attr("s", field(1, field(3, b"\x01\x80"))))),
    *survived("W22", "integers that do not end", constant(tensor((2, 1), field(7, b"\x01\x80"), dtype=3))),
    *survived("W23", "a name that is no UTF-8", SOUND + node("a", "NoOp").replace(b"\x0a\x01a", b"\x0a\x01\xff")),
    *survived("W23", "an operation that is no UTF-8", SOUND + field(1, field(1, "a") + field(2, b"No\xc3\x28"))),
    *taken("W23", "bytes that are no UTF-8", with_node(attr("s", field(2, b"\xff\xfe\x1b[2J")), "NoOp")),
    *unthawed("W24", "two shapes that add up", constant(tensor((2,), field(2, shape((3,))), field(4, bytes(8))))),
    *taken("W24", "two halves of a shape", constant(tensor((2,), field(2, shape((3,))), field(4, bytes(24))))),
    *survived("W25", "two kinds of value", with_node(attr("a", field(2, b"s") + number(3, 4)), "NoOp")),
    *survived("W25", "a tensor, then a type", SOUND + node("c", "Const", (), of_float("dtype") + attr("value", field(8, tensor((), field(4, bytes(4)))) + number(6, 1)))),
    *survived("W26", "no key", with_node(field(5, field(2, number(3, 4))), "NoOp")),
    *survived("W26", "no value", with_node(field(5, field(1, "a")), "NoOp")),
    *survived("W26", "a key twice", with_node(attr("a", number(3, 4)) * 2, "NoOp")),
    *survived("W26", "dtype twice", SOUND + node("c", "Const", (), of_float("dtype") + attr("dtype", number(6, 3)))),
    *taken("W27", "of the graph", SOUND + field(90, "unknown") + number(91, 7) + key(92, 5) + b"abcd" + key(93, 1) + bytes(8)),
    *taken("W27", "of a node", SOUND + field(1, field(1, "a") + field(2, "NoOp") + field(90, "unknown"))),
    *taken("W27", "of a tensor", constant(tensor((1, 1), field(4, bytes(4)), field(90, "unknown")))),
    *survived("W29", "half a million empty nodes", lambda: SOUND + b"\x0a\x00" * 500_000),
    *survived("W29", "half a million inputs", lambda: SOUND + node("a", "NoOp", ["^x"] * 500_000)),
    *survived("W29", "half a million attributes", lambda: SOUND + node("a", "NoOp", (), b"\x2a\x00" * 500_000)),
    *taken("W30", "another format behind it", SOUND + field(77, "PK\x03\x04")),
    *refused("W30", "an archive behind it", SOUND + b"PK\x03\x04" + bytes(40)),
    *refused("W31", "gzip", gzip.compress(SOUND, mtime=0), "gzip"),
    *refused("W31", "zip", b"PK\x03\x04" + bytes(100), "zip"),
    *refused("W31", "a page", PAGE, "web page"),
    *refused("W31", "a pointer of Git LFS", LFS, "Git LFS"),
    *refused("W31", "HDF5", b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5"),
    *refused("W31", "pickle", b"\x80\x04\x95" + bytes(100)),
    *refused("W31", "an ONNX model", models.onnx(), "ONNX"),
    *taken("W32", "a SavedModel by another name", models.saved_model(SOUND)),
    *taken("W32", "a MetaGraphDef by another name", models.meta_graph(SOUND)),
    *taken("W32", "a graph called saved_model.pb", SOUND, name="saved_model.pb"),
]


def large(place: Path) -> None:
    """Numbers of 2 GiB and more that take no room on the disk."""
    head, hole, tail = models.heavy(2100)
    with open(place / "m.pb", "wb") as out:
        out.write(head)
        out.seek(hole, 1)
        out.write(tail)


CASES += [Case("W28", "2 GiB and more", large, ("inspect", "m.pb"), READ, ("m.pb",))]
ELSEWHERE: list[Elsewhere] = []
NOT_APPLICABLE: dict[str, str] = {}
