"""Files in the older layout of Keras' weights, made from a list alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras_nets import NETS, fill, freeze, question

import thaw_tool


@pytest.fixture(autouse=True)
def new_names() -> None:
    keras.utils.clear_session()


def texts(names: Any) -> list[str]:
    return [name.decode() for name in names]


def listed(model: Any, path: Path) -> Path:
    path.write_text("".join(f"{w.path} {w.dtype} {list(w.shape)}\n" for w in model.weights))
    return path


KINDS = ["dense", "sequential", "conv2d", "separable", "batch_norm", "layer_norm", "embedding", "lstm", "bidirectional"]


@pytest.mark.parametrize("name", KINDS)
def test_keras_loads_it(name: str, tmp_path: Path) -> None:
    author = fill(NETS[name](), 1)
    frozen = freeze(author, tmp_path / "frozen.pb")
    keras.utils.clear_session()
    own = fill(NETS[name](), 2)
    names = listed(own, tmp_path / "list.txt")
    made = thaw_tool.transplant(frozen, names, tmp_path / "out.h5", "--verify")
    assert made.exit == 0, made.error or made.report["findings"]
    own.load_weights(tmp_path / "out.h5")
    assert np.array_equal(own(question(own)), author(question(author)))
    with h5py.File(tmp_path / "out.h5") as file:
        layers = [layer.name for layer in own.layers if layer.weights]
        assert texts(file.attrs["layer_names"]) == layers
        for layer in layers:
            for weight in texts(file[layer].attrs["weight_names"]):
                assert file[layer][weight].chunks is None
                assert weight.endswith(":0")
    again = fill(NETS[name](), 3)
    if layers == [layer.name for layer in again.layers if layer.weights]:
        again.load_weights(tmp_path / "out.h5", by_name=True)
        assert np.array_equal(again(question(again)), author(question(author)))


def test_every_type_and_many_layers(tmp_path: Path) -> None:
    """Names of more than 64 KiB are in several attributes; h5py reads every number."""
    import tensorflow as tf

    numbers = np.random.default_rng(1)
    count = 900
    weights = {f"a_layer_with_quite_a_long_name_{'x' * 60}_{i}/kernel": numbers.normal(size=(3, 1 + i % 3)).astype(np.float32) for i in range(count)}
    weights["half/kernel"] = numbers.normal(size=(3, 5)).astype(np.float16)
    weights["double/kernel"] = numbers.normal(size=(3, 7)).astype(np.float64)
    with tf.Graph().as_default() as graph:
        for name, value in weights.items():
            x = tf.compat.v1.placeholder(value.dtype, [None, 3])
            tf.matmul(x, tf.identity(tf.constant(value, name=name), name + "/read"))
    (tmp_path / "frozen.pb").write_bytes(graph.as_graph_def().SerializeToString())
    (tmp_path / "list.txt").write_text("".join(f"{n} {v.dtype} {list(v.shape)}\n" for n, v in weights.items()))
    made = thaw_tool.transplant(tmp_path / "frozen.pb", tmp_path / "list.txt", tmp_path / "out.h5", "--verify")
    assert made.exit == 0, made.error or made.report["findings"]
    with h5py.File(tmp_path / "out.h5") as file:
        assert "layer_names" not in file.attrs
        names = texts([*file.attrs["layer_names0"], *file.attrs["layer_names1"]])
        assert names == [name.split("/")[0] for name in weights]
        for name, value in weights.items():
            read = file[name.split("/")[0]][name + ":0"]
            assert read.dtype == value.dtype
            assert np.array_equal(read[()], value)


def test_what_cannot_be_made_without_the_models_file(tmp_path: Path) -> None:
    author = fill(NETS["dense"](), 1)
    frozen, names = freeze(author, tmp_path / "frozen.pb"), listed(author, tmp_path / "list.txt")
    for ending in (".weights.h5", ".keras"):
        made = thaw_tool.transplant(frozen, names, tmp_path / ("out" + ending))
        assert made.exit == 2
        assert "save_weights" in made.error
    made = thaw_tool.transplant(frozen, names, tmp_path / "out.h5", "--optimizer", "adam")
    assert made.exit == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["frozen.pb", "list.txt"]
