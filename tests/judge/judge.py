#!/usr/bin/env python3
"""Judges what `thaw` makes with real TensorFlow.

Every frozen graph is thawed in both styles; the result is imported, restored, compared with the
original bit for bit, differentiated, trained, saved, restored, initialised and frozen again.

  judge.py               the whole corpus, against the floor
  judge.py --own         the own models (made when missing)
  judge.py --sample      the networks of the corpus and a fixed few of its operator tests
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cases
import pool
import table
import thaw_tool

HERE = Path(__file__).resolve().parent
COLUMNS = (*table.STEPS[:-4], "weights", "trainable", *table.STEPS[-4:], "refrozen")


class Judge:
    """Runs cases and remembers verdicts that cannot have changed."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.ends = time.monotonic() + options.cap if options.cap else None
        self.rows: list[table.Row] = []
        self.retry: list[cases.Case] = []
        self.skipped = 0
        self.remembered = 0
        self.age = self._age()

    @staticmethod
    def _age() -> str:
        """What a verdict depends on besides the files: TensorFlow and these scripts."""
        digest = hashlib.sha256(version("tensorflow-cpu").encode())
        for script in sorted(HERE.glob("*.py")):
            if script.name not in ("judge.py", "table.py", "cases.py", "pool.py"):
                digest.update(script.read_bytes())
        return digest.hexdigest()

    def run(self, chosen: list[cases.Case]) -> None:
        """All cases without oneDNN, then with it those that have no other kernel."""
        for onednn in ("0", "1"):
            jobs = [{"case": case, "onednn": onednn} for case in chosen]
            pool.run(jobs, self._handle, self.options.workers, {"JUDGE_ONEDNN": onednn})
            chosen, self.retry = self.retry, []
        self.rows.sort(key=lambda row: (row.family, row.name, row.style))

    def _handle(self, job: dict[str, Any], worker: pool.Worker) -> None:
        case, onednn = job["case"], job["onednn"] == "1"
        if self.ends and time.monotonic() > self.ends:
            self.skipped += 1
            return
        with tempfile.TemporaryDirectory() as folder:
            answer = self._answer(case, onednn, Path(folder), worker)
        no_kernel = not answer.get("import_error") and answer.get("run_error") and not onednn
        if no_kernel and "uninitialized" not in answer["run_error"]:
            self.retry.append(case)
            answer["tried_onednn"] = True
        if onednn:
            if answer.get("run_error") or "died" in answer:
                self._note_onednn(case, answer)
                return
            answer["onednn"] = True
            self.rows = [row for row in self.rows if row.name != case.name]
        for style in table.STYLES:
            verdict = answer.get("styles", {}).get(style, {})
            self.rows.append(table.Row(case.name, case.family, style, answer, verdict))

    def _note_onednn(self, case: cases.Case, answer: dict[str, Any]) -> None:
        """The verdict without oneDNN stands; what happened with it is told beside it."""
        told = answer.get("died") or answer["run_error"]
        for row in self.rows:
            if row.name == case.name:
                row.answer = {**row.answer, "run_error": f"{row.answer['run_error']}; with oneDNN: {told}"}

    def _answer(self, case: cases.Case, onednn: bool, folder: Path, worker: pool.Worker) -> dict[str, Any]:
        made, failed = {}, {}
        for style in table.STYLES:
            thawed = thaw_tool.thaw(case.path, folder / style / "model.ckpt", "--variables", style)
            if thawed.report:
                made[style] = thawed
            else:
                failed[style] = f"exit {thawed.exit}: {thawed.error}".replace("\n", " | ")[:400]
        record = self.options.cache / f"{self._key(case, onednn, made)}.json"
        if record.is_file():
            self.remembered += 1
            answer: dict[str, Any] = json.loads(record.read_text())
        else:
            styles = {s: {"prefix": str(t.prefix), "report": t.report} for s, t in made.items()}
            job = {"path": str(case.path), "truth": case.truth, "styles": styles}
            answer = worker.ask(job, self.options.timeout)
            if "died" not in answer:
                record.parent.mkdir(parents=True, exist_ok=True)
                record.write_text(json.dumps(answer))
        answer["thaw"] = failed
        return answer

    def _key(self, case: cases.Case, onednn: bool, made: dict[str, thaw_tool.Thawed]) -> str:
        digest = hashlib.sha256(f"{self.age} {onednn} {json.dumps(case.truth)}".encode())
        for path in [case.path, *(f for style in made for f in made[style].files())]:
            digest.update(f"{path.name} {path.stat().st_size} ".encode() + path.read_bytes())
        return digest.hexdigest()


def write_rows(rows: list[table.Row], out: Path) -> None:
    """One line per file and style."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", newline="") as handle:
        lines = csv.writer(handle, delimiter="\t", lineterminator="\n")
        lines.writerow(["file", "style", "original", *COLUMNS, "none", "zero", "notes"])
        for row in rows:
            a, v = row.answer, row.verdict
            original = a.get("died") or a.get("import_error") or a.get("run_error") or "runs"
            cells = [v.get(column, "") for column in COLUMNS]
            gradients = [" ".join(v.get(k, [])) for k in ("none", "zero")]
            notes = "oneDNN" if a.get("onednn") else a.get("thaw", {}).get(row.style, "")
            lines.writerow([row.name, row.style, original, *cells, *gradients, notes])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--corpus", type=Path, default=cases.CORPUS, help="folder of the corpus")
    add("--own", nargs="?", type=Path, const=cases.OWN, help="judge the own models kept in this folder")
    add("--sample", action="store_true", help="only a fixed part of the corpus")
    add("--only", default="", help="only cases whose name contains this")
    add(
        "--cache", type=Path, default=thaw_tool.REPOSITORY / ".cache" / "judge", help="verdicts already known"
    )
    add("--out", type=Path, help="write one line per file and style here")
    add("--workers", type=int, default=2)
    add("--timeout", type=float, default=120, help="seconds for one file")
    add("--cap", type=float, default=0, help="seconds after which no further file is begun")
    options = parser.parse_args()
    thaw_tool.binary()
    chosen = cases.own(options.own) if options.own else []
    if not options.own or options.sample:
        if not options.corpus.is_dir():
            print(f"judge: no corpus at {options.corpus}, skipped")
        else:
            files = cases.corpus(options.corpus)
            chosen += cases.sample(files) if options.sample else files
    chosen = [case for case in chosen if options.only in case.name]
    if not chosen:
        return 0
    judge = Judge(options)
    judge.run(chosen)
    if options.out:
        write_rows(judge.rows, options.out)
    whole = not (options.own or options.sample or options.only or judge.skipped)
    text, good = table.report(judge.rows, with_floor=whole)
    print(text)
    print(f"\n{judge.remembered} verdicts were known, {judge.skipped} files were not reached within the cap")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
