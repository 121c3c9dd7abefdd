"""`thaw diff` as the checks call it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import thaw_tool


def diff(a: Path, b: Path, *options: str) -> dict[str, Any]:
    command = [str(thaw_tool.binary()), "diff", str(a), str(b), "--json", *options]
    done = subprocess.run(command, capture_output=True, timeout=thaw_tool.SECONDS, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["differs"] == (done.returncode == 1)
    return report


def saved(graph: Any, path: Path) -> Path:
    path.write_bytes(graph.SerializeToString())
    return path
