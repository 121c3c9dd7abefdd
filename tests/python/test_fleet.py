"""The fleet example on a cluster of two processes: as one after the other, also when workers are killed.

THAW_FLEET=1000 makes that many models of it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import tfthaw

pytest.importorskip("distributed")
pytest.importorskip("fsspec")
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "examples/fleet.py"
COUNT = int(os.environ.get("THAW_FLEET", "60"))
CORPUS = ROOT / "../shared/corpus"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of real models where there are any, variants of the demo's, and files that are none."""
    folder = tmp_path_factory.mktemp("fleet")
    digits = (ROOT / "demo/digits.pb").read_bytes()
    real = sorted(path for path in CORPUS.rglob("*.pb") if path.stat().st_size < 300_000)[:COUNT]
    for number in range(COUNT):
        path = folder / f"group_{number % 7}" / f"model {number}.pb"
        path.parent.mkdir(exist_ok=True)
        if number % 10 == 9:
            path.write_bytes((b"", b"no model", digits[:5000], b"\xff" * 999)[number // 10 % 4])
        elif number % 2 and number < len(real):
            shutil.copy(real[number], path)
        else:
            at = digits.index(b"conv1/kernel") + 200 + number
            path.write_bytes(digits[:at] + bytes([number % 200]) + digits[at + 1 :])
    (folder / "notes.txt").write_text("not looked at")
    return folder


def start(*words: str | Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, SCRIPT, *map(str, words)], env=environment, stderr=subprocess.PIPE)


def rows(path: Path) -> dict[str, dict[str, Any]]:
    read = [json.loads(line) for line in path.read_text().splitlines()]
    assert len({row["url"] for row in read}) == len(read)
    return {row["url"]: row for row in read}


def finish(run: subprocess.Popen[bytes]) -> None:
    words = run.communicate(timeout=600)[1].decode(errors="replace")
    assert run.returncode == 0, words


@pytest.fixture(scope="module")
def serial(fleet: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    output = tmp_path_factory.mktemp("serial") / "rows.jsonl"
    finish(start("inventory", fleet, "-o", output, "--serial"))
    return rows(output)


def test_one_after_the_other(fleet: Path, serial: dict[str, dict[str, Any]]) -> None:
    assert len(serial) == COUNT
    bad = [row for row in serial.values() if not row["ok"]]
    assert len(bad) >= COUNT // 10 and all(row["problem"] for row in bad)
    first = serial[f"file://{fleet}/group_0/model 0.pb"]
    assert first["weights"] == 14 and first["parameters"] == 40538


def workers_of(run: subprocess.Popen[bytes]) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(run.pid), "-f", "spawn_main"], capture_output=True, text=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


@pytest.mark.parametrize("kills", [0, 2])
def test_on_a_cluster(kills: int, fleet: Path, serial: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    output = tmp_path / "rows.jsonl"
    run = start("inventory", fleet, "-o", output, "--workers", "2")
    for kill in range(kills):
        while run.poll() is None and not (output.exists() and output.read_bytes().count(b"\n") > kill * COUNT // 4):
            time.sleep(0.02)
        for pid in workers_of(run)[:1]:
            os.kill(pid, signal.SIGKILL)
    finish(run)
    assert rows(output) == serial


def test_a_run_goes_on_where_it_was_stopped(fleet: Path, serial: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    output = tmp_path / "rows.jsonl"
    lines = [json.dumps(row) + "\n" for row in list(serial.values())[: COUNT // 2]]
    output.write_text("".join(lines) + '{"url": "file://cut o')
    finish(start("inventory", fleet, "-o", output, "--serial"))
    assert rows(output) == serial


def test_thaw(fleet: Path, tmp_path: Path) -> None:
    source = tmp_path / "models"
    source.mkdir()
    for number in (0, 2, 9):
        shutil.copy(fleet / f"group_{number % 7}" / f"model {number}.pb", source)
    finish(start("thaw", source, tmp_path / "thawed", "-o", tmp_path / "rows.jsonl", "--serial"))
    done = [row for row in rows(tmp_path / "rows.jsonl").values() if row["ok"]]
    assert len(done) == 2
    for row in done:
        model = source / (Path(row["prefix"]).parent.name + ".pb")
        assert tfthaw.verify(model, row["prefix"].removeprefix("file://"))


def test_a_url_is_read_by_ranges(fleet: Path) -> None:
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.pipe_file("/bucket/model.pb", (ROOT / "demo/digits.pb").read_bytes())
    model = tfthaw.load("memory://bucket/model.pb")
    known = tfthaw.load(ROOT / "demo/digits.pb")
    assert all(model.weights[name].tobytes() == array.tobytes() for name, array in known.weights.items())
    with pytest.raises(FileNotFoundError):
        tfthaw.load("memory://bucket/none.pb")
    with pytest.raises(tfthaw.UsageError, match="nosuch"):
        tfthaw.load("nosuch://bucket/model.pb")
