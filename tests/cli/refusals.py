"""What the program must refuse: the words, the exit code, and what its message must name."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import models
from program import REPOSITORY

COMMAND_LINE, INPUT, OUTPUT = 2, 3, 4
LONG = "n" * 250
BUNDLES = REPOSITORY / "tests" / "data" / "bundles"

# Files that are on the desk besides the models.
FILES: dict[str, bytes] = {
    "broken.rules": b"# comment\nfirst/kernel=a\nsecond/kernel: b\n",
    "idle.rules": b"first/kernel=a\n\nthird/kernel=b\n",
    "group.rules": b"(first)/kernel=\\2\n",
    "binary.rules": bytes(range(256)),
    "weightless.pb": models.weightless(),
    "unfrozen.pb": models.with_variable(),
    "unfrozen.meta": models.meta_graph(models.with_variable())
    + models.collection("variables", "first/kernel"),
    "empty.pb": b"",
    "zeros.pb": bytes(4096),
    "cut.pb": models.dense()[:-300],
    "gzip.pb": gzip.compress(models.dense(), mtime=0),
    "zip.pb": b"PK\x03\x04" + bytes(100),
    "keras.h5": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "lite.tflite": b"\x1c\0\0\0TFL3" + bytes(100),
    "model.onnx": models.onnx(),
    "saved_model.pb": models.saved_model(models.with_variable()),
    "saved/saved_model.pb": models.saved_model(models.with_variable()),
    "saved/variables/variables.index": b"",
    "page.pb": b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n",
    "loud_page.pb": b"<HTML>\n<HEAD><TITLE>Sign in</TITLE></HEAD></HTML>\n",
    "late_page.pb": b"\r\n\n  <!doctype html>\n<html></html>\n",
    "note.pb": b"The model is on the other server.\n",
    "model.json": b'{"format": "layers-model", "modelTopology": {}}',
    "array.npy": b"\x93NUMPY\x01\0v\0{'descr': '<f4'}",
    "lfs.pb": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12345\n",
    "restored/checkpoint": b'model_checkpoint_path: "model.ckpt"\n',
    "there/model.ckpt.index": b"somebody's index",
    "other/checkpoint": b'model_checkpoint_path: "older"\nall_model_checkpoint_paths: "older"\n',
    "notes/checkpoint": b"remember to save\n",
    "folder/checkpoint/file": b"",
    "weights.index": (BUNDLES / "dtypes.index").read_bytes(),
    "weights.data-00000-of-00001": (BUNDLES / "dtypes.data-00000-of-00001").read_bytes(),
}


def lay(desk: Path, words: tuple[str, ...]) -> None:
    """Puts there what the words speak of, with what lies in the same folder."""
    spoken = {word.removeprefix("./").partition("/")[0] for word in words}
    for name, content in FILES.items():
        if name.partition("/")[0] not in spoken:
            continue
        path = desk / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@dataclass(frozen=True)
class Refusal:
    words: tuple[str, ...]
    code: int
    told: tuple[str, ...]

    @property
    def id(self) -> str:
        return " ".join(ascii(word)[1:-1] or "''" for word in self.words).replace(LONG, "LONG")

    def with_option(self, *more: str) -> tuple[str, ...]:
        """The words, with options behind the first: it may be a command's name, the last may want a value."""
        return (self.words[0], *more, *self.words[1:])


def line(*words: str, tell: str | tuple[str, ...]) -> Refusal:
    return Refusal(words, COMMAND_LINE, (tell,) if isinstance(tell, str) else tell)


def options(*words: str, tell: str | tuple[str, ...]) -> Refusal:
    return line("d.pb", *words, tell=tell)


def model(name: str, *tell: str, words: tuple[str, ...] = ()) -> Refusal:
    return Refusal((name, *words), INPUT, (Path(name).name, *tell))


def output(prefix: str, *tell: str) -> Refusal:
    return Refusal(("d.pb", "-o", prefix), OUTPUT, tell)


WORDS = [
    line("modle", tell=("modle", "./modle")),
    line("help", tell="--help"),
    line("inspct", "d.pb", tell=("no command 'inspct'", "thaw inspect")),
    line("freez", "out/m", "-o", "m.pb", tell=("no command 'freez'", "thaw freeze")),
    line("transplnt", "d.pb", "--into", "t", "-o", "m", tell="thaw transplant"),
    line("-v", tell="model"),
    line("-n", tell="model"),
    line("-q", "modle", tell=("modle", "./modle")),
    line("", tell="''"),
    line("-d.pb", tell="-d.pb"),
    options("extra.pb", tell="extra.pb"),
    options("--frobnicate", tell=("--frobnicate", "--help")),
    options("--jsn", tell=("--jsn", "--json")),
    options("--otput", "x", tell=("--otput", "--output?")),
    options("--into", "t", "-o", "m", tell=("--into", "thaw transplant")),
    options("--outputt", "x", tell=("--outputt", "--output")),
    options("--dry", tell=("--dry", "--dry-run")),
    options("-x", tell="-x"),
    options("--a\x1b[31m", tell="--a\\x1b"),
    options("-o", tell=("--output", "PREFIX")),
    options("-o", "", tell=("--output", "''")),
    options("-o", "a", "-o", "b", tell="--output"),
    options("--scope", tell="--scope"),
    options("--scope", "a", "--scope", "b", tell="--scope"),
    options("--init", "zero", tell=("--init", "zero", "nan", "restore", "value")),
    options("--variables", "Resource", tell=("--variables", "Resource", "resource", "ref")),
    options("--bn", "on", tell=("--bn", "on", "frozen", "batch")),
    options("--bn-momentum", "0.9", tell=("--bn-momentum", "--bn batch")),
    options("--bn", "batch", "--bn-momentum", "1", tell=("--bn-momentum", "below 1")),
    options("--bn", "batch", "--bn-momentum", "-1", tell=("--bn-momentum", "-1")),
    options("--bn", "batch", "--bn-momentum", "much", tell=("--bn-momentum", "much")),
    options("--target-tf", "1.99", tell=("--target-tf", "1.99", "1.0 to 2.", "1.15")),
    options("--target-tf", "latest", tell=("--target-tf", "latest")),
    options("--color", "sometimes", tell=("--color", "sometimes", "auto", "always", "never")),
    options("--progress", "1", tell=("--progress", "1", "auto", "always", "never")),
    options("-o", "checkpoint", tell="checkpoint"),
    options("-o", "a.replaced", tell="a.replaced"),
    options("-o", "a[b", tell="a[b"),
]
PATTERNS = [
    *(
        options(option, "first/kernl", tell=(option, "first/kernl", "first/kernel"))
        for option in ("--thaw", "--keep", "--non-trainable")
    ),
    *(
        options(option, "nowhere/.*", tell=(option, "nowhere/.*"))
        for option in ("--thaw", "--keep", "--non-trainable")
    ),
    *(options(option, "((", tell=(option, "((")) for option in ("--thaw", "--keep", "--non-trainable")),
    *(options(option, "", tell=option) for option in ("--thaw", "--keep", "--non-trainable")),
    options("--thaw", "x", tell=("--thaw", "x")),
    options("--rename", "first/kernl=a", tell=("--rename", "first/kernl", "first/kernel")),
    options("--rename", "first/kernel", tell=("--rename", "first/kernel", "=")),
    options("--rename", "=a", tell=("--rename", "=a")),
    options("--rename", "first/kernel=", tell=("--rename", "first/kernel")),
    options("--rename", "first/(.*)=\\2", tell=("--rename", "\\2")),
    options("--rename", "first/kernel=second/kernel", tell=("first/kernel", "second/kernel")),
    options("--rename", "first/kernel=out", tell=("first/kernel", "out")),
    options("--rename", "first/kernel=no!", tell=("first/kernel", "no!", "--rename")),
    options("--rules", "broken.rules", tell=("broken.rules:3", "second/kernel: b")),
    options("--rules", "idle.rules", tell=("idle.rules:3", "third/kernel")),
    options("--rules", "group.rules", tell=("group.rules:1", "\\2")),
    options("--rules", "binary.rules", tell="binary.rules:1"),
    options("--scope", "a b", tell=("--scope", "a b")),
    options("--scope", "_a", tell=("--scope", "_a")),
    options("--strip-prefix", "frist", tell=("--strip-prefix", "frist", "first")),
]
GRAPHS = [
    options("--outputs", "uot", tell=("--outputs", "uot", "out")),
    options("--outputs", "out,uot", "--prune", tell=("--outputs", "uot", "out")),
    options("--outputs", "out:3", tell=("--outputs", "out:3")),
    options("--prune", tell=("--prune", "--outputs")),
    options("--input", "y:0[?,4]", tell=("--input", "'y", "'x'")),
    options("--input", "x:0", tell=("--input", "x:0")),
    options("--input", "x:0[?,four]", tell=("--input", "four")),
    options("--input", "x:0[?,-4]", tell=("--input", "-4")),
    options("--input", "x:1[?,4]", tell=("--input", "x:1")),
    options("--input", "out:0[?,2]", tell=("--input", "out")),
    options("--input", "x:0[?,5]", tell=("--input", "x:0[?,5]", "first/MatMul")),
    options("--input", "x:0[?,4]", "--input", "x:0[2,4]", tell=("--input", "x:0[2,4]")),
]
MODELS = [
    model("missing.pb", "No such file"),
    model("d.pb/below", "check the spelling"),
    Refusal(("-",), INPUT, ("standard input", "save it")),
    Refusal(("https://example.org/d.pb",), INPUT, ("https://example.org/d.pb", "download")),
    Refusal(("no\nsuch.pb",), INPUT, ("no\\x0asuch.pb",)),
    model("./saved/variables", "folder"),
    model("./saved", "first/kernel", "saved/variables/variables"),
    model("./restored", "folder"),
    model("/dev/null"),
    model("empty.pb", "empty"),
    model("zeros.pb", "zeros"),
    model("cut.pb", "complete"),
    model("gzip.pb", "gzip"),
    model("zip.pb", "zip"),
    model("keras.h5", "HDF5"),
    model("lite.tflite", "TensorFlow Lite"),
    model("model.onnx", "ONNX"),
    model("saved_model.pb", "first/kernel", "variables/variables"),
    model("page.pb", "web page"),
    model("loud_page.pb", "web page"),
    model("late_page.pb", "web page"),
    model("note.pb", "text"),
    model("model.json", "JSON"),
    model("array.npy", "NumPy"),
    model("lfs.pb", "Git LFS"),
    model("weights.index", "checkpoint"),
    model("weights.data-00000-of-00001"),
    model("restored/checkpoint", "checkpoint state"),
    model("weightless.pb", "no weights"),
    model("unfrozen.pb", "variable", "never frozen"),
    model("unfrozen.meta", "first/kernel", "a checkpoint 'unfrozen'"),
    model("d.pb", "no weights", words=("--keep", ".*")),
    Refusal(("d.pb", "--rules", "missing.rules"), INPUT, ("missing.rules",)),
    Refusal(("d.pb", "--rules", "saved"), INPUT, ("saved", "folder")),
]
OUTPUTS = [
    output("there/", "there/model.ckpt.index", "--force"),
    output("there", "there/model.ckpt.index", "--force"),
    output("there/model.ckpt.meta", "there/model.ckpt.index", "--force"),
    output("other/new", "other/checkpoint", "older", "--force", "--keep-state"),
    output("notes/new", "notes/checkpoint", "--force", "--keep-state"),
    output("folder/new", "folder/checkpoint"),
    output("d.pb/new", "d.pb", "folder"),
    output("d.pb/", "d.pb", "folder"),
    output(LONG, "255"),
    output("/proc/thaw/new", "/proc/thaw"),
]
ALL = [*WORDS, *PATTERNS, *GRAPHS, *MODELS, *OUTPUTS]
# Each kind of error that --json tells apart and that a user can bring about.
KINDS: dict[str, Callable[[Refusal], bool]] = {
    "usage": lambda refusal: refusal.code == COMMAND_LINE,
    "input_io": lambda refusal: refusal.words[0] == "missing.pb",
    "malformed": lambda refusal: refusal.words[0] in ("empty.pb", "cut.pb", "zeros.pb"),
    "unsupported": lambda refusal: refusal.words[0] in ("gzip.pb", "keras.h5"),
    "no_weights": lambda refusal: refusal.words[0] in ("weightless.pb", "unfrozen.pb"),
    "missing_values": lambda refusal: refusal.words[0] in ("unfrozen.meta", "saved_model.pb"),
    "output_exists": lambda refusal: refusal.words[-1] in ("there", "other/new", "notes/new"),
    "output_io": lambda refusal: refusal.words[-1] in ("d.pb/new", LONG, "/proc/thaw/new"),
}
