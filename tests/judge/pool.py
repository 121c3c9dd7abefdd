"""Worker processes that may die: each job has a time limit and a process that outlives it or not."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import warm

WORKER = Path(__file__).with_name("worker.py")
Job = dict[str, Any]


class Worker:
    """One process, started when needed."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = {**os.environ, **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, job: Job, seconds: float) -> Job:
        """The worker's answer, or {"died": why}."""
        if self.process is None:
            self.process = subprocess.Popen(
                [warm.python(), str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self.environment,
            )
        process = self.process
        assert process.stdin and process.stdout
        alarm = threading.Timer(seconds, process.kill)
        started = time.monotonic()
        alarm.start()
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            alarm.cancel()
        if line:
            return dict(json.loads(line))
        code = process.wait()
        self.process = None
        late = time.monotonic() - started >= seconds
        return {"died": f"no answer after {seconds:.0f} s" if late else f"the process died with {code}"}

    def close(self) -> None:
        if self.process is not None and self.process.stdin:
            self.process.stdin.close()
            self.process.wait()


def run(
    jobs: Iterable[Job], handle: Callable[[Job, Worker], None], workers: int, environment: dict[str, str]
) -> None:
    """Hands every job to `handle` on one of `workers` threads, each with a process of its own."""
    waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    for _ in range(workers):
        waiting.put(None)

    broken: list[Exception] = []

    def serve() -> None:
        worker = Worker(environment)
        try:
            while not broken and (job := waiting.get()) is not None:
                handle(job, worker)
        except Exception as error:
            broken.append(error)
        finally:
            worker.close()

    threads = [threading.Thread(target=serve) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
