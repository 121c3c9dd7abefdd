"""A run of the program together with what it used, and the contract that every such run keeps."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folder
import program

RUNNER = Path(__file__).with_name("runner.py")
SECONDS = 5.0  # of the processor
MEMORY = 64 << 20
PER_BYTE = 8  # bytes of memory for a byte of what describes a model
LARGE = 8 << 20  # files above are told apart by their size and time only
ERROR = re.compile(r"^error: (.+)\n  expected: (.+)\n  try:      (.+)$", re.MULTILINE)
# Nothing of a file may steer a terminal: controls, surrogates of broken UTF-8, marks that turn the direction.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\udc80-\udcff]")


@dataclass(frozen=True)
class Measured:
    code: int
    ended: bool
    cpu: float
    memory: int
    out: str
    err: str


@functools.cache
def runner() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(RUNNER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def measured(
    words: tuple[str, ...],
    cwd: Path,
    limits: dict[str, int] | None = None,
    closed: tuple[int, ...] = (),
    out: str = "",
    stdin: str = "/dev/null",
    env: dict[str, str | None] | None = None,
) -> Measured:
    request: dict[str, Any] = {
        "words": [program.binary(), *words],
        "cwd": str(cwd),
        "env": program.environment(env),
        "limits": {"RLIMIT_CORE": 0, **(limits or {})},
        "closed": closed,
        "out": out,
        "stdin": stdin,
    }
    process = runner()
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps(request) + "\n")
    process.stdin.flush()
    return Measured(**json.loads(process.stdout.readline()))


def files(place: Path) -> Iterator[tuple[bytes, Any]]:
    """All that is below `place`: small files by their bytes, large ones by size and time."""
    for where, folders, names in os.walk(os.fsencode(place)):
        for name in folders + names:
            path = os.path.join(where, name)
            told = os.lstat(path)
            is_plain = not os.path.isfile(path) or os.path.islink(path) or told.st_size <= LARGE
            is_special = not (os.path.isdir(path) or os.path.isfile(path) or os.path.islink(path))
            key = os.path.relpath(path, os.fsencode(place))
            yield key, (told.st_mode, told.st_size, told.st_mtime_ns) if is_special or not is_plain else folder.entry(path)


def described(place: Path) -> int:
    """Bytes that describe models: small files count, large ones are numbers (or say so in their case)."""
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file() and path.stat().st_size <= LARGE)


def keep_contract(run: Measured, codes: tuple[int, ...], budget: int, of: str = "") -> None:
    told = f"{of}\nexit {run.code}, {run.cpu:.2f} s, {run.memory >> 20} MiB\n{run.out[-2000:]}\n{run.err[-3000:]}"
    assert run.ended, f"did not come to an end: {told}"
    assert run.code >= 0, f"a signal: {told}"
    assert run.code in codes, f"expected one of {codes}: {told}"
    assert not program.CRASH.search(run.err), told
    assert run.cpu <= SECONDS, told
    assert run.memory <= budget, f"more than {budget >> 20} MiB: {told}"
    steering = STEERING.search(run.out) or STEERING.search(run.err)
    assert not steering, f"{steering!r} reached the terminal: {told}"
    if run.code > 1:
        assert ERROR.search(run.err), f"no error of three parts: {told}"
