"""A guide, run as it is printed.

Python blocks whose first line names a file ("# head.py: ...") are that file; others are run where they stand. Each command of a
console block is run, and what is printed below it has to appear: word for word, but for decimal numbers that TensorFlow computes. A
line "..." stands for any number of lines.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import thaw_tool
import warm

GUIDES = thaw_tool.REPOSITORY / "docs" / "guides"
BLOCK = re.compile(r"^```(python|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\w+\.py)\b")
DECIMAL = re.compile(r"(\d+\.\d+)")


@dataclass
class Reader:
    """Somebody who follows guides in `folder`, with thaw and python in PATH."""

    folder: Path
    path: Path

    def __init__(self, folder: Path, path: Path) -> None:
        self.folder, self.path = folder, path
        for name, program in {"thaw": str(thaw_tool.binary()), "python": warm.python()}.items():
            (path / name).write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
            (path / name).chmod(0o755)

    def follow(self, text: str) -> list[str]:
        """What each block that is run printed."""
        printed = []
        for kind, block in BLOCK.findall(text):
            named = FILE.match(block)
            if kind == "python" and named:
                (self.folder / named[1]).write_text(block)
            elif kind == "python":
                printed.append(self.run([warm.python(), "-c", block]))
            else:
                printed.append("".join(self.type(typed, shown) for typed, shown in commands(block)))
        return printed

    def type(self, typed: str, shown: list[str]) -> str:
        own = typed.startswith("thaw ")
        printed = self.run(["bash", "-euo", "pipefail", "-c", typed], subprocess.STDOUT if own else subprocess.PIPE)
        assert not shown or fits(shown, printed.splitlines(), exact=own), f"$ {typed}\n{printed}"
        return printed

    def run(self, words: list[str], stderr: int = subprocess.PIPE) -> str:
        places = {
            "PATH": f"{self.path}:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).resolve().parents[2] / "python")]),
        }
        done = subprocess.run(
            words, cwd=self.folder, env={**os.environ, **places}, stdout=subprocess.PIPE, stderr=stderr,
            stdin=subprocess.DEVNULL, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
        return done.stdout


def commands(block: str) -> list[tuple[str, list[str]]]:
    """Each command of a console block, and what is shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def fits(shown: list[str], printed: list[str], exact: bool) -> bool:
    if not shown:
        return not printed
    if shown[0] == "...":
        return any(fits(shown[1:], printed[at:], exact) for at in range(len(printed) + 1))
    return bool(printed) and same_line(shown[0], printed[0], exact) and fits(shown[1:], printed[1:], exact)


def same_line(shown: str, printed: str, exact: bool) -> bool:
    ours, theirs = DECIMAL.split(shown.rstrip()), DECIMAL.split(printed.rstrip())
    if exact or ours[::2] != theirs[::2]:
        return ours == theirs
    numbers = zip(map(float, ours[1::2]), map(float, theirs[1::2]), strict=True)
    return all(abs(a - b) <= 0.1 * max(a, b) + 0.01 for a, b in numbers)
