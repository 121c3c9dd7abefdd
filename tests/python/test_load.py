"""Models from everywhere: the same weights, views where possible, good for as long as they live."""

from __future__ import annotations

import gc
import io
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tfthaw

CONV = "conv1/kernel"


class Ranges:
    """An object that reads ranges, a few bytes at a time."""

    def __init__(self, content: bytes, most: int = 1 << 30) -> None:
        self.content, self.most, self.size = content, most, len(content)

    def read_at(self, offset: int, size: int) -> bytes:
        return self.content[offset : offset + min(size, self.most)]


class Message:
    def __init__(self, content: bytes) -> None:
        self.content = content

    def SerializeToString(self) -> bytes:
        return self.content


SOURCES: dict[str, Callable[[Path], Any]] = {
    "path": lambda path: path,
    "text": str,
    "bytes": lambda path: path.read_bytes(),
    "bytearray": lambda path: bytearray(path.read_bytes()),
    "memoryview": lambda path: memoryview(b"xx" + path.read_bytes())[2:],
    "array": lambda path: np.fromfile(path, np.uint8),
    "bytes file": lambda path: io.BytesIO(path.read_bytes()),
    "ranges": lambda path: Ranges(path.read_bytes()),
    "short ranges": lambda path: Ranges(path.read_bytes(), 1000),
    "message": lambda path: Message(path.read_bytes()),
}
VIEWS = {"bytes", "bytearray", "memoryview", "array", "message"}


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_gives_the_same(kind: str, digits: Path) -> None:
    known = tfthaw.load(digits)
    model = tfthaw.load(SOURCES[kind](digits))
    assert list(model.weights) == list(known.weights) == sorted(known.weights)
    for name, array in model.weights.items():
        assert array.dtype == known.weights[name].dtype == np.float32
        assert array.tobytes() == known.weights[name].tobytes()
    info = model.weights.info(CONV)
    assert info.is_view == (kind in VIEWS)
    assert np.shares_memory(model.weights[CONV], model.weights[CONV]) == info.is_view


def test_an_opened_file(digits: Path) -> None:
    with digits.open("rb") as file:
        model = tfthaw.load(file)
        assert model.path == str(digits)
        assert model.weights[CONV].shape == (3, 3, 1, 16)
    with digits.open(encoding="latin-1") as file, pytest.raises(tfthaw.UsageError, match="as text"):
        tfthaw.load(file)


@pytest.mark.parametrize("odd", [3, None, [1, 2], "0.5".join])
def test_what_is_no_source(odd: Any) -> None:
    with pytest.raises(TypeError, match="a model is read from"):
        tfthaw.load(odd)


def test_views_outlive_the_model(digits: Path) -> None:
    content = bytearray(digits.read_bytes())
    with tfthaw.load(content) as model:
        view = model.weights[CONV]
    before = view.copy()
    del model
    gc.collect()
    assert np.array_equal(view, before)
    with pytest.raises(BufferError):
        content.clear()  # it is in use
    del view
    gc.collect()
    content.clear()


def test_a_closed_model(digits: Path) -> None:
    model = tfthaw.load(digits)
    model.close()
    for use in (lambda: model.weights, lambda: model.nodes, lambda: str(model)):
        with pytest.raises(ValueError, match="closed"):
            use()
    assert model.inputs[0].name == "images:0"


def test_a_map_is_private(digits: Path) -> None:
    content = digits.read_bytes()
    view = tfthaw.load(digits, mmap=True).weights[CONV]
    assert view.flags.writeable
    view += 1
    assert digits.read_bytes() == content
    assert not np.array_equal(view, tfthaw.load(digits).weights[CONV])


def test_what_it_tells(digits: Path) -> None:
    model = tfthaw.load(digits)
    (x,), (y,) = model.inputs, model.outputs
    assert (x.name, x.dtype, x.shape, x.why) == ("images:0", "float32", (None, 8, 8, 1), "Placeholder")
    assert (y.name, y.shape) == ("probabilities:0", (None, 10))
    info = model.weights.info("bn1/moving_mean")
    assert (info.role, info.trainable, info.frozen, info.nbytes) == ("statistic", False, True, 64)
    assert model.report == tfthaw.inspect(digits)
    assert pickle.loads(pickle.dumps((x, info))) == (x, info)
    with pytest.raises(KeyError):
        model.weights["none"]


def test_nodes(digits: Path) -> None:
    nodes = tfthaw.load(digits).nodes
    assert len(nodes) == len(list(nodes)) == 46
    conv = nodes["conv1/Conv2D"]
    assert (conv.op, conv.inputs) == ("Conv2D", ("images", "conv1/kernel/read"))
    assert conv.attr["strides"] == [1, 1, 1, 1] and conv.attr["padding"] == b"SAME"
    assert conv.attr["T"] == "float32" and nodes["images"].attr["shape"] == (None, 8, 8, 1)
    assert nodes[CONV].attr["value"].shape == (3, 3, 1, 16)
    assert "none" not in nodes and 3 not in nodes
    with pytest.raises(KeyError):
        nodes["none"]


def test_nodes_whose_names_are_no_utf8(digits: Path) -> None:
    nodes = tfthaw.load(digits.read_bytes().replace(b"conv1/kernel", b"conv1/kern\xff\xfe")).nodes
    name = "conv1/kern\udcff\udcfe"
    assert name in list(nodes) and name in nodes and nodes[name].name == name
    assert nodes["conv1/Conv2D"].inputs == ("images", name + "/read")
    for none in ("conv1/kern\ufffd\ufffd", "\ud800", b"images", 3):
        assert none not in nodes
    with pytest.raises(KeyError):
        nodes["\ud800"]


def test_summary(digits: Path) -> None:
    lines: list[str] = []
    model = tfthaw.load(digits)
    model.summary(print_fn=lines.append)
    assert lines[0] == f'Model: "{digits}"'
    assert any(line.split() == [CONV, "(float32)", "(3,", "3,", "1,", "16)", "144", "trainable"] for line in lines)
    assert "Total params: 40,538 (158.35 KB)" in lines
    narrow: list[str] = []
    model.summary(narrow.append, line_length=50)
    assert all(len(line) <= 50 for line in narrow[1:])
    assert "<pre>" in model._repr_html_() and "Trainable params: 40,442" in model._repr_html_()


def test_threads(digits: Path) -> None:
    known = {name: array.tobytes() for name, array in tfthaw.load(digits).weights.items()}
    wrong: list[str] = []

    def read(model: tfthaw.Model) -> None:
        for _ in range(20):
            wrong.extend(name for name, array in model.weights.items() if array.tobytes() != known[name])

    for source in (digits, io.BytesIO(digits.read_bytes()), Ranges(digits.read_bytes(), 777)):
        shared = tfthaw.load(source)
        threads = [threading.Thread(target=read, args=(shared,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_forks(digits: Path) -> None:
    code = (
        "import os, sys, tfthaw\n"
        "model = tfthaw.load(sys.argv[1])\n"
        "known = model.weights['conv1/kernel'].tobytes()\n"
        "pids = []\n"
        "for _ in range(3):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        os._exit(0 if model.weights['conv1/kernel'].tobytes() == known else 1)\n"
        "    pids.append(pid)\n"
        "sys.exit(any(os.waitpid(pid, 0)[1] for pid in pids))\n"
    )
    path = os.pathsep.join(sys.path)
    ran = subprocess.run([sys.executable, "-W", "error", "-c", code, str(digits)], env={**os.environ, "PYTHONPATH": path})
    assert ran.returncode == 0
