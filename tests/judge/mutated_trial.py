"""The worker's part of mutated.py: mutants are made, read by Thaw and by TensorFlow, step by step in a process that may die.

TensorFlow is imported once; what does the steps is forked from that, before any thread of TensorFlow's has been started.
A step that ends its process is known by that, and another process goes on behind it.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import resource
import select
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np

MEMORY = 1 << 30  # bytes of addresses above what there is: what a mutant asks for beyond is refused, not paged
FILE = 64 << 20  # bytes of a file that is written
SECONDS = 30  # of the processor, for each step
PATIENCE = 180  # seconds by the clock: only what waits for what never comes takes so long
Answer = dict[str, Any]
Step = Callable[[], Answer]


def trial(job: Answer) -> Answer:
    """All steps of a module mutated_KIND on the mutants of these seeds: for each of them step -> answer, or {"died": how}."""
    import strict_tf  # noqa: F401  (here, so that no child has to)

    module = importlib.import_module(f"mutated_{job['mutated']}")
    mutants: list[Answer] = [{} for _ in job["seeds"]]
    places = [(number, step) for number in range(len(mutants)) for step in module.STEPS]
    done = 0

    def steps() -> Iterator[Answer]:
        for number, step in places[done:]:
            one = {**job, "seed": job["seeds"][number], "folder": f"{job['folder']}/{job['seeds'][number]}"}
            mutants[number][step.__name__] = step(one, mutants[number])
            yield mutants[number][step.__name__]

    while done < len(places):
        told, died = forked(steps())
        for answer in [*told, *([{"died": died}] if died else [])]:
            number, step = places[done]
            mutants[number][step.__name__] = answer
            done += 1
    return {"answers": mutants}


def forked(steps: Iterator[Answer]) -> tuple[list[Answer], str]:
    """What steps answer in a process of their own, and what ended it before them all, if something did."""
    source, sink = os.pipe()
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.close(source)
            os.dup2(said.fileno(), 2)
            answer(steps, sink)
        os.close(sink)
        told = heard(source, child)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        return told, f"the process ended with {code}: {last_words(said)}" if code else ""


def heard(source: int, child: int) -> list[Answer]:
    told = b""
    with os.fdopen(source, "rb", buffering=0) as pipe:
        while True:
            if not select.select([pipe], [], [], PATIENCE)[0]:
                os.kill(child, signal.SIGKILL)
                break
            part = pipe.read(1 << 16)
            if not part:
                break
            told += part
    return [json.loads(line) for line in told.split(b"\n")[:-1]]


def answer(steps: Iterator[Answer], sink: int) -> None:
    """In the child; never returns."""
    most = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        for one in steps:
            line = json.dumps(one).encode() + b"\n"
            while line:
                line = line[os.write(sink, line) :]
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
        os._exit(0)
    except BaseException:  # noqa: BLE001  (a child must not go on as its parent)
        import traceback

        traceback.print_exc()
        os._exit(99)


def last_words(said: IO[bytes]) -> str:
    """The check that failed, without the place in the sources."""
    lines = said.read().decode("utf-8", "replace").splitlines()
    fatal = [line.split("] ", 1)[-1] for line in lines if line.startswith("F")]
    return (fatal or lines or [""])[-1][:300]


# -- what steps answer with


def told(value: Any) -> list[Any]:
    """Equal for equal bits."""
    array = np.asarray(value)
    if array.dtype.names:  # quantised: the integers that they are
        array = array[array.dtype.names[0]]
    content = repr(array.tolist()).encode() if array.dtype == object else array.tobytes()
    return [str(array.dtype), list(array.shape), hashlib.sha256(content).hexdigest()]


def in_a_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' / '.join(str(error).splitlines())}"[:600]
