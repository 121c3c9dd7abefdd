#!/usr/bin/env python3
"""What fleet.py does with one model, on the machine of a worker.

    echo '["gs://bucket/models/a.pb"]' | fleet_worker.py

A task is [URL], for the inventory, or [URL, path, destination], to thaw it to DESTINATION/PATH.thawed. Each is a line of JSON, and
so is its answer.
"""

from __future__ import annotations

import json
import os
import posixpath
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import fsspec
import tfthaw

Row = dict[str, Any]
Task = tuple[str, ...]
TRIES = 2
THREAD = threading.local()  # has the process in which this thread's models are read


def inventory(url: str) -> Row:
    """Reads by ranges: of a large model a few megabytes at most."""
    told = tfthaw.inspect(url)
    kept = ("nodes", "weights", "parameters", "weight_bytes", "producer", "made_by", "warnings")
    return {"bytes": told["source"]["bytes"], "format": told["source"]["format"], **{name: told[name] for name in kept}}


def thaw(url: str, path: str, destination: str) -> Row:
    """Thaws into a folder of this machine, copies it to the destination, and removes it."""
    target = posixpath.join(destination, path + ".thawed")
    with tempfile.TemporaryDirectory() as folder:
        report = tfthaw.thaw(url, Path(folder, "model.ckpt"), sync=False, verify=True)
        files, root = fsspec.core.url_to_fs(target)
        files.makedirs(root, exist_ok=True)
        for made in report.files:
            files.put_file(made, posixpath.join(root, Path(made).name))
    return {"prefix": posixpath.join(target, "model.ckpt"), "variables": len(report["variables"]), "warnings": report.warnings}


def asked(task: Task) -> Row:
    return {"url": task[0], **({"destination": task[2]} if len(task) > 1 else {})}


def failed(task: Task, error: str, problem: str, hint: str) -> Row:
    return {**asked(task), "ok": False, "error": error, "problem": problem, "hint": hint}


def row_of(task: Task) -> Row:
    """What there is to tell of a model, or what is wrong with it."""
    try:
        return {**asked(task), "ok": True, **(thaw(*task) if len(task) > 1 else inventory(*task))}
    except Exception as error:  # each storage has errors of its own
        return failed(task, type(error).__name__, str(error).split("\n")[0], getattr(error, "hint", ""))


def apart(task: Task) -> Row:
    """`row_of` in a process beside this one: a file that ends it ends no worker, and no other model's reading."""
    status = 0
    for _ in range(TRIES):
        if getattr(THREAD, "reader", None) is None:
            command = [sys.executable, __file__]
            THREAD.reader = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            print(json.dumps(task), file=THREAD.reader.stdin, flush=True)
            row: Row = json.loads(THREAD.reader.stdout.readline())
            return row
        except (OSError, ValueError):  # it is gone, and this was not its line
            status, THREAD.reader = THREAD.reader.wait(), None
    return failed(task, "Killed", f"the process that read it ended with {status}", "a machine with more memory")


def main() -> None:
    rows = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no row
    for line in sys.stdin:
        print(json.dumps(row_of(tuple(json.loads(line)))), file=rows, flush=True)


if __name__ == "__main__":
    main()
