"""The program as a user meets it: words in; exit code, standard output and standard error out."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS = 60
# What says that a failure was not foreseen.
CRASH = re.compile(r"std::|terminate called|what\(\)|Segmentation|Assertion|runtime error|Sanitizer|\bat 0x")
COLOURS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR")


def binary() -> str:
    """$THAW, else the ordinary build."""
    found = Path(os.environ.get("THAW") or REPOSITORY / "build" / "thaw").absolute()
    if not os.access(found, os.X_OK):
        raise SystemExit(f"no thaw at {found}: build it, or name it in $THAW")
    return str(found)


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one line of JSON that it has to be."""
        assert self.out.endswith("\n") and self.out.count("\n") == 1, f"not one line: {self.out!r}"
        return json.loads(self.out)

    @property
    def parts(self) -> tuple[str, str, str]:
        """The three parts of an error: where and what, what was expected, what to try."""
        found = re.fullmatch(r"error: (.+)\n  expected: (.+)\n  try:      (.+)\n", self.err)
        assert found, f"no message of three parts:\n{self.err}"
        assert not CRASH.search(self.err), self.err
        return found[1], found[2], found[3]


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The caller's, without its taste in colours; None takes a variable away."""
    told: dict[str, str | None] = {**os.environ, "TERM": "xterm", **dict.fromkeys(COLOURS), **(changes or {})}
    return {name: value for name, value in told.items() if value is not None}


def text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def thaw(
    *words: str | bytes | Path, cwd: Path, env: Mapping[str, str | None] | None = None, **more: Any
) -> Run:
    done = subprocess.run(
        [more.pop("program", binary()), *words],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
        **more,
    )
    return Run(done.returncode, text(done.stdout), text(done.stderr))


def shell(command: str, *words: str, cwd: Path) -> Run:
    """`command` of a shell, in which "$THAW" is the program and "$@" are the words."""
    done = subprocess.run(
        ["bash", "-c", command, "bash", *words],
        cwd=cwd,
        env=environment({"THAW": binary()}),
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )
    return Run(done.returncode, text(done.stdout), text(done.stderr))


def on_terminal(
    *words: str, cwd: Path, streams: str, env: Mapping[str, str | None] | None = None, columns: int = 0
) -> Run:
    """A run with a terminal for standard output ("out"), standard error ("err") or both ("out err").

    What a terminal for both shows is in `out`.
    """
    keyboard, screen = pty.openpty()
    if columns:
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("4H", 50, columns, 0, 0))
    ends = {name: screen if name in streams.split() else subprocess.PIPE for name in ("out", "err")}
    process = subprocess.Popen(
        [binary(), *words],
        cwd=cwd,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=ends["out"],
        stderr=ends["err"],
    )
    os.close(screen)
    shown = b""
    while piece := read_terminal(keyboard):
        shown += piece
    os.close(keyboard)
    out, err = process.communicate(timeout=SECONDS)
    if "out" in streams:
        return Run(process.returncode, text(shown), text(err or b""))
    return Run(process.returncode, text(out or b""), text(shown))


def read_terminal(keyboard: int) -> bytes:
    try:
        return os.read(keyboard, 65536)
    except OSError:  # EIO: the last writer has gone
        return b""
