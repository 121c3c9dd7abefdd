"""What `make wheel` has made: THAW_WHEEL says which; without it there is nothing to look at."""

from __future__ import annotations

import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEEL = os.environ.get("THAW_WHEEL")
pytestmark = pytest.mark.skipif(not WHEEL, reason="make wheel runs it")


@pytest.fixture(scope="module")
def content() -> dict[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(ROOT / str(WHEEL)) as wheel:
        return {entry.filename: entry for entry in wheel.infolist() if not entry.is_dir()}


def test_the_name_says_which_machines() -> None:
    version = re.search(r"project\(thaw VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())
    assert version
    assert re.fullmatch(rf"tfthaw-{re.escape(version[1])}-cp\d+-(cp\d+|abi3)-manylinux_\d+_\d+_\w+\.whl", Path(str(WHEEL)).name)


def test_what_is_inside(content: dict[str, zipfile.ZipInfo]) -> None:
    modules = {f"tfthaw/{path.name}" for path in (ROOT / "python/tfthaw").iterdir() if path.suffix in (".py", ".pyi", ".typed")}
    assert modules | {"tfthaw/py.typed"} <= set(content)
    # A module for one Python under a name that says abi3 would be installed into later ones, which cannot load it.
    suffix = "abi3" if "-abi3-" in Path(str(WHEEL)).name else "cpython-"
    assert [name for name in content if name.startswith(f"tfthaw/_core.{suffix}") and name.endswith(".so")]
    others = {name for name in content if name not in modules and ".dist-info/" not in name}
    strangers = [name for name in others if not re.fullmatch(
        r"tfthaw/(_core\.[\w.-]+\.so|bin/thaw|py\.typed)|tfthaw\.libs/lib(re2|snappy|isal)-\w+\.so[\d.]*", name)]  # fmt: skip
    assert strangers == []
    assert content["tfthaw/bin/thaw"].external_attr >> 16 & 0o111
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in content)


def test_it_works_without_a_compiler() -> None:
    run = subprocess.run([ROOT / "tools/try_wheel", ROOT / str(WHEEL)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "14 weights thawed and verified" in run.stdout and run.stdout.endswith("it works\n")
