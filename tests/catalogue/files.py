"""F: files, folders and processes."""

from __future__ import annotations

import os
from pathlib import Path

import models
from case import COMMAND_LINE, DONE, INPUT, NAME, NO, OUTPUT, Case, Elsewhere, Make, both, file
from checkpoints import PREFIX, written

SOUND = file(NAME, models.dense())
WRITE = (NAME, "-o", "out/m", "--no-sync")
LONG = "n" * 300
STRANGE = ("sp ace.pb", "new\nline.pb", "caf\u00e9.pb", "st*r?.pb", "[a].pb", "q'u\"ote.pb", "\x1b[2J.pb")


def linked(name: str, to: str, hard: bool = False) -> Make:
    def make(place: Path) -> None:
        (os.link if hard else os.symlink)(place / to if hard else to, place / name)

    return make


def special(name: str, kind: str) -> Make:
    def make(place: Path) -> None:
        {"folder": os.mkdir, "pipe": os.mkfifo}[kind](place / name)

    return make


CASES: list[Case] = [
    Case("F01", "an index is there", both(SOUND, file("out/m.index", b"old")), WRITE, (OUTPUT,), ("m.index", "--force")),
    Case("F01", "data are there", both(SOUND, file("out/m.data-00000-of-00001", b"old")), WRITE, (OUTPUT,), ("--force",)),
    Case("F01", "a frozen model is there", both(written(), file("f.pb", b"old")), ("freeze", PREFIX, "-o", "f.pb"), (INPUT, OUTPUT)),
    Case("F02", "no folder", SOUND, (NAME, "-o", "a/b/c/m", "--no-sync"), (DONE,)),
    Case("F02", "below a file", SOUND, (NAME, "-o", f"{NAME}/m"), (OUTPUT,), (NAME,)),
    Case("F03", "where nobody can write", SOUND, (NAME, "-o", "/proc/thaw/m"), (OUTPUT,), ("/proc/thaw",)),
    Case("F06", "files of 4 KiB", SOUND, WRITE, (OUTPUT,), how={"limits": {"RLIMIT_FSIZE": 4096}}),
    Case("F06", "files of 1 KiB", SOUND, WRITE, (OUTPUT,), how={"limits": {"RLIMIT_FSIZE": 1024}}),
    Case("F12", "output is the input", file("m.index", models.dense()), ("m.index", "-o", "m", "--force"), (INPUT, OUTPUT)),
    Case("F12", "through a link", both(file("d.pb", models.dense()), linked("m.index", "d.pb")), ("m.index", "-o", "m"), (INPUT, OUTPUT)),
    Case("F12", "through a hard link", both(file("d.pb", models.dense()), linked("f.index", "d.pb", True)), ("d.pb", "-o", "f"), (OUTPUT,)),
    Case("F13", "a link to a file", both(SOUND, file("old", b"old"), file("out/x", b""), linked("out/m.index", "../old")), WRITE, (OUTPUT,)),
    Case("F13", "a link to nowhere", both(SOUND, file("out/x", b""), linked("out/m.index", "nowhere")), WRITE, (OUTPUT,)),
    Case("F14", "a pipe", both(SOUND, file("out/x", b""), special("out/m.index", "pipe")), WRITE, (OUTPUT,)),
    Case("F14", "a folder", both(SOUND, file("out/x", b""), special("out/m.index", "folder")), WRITE, (OUTPUT,)),
    Case("F14", "a folder, by force", both(SOUND, file("out/x", b""), special("out/m.index", "folder")), (*WRITE, "--force"), (INPUT, OUTPUT)),
    Case("F15", "standard input", SOUND, ("-", "-o", "out/m"), (INPUT,), ("standard input",)),
    *(Case("F15", "a pipe", special("p.pb", "pipe"), words, (INPUT,), ("p.pb",)) for words in (("p.pb", "-n"), ("inspect", "p.pb"), ("diff", "p.pb", "p.pb"))),
    Case("F15", "a pipe", special("p.pb", "pipe"), ("verify", "p.pb"), (NO, INPUT), ("p.pb",)),
    *(Case("F16", "a folder", special("d.pb", "folder"), words, (INPUT,), ("d.pb",)) for words in (("d.pb", "-n"), ("inspect", "d.pb"))),
    *(Case("F16", name, SOUND, words, (INPUT,), (name,)) for name in ("/dev/null", "/dev/zero", "/dev/tty") for words in ((name, "-n"), ("inspect", name))),
    Case("F23", "a full disk for the report", SOUND, ("inspect", NAME), (OUTPUT,), how={"out": "/dev/full"}),
    Case("F24", "no standard input", SOUND, WRITE, (DONE,), how={"closed": (0,)}),
    Case("F24", "no standard output", SOUND, ("inspect", NAME), (OUTPUT,), how={"closed": (1,)}),
    Case("F27", "a name of 300 bytes", SOUND, (NAME, "-o", f"out/{LONG}"), (OUTPUT,), ("255",)),
    Case("F27", "a name without room for endings", SOUND, (NAME, "-o", "n" * 240), (OUTPUT,)),
    Case("F27", "a path of 5,000 bytes", SOUND, (NAME, "-o", "/".join(["d" * 100] * 50) + "/m"), (OUTPUT,)),
    Case("F27", "a model's path of 5,000 bytes", SOUND, ("inspect", "d/" * 2500 + NAME), (INPUT, OUTPUT)),
    *(Case("F28", ascii(name), file(name, models.dense()), (f"./{name}", "-o", "out/m", "--no-sync"), (DONE,)) for name in STRANGE),
    *(Case("F28", f"{name!a} is broken", file(name, b"garbage"), ("inspect", f"./{name}"), (INPUT,)) for name in STRANGE),
    Case("F28", "a leading dash", file("-d.pb", models.dense()), ("inspect", "--", "-d.pb"), (DONE, COMMAND_LINE)),
    Case("F29", "16 descriptors", SOUND, WRITE, (DONE,), how={"limits": {"RLIMIT_NOFILE": 16}}),
    Case("F29", "4 descriptors", SOUND, WRITE, (DONE, INPUT, OUTPUT), how={"limits": {"RLIMIT_NOFILE": 4}}),
    *(Case("F30", f"{name}={value}", SOUND, WRITE, (DONE,), how={"env": {name: value}}) for name, value in (("LC_ALL", "tr_TR.UTF-8"), ("LC_ALL", "de_DE"), ("TZ", "garbage"), ("HOME", None), ("TMPDIR", "/nowhere"))),
]
ELSEWHERE: list[Elsewhere] = [
    Elsewhere("F04", "tests/kill/test_limits.py", "test_full_disk"),
    Elsewhere("F05", "tests/kill/failures.py", "fallocate"),
    Elsewhere("F07", "tests/kill/failures.py", "EDQUOT"),
    Elsewhere("F08", "tests/kill/failures.py", "EINTR"),
    Elsewhere("F09", "tests/kill/failures.py", "fsync"),
    Elsewhere("F10", "tests/kill/failures.py", "close"),
    Elsewhere("F11", "tests/kill/failures.py", "rename"),
    Elsewhere("F17", "tests/kill/test_limits.py", "test_input_changes_meanwhile"),
    Elsewhere("F18", "tests/kill/test_limits.py", "test_input_changes_meanwhile"),
    Elsewhere("F19", "tests/kill/failures.py", "pread64"),
    Elsewhere("F20", "tests/kill/test_disturbed.py", "test_killed"),
    Elsewhere("F21", "tests/cli/test_signals.py", "test_while_it_writes"),
    Elsewhere("F22", "tests/cli/test_streams.py", "test_readers_that_have_gone"),
    Elsewhere("F25", "tests/kill/test_race.py", "test_only_whole_results_are_seen"),
    Elsewhere("F26", "tests/io/publication_test.cc", "HealingKeepsWhatTheKilledRunHadNotReplaced"),
    Elsewhere("F32", "tests/kill/failures.py", "EOPNOTSUPP"),
    Elsewhere("F31", "tests/cli/test_outputs.py", "test_permissions_follow_the_mask"),
]
NOT_APPLICABLE: dict[str, str] = {}
