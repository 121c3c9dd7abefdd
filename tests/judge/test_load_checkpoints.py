"""The package's checkpoints against TensorFlow's: what one writes the other reads, and the bytes are the same."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))
import tfthaw
from load_checkpoints import differences, open_both
from sound_checkpoints import written
from strict_tf import tf

RANDOM = np.random.default_rng(7)
TYPES = [
    *(np.dtype(name) for name in "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64".split()),
    *(np.dtype(name) for name in ("complex64", "complex128", "bool")),
    *(np.dtype(getattr(ml_dtypes, name)) for name in (
        "bfloat16", "float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e4m3b11fnuz", "float8_e5m2fnuz",
        "float4_e2m1fn", "int4", "uint4", "int2", "uint2")),
]  # fmt: skip
QUANTISED = {"qint8": tf.int8, "quint8": tf.uint8, "qint16": tf.int16, "quint16": tf.uint16, "qint32": tf.int32}
SHAPES: list[tuple[int, ...]] = [(), (1,), (0, 3), (2, 3), (4, 1, 5)]


def tensors() -> dict[str, Any]:
    made: dict[str, Any] = {
        f"{dtype.name}/{len(shape)}{shape[:1]}": (RANDOM.normal(size=shape) * 5).astype(dtype)
        for dtype in TYPES
        for shape in SHAPES
    }
    texts = {"text": [b"a", b"", b"\0\xff" * 9], "one text": b"alone", "no text": np.empty((0, 2), object)}
    made |= {name: np.array(text, object) for name, text in texts.items()}
    return made | {"a.b": np.ones(2), "a/b": np.ones(3), "a": np.int32(3), "\u00e9/\u4e2d": np.arange(3), "big": np.arange(200000.0)}


def by_tensorflow(prefix: Path, content: dict[str, Any]) -> None:
    names = sorted(content, key=str.encode)
    values = [tf.constant(content[name], tf.string if np.asarray(content[name]).dtype == object else None) for name in names]
    tf.raw_ops.SaveV2(prefix=str(prefix), tensor_names=names, shape_and_slices=[""] * len(names), tensors=values)


def test_the_bytes_are_those_of_tensorflow(tmp_path: Path) -> None:
    content = tensors()
    tfthaw.save_checkpoint(tmp_path / "ours" / "m", content, verify=True)
    (tmp_path / "theirs").mkdir()
    by_tensorflow(tmp_path / "theirs" / "m", content)
    for name in ("m.index", "m.data-00000-of-00001"):
        assert (tmp_path / "ours" / name).read_bytes() == (tmp_path / "theirs" / name).read_bytes()
    assert tf.train.latest_checkpoint(str(tmp_path / "ours")) == str(tmp_path / "ours" / "m")
    theirs, ours = open_both(tmp_path / "ours" / "m")
    assert not differences(ours, theirs)
    for name, value in content.items():
        assert type(ours.get_tensor(name)) is type(theirs.get_tensor(name)), name
        assert np.asarray(ours.get_tensor(name)).tolist() == np.asarray(value).tolist() or name.startswith("float8"), name


@pytest.mark.parametrize("name", QUANTISED)
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3)])
def test_quantised(name: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    made = [tf.bitcast(tf.constant(RANDOM.integers(0, 100, shape), QUANTISED[name]), tf.as_dtype(name))]
    tf.raw_ops.SaveV2(prefix=str(tmp_path / "m"), tensor_names=["x"], shape_and_slices=[""], tensors=made)
    theirs, ours = open_both(tmp_path / "m")
    assert not differences(ours, theirs)
    assert type(ours.get_tensor("x")) is type(theirs.get_tensor("x"))
    tfthaw.save_checkpoint(tmp_path / "again" / "m", dict(ours))
    for end in (".index", ".data-00000-of-00001"):
        assert (tmp_path / "again" / f"m{end}").read_bytes() == (tmp_path / f"m{end}").read_bytes()


FIRST = ["float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]  # that TensorFlow itself reads


@pytest.mark.parametrize("name", FIRST)
def test_types_of_the_first_format(name: str, tmp_path: Path) -> None:
    names = [str(len(shape)) for shape in SHAPES if 0 not in shape]
    data = [tf.cast(tf.constant(RANDOM.integers(0, 100, shape)), name) for shape in SHAPES if 0 not in shape]
    tf.raw_ops.Save(filename=str(tmp_path / "m"), tensor_names=names, data=data)
    theirs, ours = open_both(tmp_path / "m")
    assert not differences(ours, theirs)
    assert all(theirs.get_tensor(key) is not None for key in names)  # so that they were compared


def test_every_kind_that_tensorflow_writes(tmp_path: Path) -> None:
    for sound in written(tmp_path):
        theirs, ours = open_both(sound.folder / sound.prefix)
        if theirs is not None:
            assert not differences(ours, theirs), sound


def test_lists_and_single_variables(tmp_path: Path) -> None:
    prefix = tfthaw.save_checkpoint(tmp_path / "m", {"b": np.ones((2, 3), np.float32), "a": 5})
    assert tfthaw.list_variables(prefix) == tf.train.list_variables(prefix)
    assert np.array_equal(tfthaw.load_variable(prefix, "b:0"), tf.train.load_variable(prefix, "b:0"))


STATES = {
    "relative": ("m-2", ["m-1", "m-2"]),
    "absolute": ("{folder}/m-2", ["{folder}/m-1", "{folder}/m-2"]),
    "one alone": ("m-2", []),
    "gone": ("m-3", ["m-3"]),
    "moved": ("{folder}-before/m-2", ["{folder}-before/m-1", "{folder}-before/m-2"]),
    "odd names": ("m-1", ["./m-1", "sub/../m-2", "m 3"]),
    "elsewhere": ("sub/m", ["sub/m"]),
}


@pytest.mark.parametrize("case", STATES)
def test_the_state_of_a_folder(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    latest, paths = STATES[case]
    for name in ("m-1", "m-2", "sub/m"):
        tfthaw.save_checkpoint(tmp_path / name, {"a": 1}, keep_state=True)
    shutil.rmtree(tmp_path / "sub" / "checkpoint", ignore_errors=True)
    lines = [f'model_checkpoint_path: "{latest}"', *(f'all_model_checkpoint_paths: "{path}"' for path in paths)]
    (tmp_path / "checkpoint").write_text("\n".join(lines).format(folder=tmp_path))
    monkeypatch.chdir(tmp_path.parent)
    for folder in (str(tmp_path), tmp_path.name, os.path.join(tmp_path.name, "")):
        assert tfthaw.latest_checkpoint(folder) == tf.train.latest_checkpoint(folder)
        ours, theirs = tfthaw.get_checkpoint_state(folder), tf.train.get_checkpoint_state(folder)
        assert ours is not None and ours.model_checkpoint_path == theirs.model_checkpoint_path
        assert ours.all_model_checkpoint_paths == list(theirs.all_model_checkpoint_paths)


def test_the_state_in_a_file_of_another_name(tmp_path: Path) -> None:
    tfthaw.save_checkpoint(tmp_path / "m", {"a": 1})
    (tmp_path / "checkpoint").rename(tmp_path / "best")
    for name in ("best", None):
        assert tfthaw.latest_checkpoint(tmp_path, name) == tf.train.latest_checkpoint(str(tmp_path), name)


def test_no_state(tmp_path: Path) -> None:
    assert tfthaw.latest_checkpoint(tmp_path) is tf.train.latest_checkpoint(str(tmp_path)) is None
    assert tfthaw.get_checkpoint_state(tmp_path) is tf.train.get_checkpoint_state(str(tmp_path)) is None
    for name in ("none", "m"):
        assert tfthaw.checkpoint_exists(tmp_path / name) == tf.compat.v1.train.checkpoint_exists(str(tmp_path / name)) is False
