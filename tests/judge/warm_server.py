"""A Python that has TensorFlow already. Importing it takes longer than most of what scripts of the tests do then.

    python tests/judge/warm_server.py SOCKET

imports TensorFlow, does nothing with it, and gives a copy of itself (fork) to each warm_python that asks: one that runs its script in its
folder, with its environment and streams. A script must not notice, unless it looks at what is imported.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import types
from typing import Any

TICK = 0.02  # seconds between looks at which copies have ended
MOST = 1 << 20  # bytes of a request


def request(asker: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """What to run, and the three streams."""
    told, streams, _, _ = socket.recv_fds(asker, MOST, 3)
    while not told.endswith(b"\n"):
        told += asker.recv(MOST)
    return json.loads(told), streams


def become(wish: dict[str, Any], streams: list[int]) -> None:
    """In the copy: as if it had just been started so."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(wish["folder"])
    os.environ.clear()
    os.environ.update(wish["environment"])
    paths = [path for path in wish["environment"].get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.path[:] = ["", *paths, *sys.path[1:]]


def run(words: list[str]) -> None:
    first, *rest = words
    if first == "-m":
        sys.argv = rest
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif first == "-c":
        sys.argv = ["-c", *rest[1:]]
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(rest[0], "<string>", "exec"), main.__dict__)
    else:
        sys.argv = words
        sys.path[0] = os.path.dirname(os.path.abspath(first))
        runpy.run_path(first, run_name="__main__")


def serve(listening: socket.socket) -> list[str]:
    """Comes back in copies only, with what to run."""
    ready = selectors.DefaultSelector()
    ready.register(listening, selectors.EVENT_READ)
    askers: dict[int, socket.socket] = {}  # by the copy's number
    parent = os.getppid()
    while os.getppid() == parent:
        for key, _ in ready.select(TICK):
            if key.fileobj is listening:
                asker, _ = listening.accept()
                wish, streams = request(asker)
                copy = os.fork()
                if copy == 0:
                    ready.close()
                    become(wish, streams)
                    return list(wish["words"])
                for stream in streams:
                    os.close(stream)
                askers[copy] = asker
                ready.register(asker, selectors.EVENT_READ, copy)
            else:  # it went before its script did
                os.kill(key.data, signal.SIGKILL)
                ready.unregister(key.fileobj)
        for copy in list(askers):
            ended, status = os.waitpid(copy, os.WNOHANG)
            if ended:
                asker = askers.pop(copy)
                with contextlib.suppress(KeyError, BrokenPipeError):  # it is registered while it waits
                    ready.unregister(asker)
                    asker.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
                asker.close()
    raise SystemExit(0)


if __name__ == "__main__":
    with socket.socket(socket.AF_UNIX) as place:
        place.bind(sys.argv[1] + ".new")
        place.listen(64)
        os.rename(sys.argv[1] + ".new", sys.argv[1])  # who asks before it is ready waits
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        import tensorflow as tf  # noqa: F401

        wanted = serve(place)
    run(wanted)
