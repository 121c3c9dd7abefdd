#!/usr/bin/env python3
"""Gives the program files that are no models, or damaged ones, and looks at how it takes it.

Whatever it is given: exit code 0 with a checkpoint, or 3 with an error of three parts; never a crash, a
sanitizer's report or a file left behind. Works with any build, sanitized ones too; the in-process test
(tests/hostile) does far more of the same in less time.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "tests" / "data" / "small_models"
SIGNATURES = {
    "empty": b"",
    "zeros": bytes(5000),
    "ones": b"\xff" * 5000,
    "text": b"The model is on the other server.\n" * 20,
    "html": b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n",
    "json": b'{"format": "layers-model", "modelTopology": {}}',
    "lfs": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n",
    "zip": b"PK\x03\x04" + bytes(200),
    "gzip": b"\x1f\x8b\x08" + bytes(200),
    "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(200),
    "tflite": b"\x1c\0\0\0TFL3" + bytes(200),
    "onnx": b"\x08\x08\x12\x07pytorch\x1a\x031.9:\x10\n\x01x\x12\x01y\x22\x04Relu",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
    "pickle": b"\x80\x04\x95" + bytes(200),
    "safetensors": (16).to_bytes(8, "little") + b'{"a":{"dtype":1}',
    "utf16": "\ufeffnode { name: 'a' }".encode("utf-16"),
    "one_field": b"\x0a\x00",
    "one_unknown_field": b"\xfa\x01\x00",
    "nested_1000": b"",
    "text_nested": b"node { " * 5000,
    "long_line": b"node { name: \"" + b"a" * 2_000_000 + b"\" }",
}


def nested(depth: int) -> bytes:
    """A graph whose only node holds lists in functions in lists, as deep as it is told."""
    body = b""
    for _ in range(depth):
        body = _field(10, _field(2, _field(1, b"k") + _field(2, body)))  # AttrValue.func.attr.value
    return _field(1, _field(1, b"a") + _field(2, b"Const") + _field(5, _field(1, b"value") + _field(2, body)))


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def inputs(options: argparse.Namespace, work: Path) -> Iterator[tuple[str, Path]]:
    """What it is, and where. Files that are made for this vanish with `work`."""
    malformed = options.corpus / "malformed"
    if malformed.is_dir():
        for path in sorted(p for p in malformed.rglob("*") if p.is_file()):
            yield f"corpus {path.relative_to(malformed)}", path
    else:
        print(f"no corpus at {options.corpus}: its malformed files are left out")
    SIGNATURES["nested_1000"] = nested(1000)
    for name, content in SIGNATURES.items():
        yield name, _made(work / f"{name}.pb", content)
    yield "a folder", work
    yield "a device", Path("/dev/null")
    yield "a missing file", work / "missing.pb"
    yield "a path through a file", work / "empty.pb" / "x.pb"
    yield "a sparse file", _sparse(work / "sparse.pb")
    chance = random.Random(options.seed)
    models = sorted(MODELS.iterdir())
    for i in range(options.truncations):
        model = models[i % len(models)]
        size = chance.randrange(model.stat().st_size)
        yield f"{model.name} cut at {size}", _made(work / f"cut{i}-{model.name}", model.read_bytes()[:size])
    for i in range(options.mutations):
        model = models[i % len(models)]
        yield f"{model.name} mutated, {i}", _made(work / f"mutated{i}-{model.name}", mutated(model.read_bytes(), chance))


def mutated(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        kind = chance.randrange(4)
        if kind == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[at] = chance.choice((0, 0x7F, 0x80, 0xFF))
        elif kind == 2:
            del data[at : at + chance.randint(1, 16)]
        else:
            data[at:at] = data[chance.randrange(len(data)) :][: chance.randint(1, 16)]
        if not data:
            break
    return bytes(data)


def _made(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _sparse(path: Path) -> Path:
    with path.open("wb") as file:
        file.write(b"\x0a\xff\xff\xff\xff\x0f\x0a\x01a")
        file.truncate(1 << 32)
    return path


def check(thaw: Path, path: Path, out: Path) -> str:
    """"thawed" or "refused"; raises AssertionError with what is wrong."""
    environment = {**os.environ, "ASAN_OPTIONS": "max_allocation_size_mb=512:abort_on_error=1",
                   "UBSAN_OPTIONS": "halt_on_error=1:abort_on_error=1"}
    run = subprocess.run([str(thaw), str(path), "-o", str(out / "model.ckpt"), "--no-sync"], capture_output=True,
                         timeout=120, check=False, env=environment)
    stderr = run.stderr.decode("utf-8", "replace")
    left = sorted(p.name for p in out.iterdir()) if out.exists() else []
    assert "Sanitizer" not in stderr and "runtime error" not in stderr, stderr
    if run.returncode == 0:
        assert left == ["checkpoint", "model.ckpt.data-00000-of-00001", "model.ckpt.index", "model.ckpt.meta"], left
        return "thawed"
    assert run.returncode == 3, f"exit code {run.returncode}: {stderr}"
    assert not left and not out.exists(), f"left {left}"
    lines = stderr.splitlines()
    assert lines and lines[0].startswith("error: ") and len(lines) >= 3, f"no message of three parts: {stderr!r}"
    assert str(path.name) in lines[0], f"the file is not named: {lines[0]!r}"
    assert all(c >= " " or c == "\n" for c in stderr), f"control characters: {stderr!r}"
    return "refused"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--thaw", type=Path, required=True, help="the program")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--truncations", type=int, default=300)
    parser.add_argument("--mutations", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="show each message")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="thaw-malformed-"))
    thaw = options.thaw.resolve()
    seen: Counter[str] = Counter()
    wrong = 0

    def one(item: tuple[str, Path]) -> tuple[str, str | None]:
        what, path = item
        out = work / "out" / f"{zlib.crc32(what.encode()):08x}"
        try:
            outcome = check(thaw, path, out)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            return what, str(error)
        shutil.rmtree(out, ignore_errors=True)
        seen[outcome] += 1
        return what, None

    (work / "out").mkdir()
    with ThreadPoolExecutor(2) as pool:
        for what, problem in pool.map(one, inputs(options, work)):
            if problem is not None:
                wrong += 1
                print(f"{what}: {problem}", file=sys.stderr)
            elif options.verbose:
                print(f"{what}: as it should be")
    print(f"{seen['refused']} refused, {seen['thawed']} thawed, {wrong} wrong")
    if wrong:
        print(f"the files are in {work}", file=sys.stderr)
        return 1
    shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
