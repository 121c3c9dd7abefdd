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
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

import tfthaw

pytest.importorskip("distributed")
pytest.importorskip("fsspec")
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
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


def start(*words: str | Path, scripts: Path = EXAMPLES) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, scripts / "fleet.py", *map(str, words)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)


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


def test_on_a_cluster(fleet: Path, serial: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    finish(start("inventory", fleet, "-o", tmp_path / "rows.jsonl", "--workers", "2"))
    assert rows(tmp_path / "rows.jsonl") == serial


def changed_scripts(folder: Path, first: str) -> Path:
    """The example's files, with a line before a model is read."""
    folder.mkdir()
    shutil.copy(EXAMPLES / "fleet.py", folder)
    text = (EXAMPLES / "fleet_worker.py").read_text()
    place = "    told = tfthaw.inspect(url)\n"
    assert text.count(place) == 1
    (folder / "fleet_worker.py").write_text(text.replace(place, f"    {first}\n{place}"))
    return folder


def test_workers_are_killed(fleet: Path, serial: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    """From outside, in the middle: nothing is lost, nothing comes twice."""
    output = tmp_path / "rows.jsonl"
    slow = changed_scripts(tmp_path / "scripts", f"__import__('time').sleep({6 / COUNT})")
    run = start("inventory", fleet, "-o", output, "--workers", "2", scripts=slow)
    killed = []
    for kill in range(2):
        while run.poll() is None and not (output.exists() and output.read_bytes().count(b"\n") > kill * COUNT // 4):
            time.sleep(0.02)
        killed += workers_of(run)[:1]
        os.kill(killed[-1], signal.SIGKILL)
    finish(run)
    assert len(set(killed)) == 2
    assert rows(output) == serial


@pytest.mark.parametrize("how", ["--serial", "--workers=1"])
def test_files_that_end_their_reader(how: str, fleet: Path, serial: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    """They are rows, as many as there are in a row; every other model is as it was."""
    last = sorted(serial)[-1]
    deadly = {url for place, url in enumerate(sorted(serial)) if 20 <= place < 24} | {last}
    scripts = changed_scripts(tmp_path / "scripts", f"url in {deadly!r} and os.kill(os.getpid(), 9)")
    output = tmp_path / "rows.jsonl"
    finish(start("inventory", fleet, "-o", output, how, scripts=scripts))
    found = rows(output)
    assert {url for url in found if found[url].get("error") == "Killed"} == deadly
    assert found[last]["ok"] is False and "-9" in found[last]["problem"]
    assert {url: row for url, row in found.items() if url not in deadly} == {
        url: row for url, row in serial.items() if url not in deadly
    }


def test_a_run_goes_on_where_it_was_stopped(fleet: Path, serial: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    output = tmp_path / "rows.jsonl"
    lines = [json.dumps(row) + "\n" for row in list(serial.values())[: COUNT // 2]]
    output.write_text("".join(lines) + '{"url": "file://cut o')
    finish(start("inventory", fleet, "-o", output, "--serial"))
    assert rows(output) == serial


@pytest.mark.parametrize("how", ["--serial", "--workers=2"])
def test_thaw(how: str, fleet: Path, tmp_path: Path) -> None:
    source, output = tmp_path / "models", tmp_path / "rows.jsonl"
    source.mkdir()
    for number in (0, 2, 9):
        shutil.copy(fleet / f"group_{number % 7}" / f"model {number}.pb", source)
    shutil.copy(source / "model 2.pb", source / "model 0.pbmm")  # nothing goes where the other went
    temporary = set(Path(tempfile.gettempdir()).glob("tmp*/model.ckpt*"))
    for destination, way in (("thawed", how), ("again", "--serial")):  # another destination is other work
        finish(start("thaw", source, f"file://{tmp_path / destination}", "-o", output, way))
    read = [json.loads(line) for line in output.read_text().splitlines()]
    done = [row for row in read if row["ok"]]
    assert len(read) == 8 and len({row["prefix"] for row in done}) == len(done) == 6
    for row in done:
        prefix = Path(row["prefix"].removeprefix("file://"))
        assert tfthaw.verify(source / prefix.parent.name.removesuffix(".thawed"), prefix)
    assert set(Path(tempfile.gettempdir()).glob("tmp*/model.ckpt*")) == temporary
    before = output.read_bytes()
    finish(start("thaw", source, f"file://{tmp_path / 'again'}", "-o", output, "--serial"))
    assert output.read_bytes() == before


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
