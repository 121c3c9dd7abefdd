"""The system calls of a run, and runs that strace kills or fails at one of them."""

from __future__ import annotations

import collections
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

LINE = re.compile(r"^\d+ +(\w+)\((.*)")
PATH = re.compile(r'<(/[^>]*)>|"((?:[^"\\]|\\.)*)"')
SECONDS = 60  # only what waits for something that never comes takes so long
# Signals that the program asks for as soon as it is its own master: what comes before is the loader's.
FIRST_OWN = "rt_sigaction(SIGINT"


@dataclass(frozen=True)
class Call:
    name: str
    number: int  # the n-th of that name, from 1
    told: str  # its arguments and its result, descriptors with their paths
    own: bool  # the program's, not the loader's
    writes: bool  # on a file that was opened to be written

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(one or other for one, other in PATH.findall(self.told))

    def __str__(self) -> str:
        return f"{self.name} {self.number} ({self.told[:120]})"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str
    reached: bool  # whether the call was met at all


def recorded(words: list[str], folder: Path, lacks: tuple[str, ...] = ()) -> list[Call]:
    """Every system call of a run that nothing disturbs but what the file system lacks."""
    log = folder / "strace.log"
    run = _strace(words, folder, log, ["-y", "-s", "0", *_injections(lacks)])
    if run.code != 0:
        raise SystemExit(f"{' '.join(words)} ended with {run.code}: {run.err}")
    counts: collections.Counter[str] = collections.Counter()
    calls, own, opened = [], False, False
    for line in log.read_text(errors="replace").splitlines():
        match = LINE.match(line)
        if not match or match[1] == "exit_group" or (match[1] == "execve" and not calls):
            continue
        name, told = match[1], match[2]
        counts[name] += 1
        own = own or FIRST_OWN in line
        if name == "openat":
            opened = "O_WRONLY" in told
        calls.append(Call(name, counts[name], told, own, opened and ".thaw-" in told))
    return calls


def kill_at(words: list[str], folder: Path, call: Call, lacks: tuple[str, ...] = ()) -> Run:
    return _at(words, folder, call, "signal=KILL", lacks)


def fail_at(words: list[str], folder: Path, call: Call, error: str, lacks: tuple[str, ...] = ()) -> Run:
    return _at(words, folder, call, f"error={error}", lacks)


def end_at(words: list[str], folder: Path, call: Call) -> Run:
    """The call says that there is nothing more."""
    return _at(words, folder, call, "retval=0", ())


def _at(words: list[str], folder: Path, call: Call, fault: str, lacks: tuple[str, ...]) -> Run:
    faults = _injections((f"{call.name}:{fault}:when={call.number}", *lacks))
    traced = {call.name, *(fault.partition(":")[0] for fault in lacks)}
    log = folder / "strace.log"
    run = _strace(words, folder, log, ["-e", f"trace={','.join(sorted(traced))}", *faults])
    lines = [line for line in log.read_text(errors="replace").splitlines() if f" {call.name}(" in line]
    return Run(run.code, run.out, run.err, len(lines) >= call.number)


def _injections(faults: tuple[str, ...]) -> list[str]:
    return [word for fault in faults for word in ("-e", f"inject={fault}")]


def _strace(words: list[str], folder: Path, log: Path, options: list[str]) -> Run:
    done = subprocess.run(["strace", "-f", "-o", str(log), *options, *words], cwd=folder, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)
    return Run(done.returncode, *(stream.decode("utf-8", "replace") for stream in (done.stdout, done.stderr)), True)
