"""R: memory, time and other things that run out."""

from __future__ import annotations

from pathlib import Path

import bundles
import graph
import models
import tensors
from bundle_files import Entry
from case import DONE, NAME, READ, Case, Elsewhere, Make, file
from checkpoints import DATA, PREFIX, A, Checkpoint, crc, header, written
from models import node

SOUND = file(NAME, models.dense())
WRITE = (NAME, "-o", "out/m", "--no-sync")
MIB = 1 << 20


def heavy(megabytes: int) -> Make:
    """A model of that size, whose numbers take no room on the disk."""

    def make(place: Path) -> None:
        head, hole, tail = models.heavy(megabytes)
        with open(place / NAME, "wb") as out:
            out.write(head)
            out.seek(hole, 1)
            out.write(tail)

    return make


def large_checkpoint(place: Path) -> None:
    """64 GiB of numbers that take no room on the disk."""
    rows = {b"": header(), b"a": Entry(1, (1 << 34,), 0, 0, 1 << 36, crc(A)).encoded()}
    Checkpoint(rows, {DATA: b""}).write(place)
    with open(place / DATA, "r+b") as data:
        data.truncate(1 << 36)


def inspecting(cls: str, what: str, make: Make, codes: tuple[int, ...] = READ, **how: object) -> Case:
    return Case(cls, what, make, ("inspect", NAME), codes, how=how)


def limited(name: str, most: int) -> dict[str, dict[str, int]]:
    return {"limits": {name: most}}


def worst() -> bytes:
    """A MiB of the shortest nodes there can be."""
    return models.dense() + b"".join(node(f"{i:x}", "A") for i in range(90_000))


def doubled(size: int) -> Make:
    takers = [node(f"n{i}", "AddN", [f"n{i - 1}" if i else "out"] * 40) for i in range(size)]
    return file(NAME, models.dense() + b"".join(takers))


def branches(count: int) -> bytes:
    """One choice behind the other, all by one number."""
    parts, value = [models.dense(), node("which", "Placeholder", (), models.attr("dtype", models.number(6, 10)))], "out"
    for i in range(count):
        parts += [node(f"s{i}", "Switch", [value, "which"], models.of_float()), graph.unary(f"a{i}", f"s{i}:1", "Relu")]
        parts += [graph.unary(f"b{i}", f"s{i}", "Tanh"), node(f"m{i}", "Merge", [f"b{i}", f"a{i}"], models.of_float())]
        value = f"m{i}"
    return b"".join(parts)


def listed(names: list[str]) -> Make:
    """Weights of those names, and a target that has each of them elsewhere."""

    def make(place: Path) -> None:
        products = [node(f"p{i}", "MatMul", ["x", f"{name}/read"], models.of_float()) for i, name in enumerate(names)]
        weights = [models.weight(name, [2, 2]) for name in names]
        (place / NAME).write_bytes(models.graph(models.placeholder("x", [-1, 2]), *weights, *products))
        (place / "list.txt").write_text("".join(f"my_{name} float32 [2, 2]\n" for name in names))

    return make


MOVED = ("transplant", NAME, "--into", "list.txt", "-o", "out/m", "--no-sync")

CASES: list[Case] = [
    Case("R01", "64 GiB to look at", large_checkpoint, ("inspect", PREFIX), (DONE,)),
    Case("R01", "1 GiB to look through", heavy(1024), (NAME, "-n"), (DONE,)),
    *(Case("R02", f"256 MiB: {words[0]}", SOUND, words, (DONE,), how=limited("RLIMIT_AS", 256 * MIB)) for words in (WRITE, ("inspect", NAME), ("diff", NAME, NAME))),
    Case("R02", "256 MiB for verify", written(), ("verify", PREFIX), (DONE,), how=limited("RLIMIT_AS", 256 * MIB)),
    Case("R02", "20 MiB", file(NAME, worst), WRITE, READ, how=limited("RLIMIT_DATA", 20 * MIB)),
    *(Case("R04", f"a small stack: {words[0]}", SOUND, words, (DONE,), how=limited("RLIMIT_STACK", 128 << 10)) for words in (WRITE, ("inspect", NAME))),
    Case("R04", "deep in a small stack", file(NAME, lambda: graph.ring(20_000)), ("inspect", NAME), READ, how=limited("RLIMIT_STACK", 128 << 10)),
    *(Case("R05", what, file(NAME, content), words, READ, how=limited("RLIMIT_AS", 512 * MIB)) for what, content in (("4 TiB", tensors.with_constant(tensors.dims(MIB, MIB), tensors.floats(1))), ("2^40 calls", graph.doubling(40))) for words in (WRITE, ("inspect", NAME), ("diff", NAME, NAME))),
    *(Case("R05", case.what, case.make, case.words, case.codes, how=limited("RLIMIT_AS", 512 * MIB)) for case in bundles.CASES if case.cls in ("B09", "B31", "B34")),
    Case("R06", "the shortest nodes", file(NAME, worst), WRITE, READ),
    inspecting("R06", "the shortest nodes", file(NAME, worst)),
    inspecting("R06", "the shortest nodes without numbers", file(NAME, b"\x0a\x00" * (MIB // 2))),
    Case("R07", "many edges", doubled(5_000), WRITE, READ),
    Case("R07", "many patterns", file(NAME, graph.star(5_000)), ("inspect", NAME, *["--match", "(a|b|.*)*x.*y.*z"] * 20), (DONE, 2)),
    Case("R07", "many branches", file(NAME, lambda: branches(5_000)), (NAME, "--saved-model", "out/s", "--no-sync"), READ),
    Case("R07", "many of one name", listed([f"part_{i}" for i in range(15_000)]), MOVED, (DONE, 1, 2)),
    Case("R07", "deep names", listed(["s/" * i + "w" for i in range(1, 300)]), MOVED, (DONE, 1, 2)),
    Case("R07", "long names", listed([letter * 4_000 for letter in "abcdefghijklmnopqrstuvwxyz"]), MOVED, (DONE, 1, 2)),
    Case("R08", "no threads", SOUND, WRITE, (DONE,), how=limited("RLIMIT_NPROC", 1)),
    Case("R10", "no numbers in a report", SOUND, ("inspect", NAME, "--json"), (DONE,), ("thaw.inspect/1",)),
    Case("R12", "no folder of temporaries", SOUND, WRITE, (DONE,), how={"env": {"TMPDIR": "/nowhere"}}),
]
ELSEWHERE: list[Elsewhere] = [
    Elsewhere("R03", "tests/kill/test_disturbed.py", "test_without_memory"),
]
NOT_APPLICABLE: dict[str, str] = {
    "R09": "Thaw starts no threads, and neither the program nor the package has an option for their number.",
    "R11": "Thaw writes variables in the size that the model declares; what would not fit on the disk is refused when room is reserved.",
}
