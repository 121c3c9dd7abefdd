#!/usr/bin/env python3
"""Inventory and thaw of thousands of models, on Dask, through fsspec.

    fleet.py inventory gs://bucket/models -o inventory.jsonl
    fleet.py thaw gs://bucket/models gs://bucket/thawed -o thawed.jsonl --scheduler tcp://host:8786

One line of JSON for each model, in no certain order. A file that cannot be read, or that ends the worker which reads it,
is a line with "ok": false and the reason. Models that are in the output already are left out, so a run that was stopped
can be started again. Memory is bounded: a few hundred models are under way at a time, and rows are written as they come.
"""

from __future__ import annotations

import argparse
import json
import posixpath
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import tfthaw

Row = dict[str, Any]
ENDINGS = (".pb", ".pbtxt", ".pbmm")
UNDER_WAY = 200
RETRIES = 2  # of models whose worker died


def row_of(url: str, work: Callable[[], Row]) -> Row:
    """What `work` tells, or what is wrong with the file."""
    try:
        return {"url": url, "ok": True, **work()}
    except tfthaw.Error as error:
        return {"url": url, "ok": False, "error": type(error).__name__, "problem": str(error).split("\n")[0], "hint": error.hint}
    except (OSError, ValueError) as error:  # of the storage
        return {"url": url, "ok": False, "error": type(error).__name__, "problem": str(error), "hint": ""}


def inventory(url: str) -> Row:
    """Reads by ranges: of a large model a few megabytes at most."""

    def work() -> Row:
        told = tfthaw.inspect(url)
        kept = ("nodes", "weights", "parameters", "weight_bytes", "producer", "made_by", "warnings")
        return {"bytes": told["source"]["bytes"], "format": told["source"]["format"], **{name: told[name] for name in kept}}

    return row_of(url, work)


def thaw(url: str, below: str, destination: str) -> Row:
    """Thaws into a folder of this machine, copies it to `destination`, and removes it."""

    def work() -> Row:
        target = posixpath.join(destination, posixpath.splitext(below)[0])
        with tempfile.TemporaryDirectory() as folder:
            report = tfthaw.thaw(url, Path(folder, "model.ckpt"), sync=False, verify=True)
            files, root = fsspec.core.url_to_fs(target)
            files.makedirs(root, exist_ok=True)
            for path in report.files:
                files.put_file(path, posixpath.join(root, Path(path).name))
        return {"prefix": posixpath.join(target, "model.ckpt"), "variables": len(report["variables"]), "warnings": report.warnings}

    return row_of(url, work)


def models_in(url: str) -> Iterator[tuple[str, str]]:
    """(URL, path below `url`) of each file that may be a model."""
    files, root = fsspec.core.url_to_fs(url)
    for path in sorted(files.find(root)):
        if path.endswith(ENDINGS):
            yield files.unstrip_protocol(path), posixpath.relpath(path, root)


def on_dask(client: Any, work: Callable[..., Row], tasks: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    """The rows as they come. A task whose worker died is tried again, alone in the end."""
    from distributed import KilledWorker, as_completed

    waiting, urls = iter(tasks), {}

    def start() -> Any:
        task = next(waiting, None)
        if task is None:
            return None
        future = client.submit(work, *task, pure=False, retries=RETRIES)
        urls[future.key] = task[0]
        return future

    under_way = as_completed([future for _ in range(UNDER_WAY) if (future := start()) is not None])
    for future in under_way:
        url = urls.pop(future.key)
        error = future.exception()
        if error is None:
            yield future.result()
        else:
            hint = "look at this file on its own machine" if isinstance(error, KilledWorker) else ""
            yield {"url": url, "ok": False, "error": type(error).__name__, "problem": str(error), "hint": hint}
        future.release()
        if (more := start()) is not None:
            under_way.add(more)


def rows_of(words: argparse.Namespace, work: Callable[..., Row], tasks: Iterable[tuple[str, ...]]) -> Iterator[Row]:
    if words.serial:
        yield from (work(*task) for task in tasks)
        return
    from distributed import Client, LocalCluster

    if words.scheduler:
        with Client(words.scheduler) as client:
            yield from on_dask(client, work, tasks)
        return
    with LocalCluster(n_workers=words.workers, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        yield from on_dask(client, work, tasks)


def done_before(output: Path) -> set[str]:
    """URLs of an earlier run; a last line that was cut off does not count."""
    if not output.exists():
        return set()
    whole = [line for line in output.read_text().splitlines(keepends=True) if line.endswith("\n")]
    output.write_text("".join(whole))
    return {json.loads(line)["url"] for line in whole}


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
    done = done_before(words.output)
    found = ((url, below) for url, below in models_in(words.url) if url not in done)
    if words.verb == "thaw":
        work, tasks = thaw, ((url, below, words.destination) for url, below in found)
    else:
        work, tasks = inventory, ((url,) for url, _ in found)
    bad = 0
    with words.output.open("a") as rows:
        for row in rows_of(words, work, tasks):
            bad += not row["ok"]
            rows.write(json.dumps(row) + "\n")
            rows.flush()
    print(f"{words.output}: {bad} models that are none, or cannot be read", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
