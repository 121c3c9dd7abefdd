"""The README's lines for users of the library."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from program import REPOSITORY


def test_readme_program_compiles(tmp_path: Path) -> None:
    text = (REPOSITORY / "README.md").read_text()
    shown = re.search(r"```cpp\n(.*?)```", text, re.DOTALL)
    assert shown
    lines = shown[1].splitlines()
    includes = [line for line in lines if line.startswith("#include")]
    body = [line for line in lines if line not in includes]
    source = tmp_path / "program.cc"
    source.write_text("\n".join([*includes, "int main() {", *body, "return report.files.empty() ? 1 : 0;", "}\n"]))
    words = ["g++", "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I", str(REPOSITORY / "include")]
    done = subprocess.run([*words, str(source)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

