#!/usr/bin/env python3
"""Other releases of TensorFlow: what Thaw writes is read by them, what they write is read by Thaw.

    tests/judge/versions.py [--only 2.12,2.21] [--folder FOLDER]

For the last patch release of each minor one that the registry has for this Python: an environment of its own, in which
versions_reader.py and versions_writer.py run; it is deleted behind them.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SECONDS = 1800
FREE = 6 << 30  # bytes that an environment may take


def releases() -> list[str]:
    """The last of each minor release of TensorFlow 2, oldest first."""
    words = [sys.executable, "-m", "pip", "index", "versions", "tensorflow-cpu"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found: dict[tuple[int, int], tuple[int, str]] = {}
    for version in re.findall(r"\b(\d+\.\d+\.\d+)\b(?!\.post)", told.split("Available versions:")[1].splitlines()[0]):
        major, minor, patch = map(int, version.split("."))
        found[major, minor] = max(found.get((major, minor), (0, "")), (patch, version))
    return [version for _, version in (found[key] for key in sorted(found))]


def environment(folder: Path, version: str) -> Path:
    """A Python with that TensorFlow, and with Keras 2 beside it where it is a package of its own."""
    if shutil.disk_usage(folder).free < FREE:
        raise SystemExit(f"less than {FREE >> 30} GiB left at {folder}")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    python = folder / "venv" / "bin" / "python"
    minor = int(version.split(".")[1])
    wanted = [f"tensorflow-cpu=={version}", *([f"tf_keras=={version.rpartition('.')[0]}.*"] if minor >= 16 else [])]
    # tf_keras asks for the package called tensorflow, which is the same thing and much larger.
    extra = ["setuptools<81"]
    install(python, [wanted[0], *extra])
    if len(wanted) > 1:
        install(python, [wanted[1], "--no-deps"])
    return python


def install(python: Path, words: list[str]) -> None:
    command = [str(python), "-m", "pip", "install", "-q", "--no-compile", "--disable-pip-version-check", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"pip: {done.stderr.strip().splitlines()[-1:]}")


def run(python: Path | str, script: str, *words: Path) -> str:
    """What is wrong, if something is."""
    command = [str(python), str(HERE / script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    return f"{script}: exit code {done.returncode}: {done.stderr.strip().splitlines()[-1:]}" if done.returncode else ""


def tried(python: Path | str, folder: Path, chosen: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """what -> step -> verdict of one release, both ways."""
    import versions_cases

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cases.json").write_text(json.dumps([case for case in chosen if "refused" not in case]))
    fault = run(python, "versions_reader.py", folder / "cases.json", folder / "answers.json")
    read = {"reads": {"all": fault}} if fault else json.loads((folder / "answers.json").read_text())["cases"]
    fault = run(python, "versions_writer.py", folder / "written")
    written = {"all": fault} if fault else versions_cases.judged(folder / "written", folder / "thawed")
    return {**read, "written by it": written}


def table(told: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """version x step: how many are ok; then each that is not."""
    steps = sorted({step for cases in told.values() for what, steps in cases.items() if what != "written by it" for step in steps})
    lines = [" | ".join(["TensorFlow", *steps, "written by it"])]
    wrong = []
    for version, cases in told.items():
        cells = []
        for step in steps:
            verdicts = [one[step] for what, one in cases.items() if what != "written by it" and step in one]
            cells.append(f"{verdicts.count('ok')}/{len(verdicts)}")
        written = cases.get("written by it", {})
        cells.append(f"{list(written.values()).count('ok')}/{len(written)}")
        lines.append(" | ".join([version, *cells]))
        wrong += [f"{version}: {what}: {step}: {v}" for what, one in cases.items() for step, v in one.items() if v != "ok"]
    return [*lines, *wrong]


def judge(version: str, folder: Path, chosen: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    place = folder / version
    place.mkdir()
    try:
        return tried(environment(place, version), place, chosen)
    except RuntimeError as error:
        return {"environment": {"install": str(error)}}
    finally:
        shutil.rmtree(place)


def main() -> None:
    import cases
    import versions_cases

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="releases, separated by commas")
    parser.add_argument("--few", action="store_true", help="a few of the models")
    parser.add_argument("--target", action="store_true", help="thawed anew for each release, with --target-tf")
    parser.add_argument("--folder", type=Path, help="where the environments are made, one at a time")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="versions-", dir=options.folder))
    told: dict[str, dict[str, dict[str, str]]] = {}
    try:
        chosen = versions_cases.made(folder / "thawed", cases.OWN, options.few)
        for version in releases():
            minor = version.rpartition(".")[0]
            if options.only and minor not in options.only.split(","):
                continue
            if options.target:
                chosen = versions_cases.made(folder / f"for-{minor}", cases.OWN, options.few, ("--target-tf", minor))
            told[version] = judge(version, folder, chosen)
            print("\n".join(table({version: told[version]})), flush=True)
    finally:
        shutil.rmtree(folder)
    lines = table(told)
    print("\n".join(["", *lines]))
    sys.exit(any(v != "ok" for one in told.values() for steps in one.values() for v in steps.values()))


if __name__ == "__main__":
    main()
