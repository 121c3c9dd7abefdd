"""The guide's and the README's Python, as it is printed, from the project's folder."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", ["docs/python.md", "README.md"])
def test_the_examples_run(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "demo", tmp_path / "demo")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)
    blocks = [block for block in blocks if "tfthaw" in block]
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
    assert (tmp_path / "demo").exists() and len(os.listdir(tmp_path)) == 2
    assert page == "README.md" or "Total params: 40,538" in capsys.readouterr().out


def test_the_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Its cells one after the other; what a last line shows is shown as notebooks show it."""
    shutil.copytree(ROOT / "demo", tmp_path / "demo")
    (tmp_path / "examples").mkdir()
    monkeypatch.chdir(tmp_path / "examples")
    notebook = json.loads((ROOT / "examples/look_inside.ipynb").read_text())
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert not cell["outputs"]
        exec(compile(cell["source"], "look_inside.ipynb", "exec"), names)
    assert "<pre>" in names["model"]._repr_html_()  # type: ignore[attr-defined]
    assert "Total params: 40,538" in capsys.readouterr().out
