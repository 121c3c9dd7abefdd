"""Every kind of command that writes, and the models they are tried on.

A command is run in a folder of its own: what it reads lies in `in`, what it writes in `out`.
"""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import models
from outputs import Checkpoint, File, Folder, Output
from program import REPOSITORY

KERAS = REPOSITORY / "tests" / "data" / "keras"
MODEL = "in/model.pb"
CHECKPOINT = "in/trained/m"
SIZES = ("small", "medium", "large")
# How a command before it is made to write something else, graph and all.
AS_REFERENCES = ("--variables", "ref")
UNDER_A_SCOPE = ("--scope", "old")
Prepare = Callable[[Path, str], None]


@functools.cache
def model(size: str) -> bytes:
    """Frozen models of about 1 KiB, 160 KiB and 4 MiB; "keras" has the shapes of the files in tests/data/keras."""
    if size == "small":
        return models.dense()
    if size == "medium":
        return (REPOSITORY / "demo" / "digits.pb").read_bytes()
    wide, narrow = (3, 2) if size == "keras" else (1024, 768)
    layers = models.layer("stem", "x", wide, narrow) + models.layer("head", "stem/BiasAdd", narrow, narrow if size == "large" else 2)
    out = models.node("out", "Softmax", ["head/BiasAdd"], models.of_float())
    return models.graph(models.placeholder("x", [-1, wide]), layers, out)


def run_quietly(thaw: str, folder: Path, *words: str) -> str:
    done = subprocess.run([thaw, *words], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def nothing(_folder: Path, _thaw: str) -> None:
    pass


def a_checkpoint(folder: Path, thaw: str) -> None:
    run_quietly(thaw, folder, MODEL, "-o", CHECKPOINT, "-q", "--no-sync")


def a_saved_model(folder: Path, thaw: str) -> None:
    run_quietly(thaw, folder, MODEL, "--saved-model", "in/saved", "-q", "--no-sync")


def a_session_model(folder: Path, thaw: str) -> None:
    """A SavedModel of TensorFlow 1: a checkpoint and its MetaGraph under other names."""
    a_checkpoint(folder, thaw)
    trained, place = folder / CHECKPOINT, folder / "in" / "saved"
    (place / "variables").mkdir(parents=True)
    for ending in (".index", ".data-00000-of-00001"):
        Path(f"{trained}{ending}").rename(place / "variables" / f"variables{ending}")
    served = models.field(1, models.field(4, "serve")) + Path(f"{trained}.meta").read_bytes()
    (place / "saved_model.pb").write_bytes(models.number(1, 1) + models.field(2, served))
    shutil.rmtree(trained.parent)


def a_list(folder: Path, thaw: str) -> None:
    told = json.loads(run_quietly(thaw, folder, MODEL, "-n", "--json"))
    rows = (f"{one['key']} {one['dtype']} {json.dumps(one['shape'])}\n" for one in told["variables"])
    (folder / "in" / "list.txt").write_text("".join(rows))


def legacy_weights(folder: Path, thaw: str) -> None:
    a_list(folder, thaw)
    run_quietly(thaw, folder, "transplant", MODEL, "--into", "in/list.txt", "-o", "in/target.h5", "-q", "--no-sync")


def from_keras(folder: Path, _thaw: str, name: str) -> None:
    (folder / "in" / name).write_bytes((KERAS / name).read_bytes())


@dataclass(frozen=True)
class Command:
    name: str
    words: tuple[str, ...]
    outputs: tuple[Output, ...]
    prepare: Prepare = nothing
    before: tuple[str, ...] = ()  # options of the run whose result it replaces
    sizes: tuple[str, ...] = SIZES
    lacks: tuple[str, ...] = ()  # what the file system has not: faults for strace
    may_say_no: bool = False  # what cannot be read is a problem that it lists, with exit code 1

    @property
    def lacked(self) -> set[str]:
        """The calls that it has not."""
        return {fault.partition(":")[0] for fault in self.lacks}


def into(target: str, out: str, *options: str) -> tuple[str, ...]:
    return ("transplant", MODEL, "--into", target, "-o", out, *options)


NO_LINKS = ("linkat:error=EPERM",)
NO_SWAP = ("renameat2:error=EINVAL",)
M, S, F, H5 = Checkpoint("m"), Folder("s"), File("f.pb"), File("w.h5")
WRITING = (
    Command("thaw -o", (MODEL, "-o", "out/m"), (M,), before=AS_REFERENCES),
    Command("thaw -o, deep", (MODEL, "-o", "out/a/b/m"), (Checkpoint("a/b/m"),), before=AS_REFERENCES),
    Command("thaw -o, verified, with state", (MODEL, "-o", "out/m", "--verify", "--optimizer", "adam", "--global-step", "7"), (M,), before=AS_REFERENCES),
    Command("thaw -o --keep-state", (MODEL, "-o", "out/m", "--keep-state"), (M,), before=AS_REFERENCES),
    Command("thaw --saved-model", (MODEL, "--saved-model", "out/s"), (S,), before=UNDER_A_SCOPE),
    Command("thaw -o --saved-model", (MODEL, "-o", "out/m", "--saved-model", "out/s"), (M, S), before=UNDER_A_SCOPE),
    Command("thaw -o without hard links", (MODEL, "-o", "out/m"), (M,), before=AS_REFERENCES, lacks=NO_LINKS),
    Command("thaw --saved-model without swaps", (MODEL, "--saved-model", "out/s"), (Folder("s", swaps=False),), before=UNDER_A_SCOPE, lacks=NO_SWAP),
    Command("thaw a MetaGraph", (f"{CHECKPOINT}.meta", "-o", "out/m"), (M,), a_checkpoint, AS_REFERENCES),
    Command("thaw a SavedModel", ("in/saved", "-o", "out/m"), (M,), a_saved_model, AS_REFERENCES),
    Command("transplant into a checkpoint", into(CHECKPOINT, "out/m"), (M,), a_checkpoint),
    Command("transplant into a list", into("in/list.txt", "out/m"), (M,), a_list),
    Command("transplant into a SavedModel", into("in/saved", "out/s"), (S,), a_session_model),
    Command("transplant into a list for Keras", into("in/list.txt", "out/w.h5"), (H5,), a_list),
    Command("transplant into .h5", into("in/target.h5", "out/w.h5"), (H5,), legacy_weights),
    Command("transplant into .weights.h5", into("in/dense.weights.h5", "out/w.weights.h5", "--rename", "head=sequential/head", "--rename", "stem=sequential/stem"), (File("w.weights.h5"),), functools.partial(from_keras, name="dense.weights.h5"), sizes=("keras",)),
    Command("transplant into .keras", into("in/dense.keras", "out/w.keras", "--rename", "head=sequential/head", "--rename", "stem=sequential/stem"), (File("w.keras"),), functools.partial(from_keras, name="dense.keras"), sizes=("keras",)),
    Command("freeze a checkpoint", ("freeze", CHECKPOINT, "-o", "out/f.pb"), (F,), a_checkpoint),
    Command("freeze a SavedModel, verified", ("freeze", "in/saved", "-o", "out/f.pb", "--verify"), (F,), a_saved_model),
)
# For failures only: they write nothing.
READING = (
    Command("inspect", ("inspect", MODEL, "--weights", "--stats", "--ops"), ()),
    Command("inspect a checkpoint", ("inspect", CHECKPOINT, "--weights", "--stats"), (), a_checkpoint),
    Command("inspect a SavedModel", ("inspect", "in/saved"), (), a_saved_model),
    Command("verify", ("verify", CHECKPOINT), (), a_checkpoint, may_say_no=True),
    Command("verify a model", ("verify", MODEL, CHECKPOINT), (), a_checkpoint, may_say_no=True),
    Command("verify a SavedModel", ("verify", MODEL, "in/saved"), (), a_saved_model, may_say_no=True),
    Command("diff", ("diff", MODEL, CHECKPOINT), (), a_checkpoint),
    Command("thaw -n", (MODEL, "-n"), ()),
)
