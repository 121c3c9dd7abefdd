#!/usr/bin/env python3
"""Inventory and thaw of thousands of models, on Dask, through fsspec.

    fleet.py inventory gs://bucket/models -o inventory.jsonl
    fleet.py thaw gs://bucket/models gs://bucket/thawed -o thawed.jsonl --scheduler tcp://host:8786

One line of JSON for each model, in no certain order. A file that cannot be read, or that ends the process which reads it,
is a line with "ok": false and the reason. What is in the output already is left out, so a run that was stopped can be
started again; take a line away to have its model tried anew. Memory is bounded: a few hundred models are under way at a
time, and rows are written as they come. Workers need tfthaw and fsspec; fleet_worker.py is sent to them.
"""

from __future__ import annotations

import argparse
import json
import posixpath
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import fleet_worker
import fsspec
from fleet_worker import Row, Task

ENDINGS = (".pb", ".pbtxt", ".pbmm")
UNDER_WAY = 200


def models_in(url: str) -> Iterator[tuple[str, str]]:
    """(URL, path below `url`) of each file that may be a model."""
    files, root = fsspec.core.url_to_fs(url)
    for path in sorted(files.find(root)):
        if path.endswith(ENDINGS):
            yield files.unstrip_protocol(path), posixpath.relpath(path, root)


def on_dask(client: Any, tasks: Iterator[Task]) -> Iterator[Row]:
    """The rows as they come. What a lost worker had is done again by the others."""
    from distributed import as_completed
    from distributed.diagnostics.plugin import UploadFile

    client.register_plugin(UploadFile(fleet_worker.__file__))
    waiting: dict[str, Task] = {}
    under_way = as_completed()

    def start(most: int) -> None:
        for task in islice(tasks, most):
            future = client.submit(fleet_worker.apart, task, pure=False)
            waiting[future.key] = task
            under_way.add(future)

    start(UNDER_WAY)
    for future in under_way:
        task = waiting.pop(future.key)
        try:
            yield future.result()
        except Exception as error:  # several workers were lost while they had it
            yield fleet_worker.failed(task, type(error).__name__, str(error), "take this line away, and start again")
        start(1)


def rows_of(words: argparse.Namespace, tasks: Iterator[Task]) -> Iterator[Row]:
    if words.serial:
        yield from map(fleet_worker.apart, tasks)
        return
    from distributed import Client, LocalCluster

    if words.scheduler:
        with Client(words.scheduler) as client:
            yield from on_dask(client, tasks)
        return
    with LocalCluster(n_workers=words.workers, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        yield from on_dask(client, tasks)


def key_of(row: Row) -> tuple[str, str]:
    return row["url"], row.get("destination", "")


def done_before(output: Path) -> set[tuple[str, str]]:
    """What an earlier run wrote; a last line that was cut off is taken away."""
    done, whole = set(), 0
    with output.open("ab+") as rows:
        rows.seek(0)
        for line in rows:
            if line.endswith(b"\n"):
                done.add(key_of(json.loads(line)))
                whole += len(line)
        rows.truncate(whole)
    return done


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("verb", choices=["inventory", "thaw"])
    parser.add_argument("url", help="a folder: of this machine, or of whatever fsspec knows")
    parser.add_argument("destination", nargs="?", help="of thaw: a folder")
    parser.add_argument("-o", "--output", type=Path, required=True, help="rows go here, after those that are there")
    parser.add_argument("--workers", type=int, default=2, help="processes on this machine (2)")
    parser.add_argument("--scheduler", help="a Dask cluster instead: tcp://host:8786")
    parser.add_argument("--serial", action="store_true", help="neither: one model after the other")
    words = parser.parse_args(arguments)
    if (words.verb == "thaw") != bool(words.destination):
        parser.error("thaw takes a destination, inventory does not")
    done, bad = done_before(words.output), 0
    found = ((url, path, words.destination) if words.destination else (url,) for url, path in models_in(words.url))
    tasks = (task for task in found if key_of(fleet_worker.asked(task)) not in done)
    with words.output.open("a") as rows:
        for row in rows_of(words, tasks):
            bad += not row["ok"]
            rows.write(json.dumps(row) + "\n")
            rows.flush()
    print(f"{words.output}: {bad} models that are none, or cannot be read", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
