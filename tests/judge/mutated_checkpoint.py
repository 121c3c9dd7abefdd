"""A mutated checkpoint as TensorFlow reads it, and as Thaw does: each tensor's type, shape and bits, or why not."""

from __future__ import annotations

import ast
import random
import shutil
import sys
from pathlib import Path
from typing import Any

import mutated_files
from mutated_trial import Answer, forked, in_a_line, told

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

Read = Answer  # "error", or "tensors": name -> [type, shape, digest] or an error in one line


def make(job: Read, _: Read) -> Read:
    folder = Path(job["folder"])
    shutil.rmtree(folder, ignore_errors=True)
    return {"what": mutated_files.mutated(random.Random(job["seed"]), Path(job["sound"]), folder)}


def read(reader: Any) -> Read:
    tensors: dict[str, Any] = {}
    for name in reader.get_variable_to_shape_map():
        key = repr(name)
        try:
            tensors[key] = told(reader.get_tensor(name))
        except Exception as error:  # noqa: BLE001  (of whatever kind: it is an answer)
            tensors[key] = in_a_line(error)
    return {"tensors": tensors}


def pattern(folder: Path) -> str:
    """What TensorFlow is to open: of the first format in shards it wants to be told how many."""
    shards = sorted(path.name for path in folder.glob("m-?????-of-?????"))
    return f"m-?????{shards[0][-9:]}" if shards and not (folder / "m").exists() else "m"


def theirs(job: Read, _: Read) -> Read:
    from strict_tf import tf

    folder = Path(job["folder"])
    try:
        return read(tf.train.load_checkpoint(str(folder / pattern(folder))))
    except Exception as error:  # noqa: BLE001
        return {"error": in_a_line(error)}


def one_by_one(job: Read, answers: Read) -> Read:
    """Where TensorFlow died of one tensor: each by itself."""
    if "died" not in answers["theirs"] or "tensors" not in answers["ours"]:
        return {}
    from strict_tf import tf

    folder = Path(job["folder"])

    def one(name: str) -> Read:
        try:
            return {"value": told(tf.train.load_checkpoint(str(folder / pattern(folder))).get_tensor(name))}
        except Exception as error:  # noqa: BLE001
            return {"value": in_a_line(error)}

    found = {}
    for key in answers["ours"]["tensors"]:
        answers_told, died = forked(one(name) for name in [ast.literal_eval(key)])
        found[key] = died or answers_told[0]["value"]
    return {"tensors": found}


def ours(job: Read, _: Read) -> Read:
    import tfthaw

    try:
        found = read(tfthaw.load_checkpoint(Path(job["folder"]) / "m"))
    except tfthaw.Error as error:
        found = {"error": in_a_line(error)}
    try:
        verified = tfthaw.verify(Path(job["folder"]) / "m")
        problems = [problem["what"] for problem in verified["problems"]]
    except tfthaw.Error as error:
        problems = [in_a_line(error)]
    return {**found, "problems": problems}


STEPS = [make, ours, theirs, one_by_one]
OURS = ("make", "ours")  # must not end the process


def compared(answers: Read) -> dict[str, list[str]]:
    """The tensors of each verdict: `same`, `neither`, `only_tensorflow` and `only_thaw` with what the other says, `different`.

    Also `verified_alone`: what only Thaw reads, and `verify` has nothing against.
    """
    ours, theirs = answers["ours"], answers["one_by_one"] or answers["theirs"]
    mine, yours = ours.get("tensors", {}), theirs.get("tensors", {})
    verdicts: dict[str, list[str]] = {}
    for name in sorted({*mine, *yours}):
        a = mine.get(name, ours.get("error", "not listed"))
        b = yours.get(name, theirs.get("error") or theirs.get("died") or "not listed")
        read_here, read_there = isinstance(a, list), isinstance(b, list)
        if read_here and read_there:
            verdicts.setdefault("same" if a == b else "different", []).append(f"{name}: {a} {b}")
        elif read_there:
            verdicts.setdefault("only_tensorflow", []).append(str(a))
        elif read_here:
            verdicts.setdefault("only_thaw", []).append(str(b))
        else:
            verdicts.setdefault("neither", []).append(name)
    if "only_thaw" in verdicts and not ours.get("problems"):
        verdicts["verified_alone"] = verdicts["only_thaw"]
    return verdicts
