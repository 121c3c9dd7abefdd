"""V and C: checkpoints of format V1, and state files."""

from __future__ import annotations

from pathlib import Path

from bundle_files import table_of
from case import COMMAND_LINE, DONE, INPUT, NO, READ, Case, Elsewhere, Make, both, file
from checkpoints import written
from models import field, number, shape

NAME = "m.ckpt"
# SavedTensorSlices: meta = 1, data = 2 { name = 1, slice = 2, data = 3 }.
FLOATS = b"\x2a\x10" + bytes(16)
WHOLE = field(1, b"") * 2  # a TensorSliceProto that takes all of both dimensions
KEY = b"\0" + b"a\0\1" + b"\1\2" + b"\x80\x7f" * 2  # src/checkpoint/ordered_code.h


def tensor(dims: tuple[int, ...] = (2, 2), dtype: int = 1, parts: bytes = WHOLE) -> bytes:
    return field(1, field(1, "a") + field(2, shape(dims)) + number(3, dtype) + field(4, parts))


def meta(*tensors: bytes, versions: bytes = number(1, 1)) -> bytes:
    return field(1, b"".join(tensors) + field(2, versions))


def data(values: bytes = FLOATS, parts: bytes = WHOLE) -> bytes:
    return field(2, field(1, "a") + field(2, parts) + field(3, number(1, 1) + field(2, shape((2, 2))) + values))


def table(told: bytes | None = None, values: bytes | None = None, more: dict[bytes, bytes] | None = None) -> bytes:
    rows = {b"": meta(tensor()) if told is None else told, KEY: data() if values is None else values}
    return table_of(rows | (more or {}))


def extent(start: int, length: int) -> bytes:
    return field(1, number(1, start) + number(2, length)) + field(1, b"")


def tried(cls: str, what: str, content: bytes, codes: tuple[int, ...] = (NO, INPUT)) -> list[Case]:
    make = file(NAME, content)
    return [
        Case(cls, what, make, ("verify", NAME), codes),
        Case(cls, what, make, ("inspect", NAME, "--weights", "--stats"), READ, blames=NAME),
    ]


def shards(*dims: tuple[int, ...] | None) -> Make:
    """Files of one checkpoint, each with a row of the tensor, which it says to be of that shape; None for one that is gone."""

    def make(place: Path) -> None:
        for i, told in enumerate(dims):
            row = extent(i, 1)
            values = field(2, field(1, "a") + field(2, row) + field(3, b"\x2a\x08" + bytes(8)))
            key = b"\0" + b"a\0\1" + b"\1\2" + bytes([0x80 + i, 0x81]) + b"\x80\x7f"
            if told is not None:
                content = table_of({b"": meta(tensor(told, parts=row)), key: values})
                (place / f"{NAME}-{i:05d}-of-{len(dims):05d}").write_bytes(content)

    return make


def in_shards(what: str, make: Make, *says: str, codes: tuple[int, ...] = (NO, INPUT)) -> list[Case]:
    return [
        Case("V07", what, make, ("verify", NAME), codes, says),
        Case("V07", what, make, ("inspect", NAME, "--weights", "--stats"), (DONE,) if DONE in codes else (INPUT,), says, blames=NAME),
        Case("V07", what, make, ("diff", NAME, NAME), (DONE,) if DONE in codes else (INPUT,), says, blames=NAME),
    ]


def state(content: bytes | str) -> Make:
    return both(written(), file("checkpoint", content if isinstance(content, bytes) else content.encode()))


def by_state(what: str, content: bytes | str, cls: str, *says: str) -> list[Case]:
    """A folder is opened by its state file; and is written to beside one."""
    return [
        Case(cls, what, state(content), ("inspect", "."), (DONE, COMMAND_LINE, INPUT), says),
        Case(cls, what, state(content), ("verify", "."), (DONE, NO, COMMAND_LINE, INPUT)),
    ]


SOUND = table()
STATE = 'model_checkpoint_path: "ckpt"\nall_model_checkpoint_paths: "ckpt"\n'
CASES: list[Case] = [
    *tried("V01", "a sound one, to compare with", SOUND, (DONE,)),
    *(case for size in range(1, len(SOUND), 9) for case in tried("V01", f"cut at {size}", SOUND[:size])),
    *tried("V01", "a bit", bytes([SOUND[0] ^ 1]) + SOUND[1:]),
    *tried("V02", "no header", table_of({KEY: data()})),
    *tried("V02", "a header of garbage", table(b"\xff\xff")),
    *tried("V03", "a negative dimension", table(meta(tensor((-2, 2))))),
    *tried("V03", "dtype 0", table(meta(tensor(dtype=0)))),
    *tried("V03", "dtype 99", table(meta(tensor(dtype=99)))),
    *tried("V03", "a product that overflows", table(meta(tensor((1 << 62, 4))))),
    *tried("V04", "a negative start", table(meta(tensor(parts=extent(-1, 1))))),
    *tried("V04", "an end that wraps", table(meta(tensor(parts=extent((1 << 63) - 1, 1 << 62))))),
    *tried("V04", "another rank", table(meta(tensor(parts=field(1, b""))))),
    *tried("V05", "no values", table_of({b"": meta(tensor())})),
    *tried("V05", "fewer values", table(values=data(b"\x2a\x08" + bytes(8))), (DONE, NO, INPUT)),
    *tried("V06", "values of garbage", table(values=b"\x12\xff\xff")),
    *tried("V06", "a length behind the end", table(values=data(b"\x2a\x7f" + bytes(3)))),
    *in_shards("two files, to compare with", shards((2, 2), (2, 2)), codes=(DONE,)),
    *in_shards("one is gone", shards((2, 2), None), f"{NAME}-00001-of-00002"),
    *in_shards("the first is gone", shards(None, (2, 2)), f"{NAME}-00000-of-00002"),
    *in_shards("of two shapes", shards((2, 2), (3, 2)), "a", f"{NAME}-00001-of-00002"),
    *tried("V08", "for later readers", table(meta(tensor(), versions=number(1, 9) + number(2, 9)))),
    *by_state("a sound one, to compare with", STATE, "C01"),
    *by_state("no bytes", b"", "C01"),
    *by_state("garbage", b"\xff\xfe\x1b[2J", "C01"),
    *by_state("no end", 'model_checkpoint_path: "ckpt', "C01"),
    *by_state("4 MiB of garbage", b"a" * (4 << 20), "C01"),
    *by_state("a path outside", 'model_checkpoint_path: "../../ckpt"\n', "C02"),
    *by_state("an absolute path", 'model_checkpoint_path: "/nowhere/m"\n', "C02"),
    *by_state("a path with a line end", 'model_checkpoint_path: "a\\nb\\033[2J"\n', "C02"),
    *by_state("a checkpoint that is not there", 'model_checkpoint_path: "gone"\nall_model_checkpoint_paths: "ckpt"\n', "C03"),
    *by_state("20,000 lines", STATE + 'all_model_checkpoint_paths: "ckpt"\n' * 20_000, "C04"),
]
ELSEWHERE: list[Elsewhere] = []
NOT_APPLICABLE: dict[str, str] = {}
