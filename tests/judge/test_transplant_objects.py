"""Frozen Keras 3 models into the object checkpoints of other, untrained instances of the same code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

import thaw_tool
from strict_tf import tf

L = keras.layers


def chain(shape: tuple[int, ...], *layers: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: keras.Sequential([keras.Input(shape), *(layer() for layer in layers)])


def attention() -> Any:
    x = keras.Input((5, 8))
    y = L.MultiHeadAttention(2, 4)(x, x)
    y = L.LayerNormalization()(L.Add()([x, y]))
    return keras.Model(x, L.Dense(8)(L.Dense(8, "relu")(y)))


MODELS: dict[str, Callable[[], Any]] = {
    "dense": chain((8,), lambda: L.Dense(8, "relu"), lambda: L.Dense(8, "relu"), lambda: L.Dense(8)),
    "convolution": chain(
        (8, 8, 3),
        lambda: L.Conv2D(4, 3, use_bias=False),
        L.BatchNormalization,
        lambda: L.DepthwiseConv2D(3),
        lambda: L.SeparableConv2D(4, 3, padding="same"),
        lambda: L.Conv2D(4, 1),
        L.LayerNormalization,
        lambda: L.Conv2DTranspose(4, 2),
        L.Flatten,
        lambda: L.Dense(5),
    ),
    "recurrent": chain(
        (6,),
        lambda: L.Embedding(20, 4),
        lambda: L.LSTM(5, return_sequences=True),
        lambda: L.GRU(5, return_sequences=True),
        lambda: L.SimpleRNN(5),
        lambda: L.Dense(5),
    ),
    "bidirectional": chain((6, 4), lambda: L.Bidirectional(L.LSTM(5)), lambda: L.Dense(3)),
    "one dimension": chain(
        (9, 4), lambda: L.Conv1D(4, 3), L.PReLU, lambda: L.GroupNormalization(2), lambda: L.Dense(4)
    ),
    "attention": attention,
}


def feed(model: Any) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 5, (2, *model.input_shape[1:])).astype(np.float32)


def trained(build: Callable[[], Any], folder: Path) -> tuple[Any, Path]:
    """A model whose every number is another, and its frozen graph."""
    model = build()
    numbers = np.random.default_rng(0)
    model.set_weights([numbers.uniform(0.1, 1, w.shape).astype(w.dtype) for w in model.get_weights()])
    signature = tf.TensorSpec([2, *model.input_shape[1:]], tf.float32)
    function = tf.function(lambda x: model(x)).get_concrete_function(signature)
    frozen = convert_variables_to_constants_v2(function).graph.as_graph_def()
    (folder / "frozen.pb").write_bytes(frozen.SerializeToString())
    return model, folder / "frozen.pb"


@pytest.mark.parametrize("name", MODELS)
def test_every_variable_is_restored(name: str, tmp_path: Path) -> None:
    model, frozen = trained(MODELS[name], tmp_path)
    fresh = MODELS[name]()
    target = tf.train.Checkpoint(model=fresh).save(str(tmp_path / "fresh" / "ckpt"))
    made = thaw_tool.transplant(frozen, Path(target), tmp_path / "out" / "ckpt")
    assert made.exit == 0, made.report.get("findings") or made.error
    restored = MODELS[name]()
    tf.train.Checkpoint(model=restored).restore(str(made.prefix)).assert_consumed()
    for ours, theirs in zip(restored.weights, model.weights, strict=True):
        if not np.issubdtype(theirs.numpy().dtype, np.floating):
            continue  # seeds of dropout
        assert np.array_equal(ours.numpy(), theirs.numpy()), theirs.path
    assert np.array_equal(restored(feed(model)).numpy(), model(feed(model)).numpy())


def test_a_compiled_model_begins_with_a_new_optimizer(tmp_path: Path) -> None:
    build = MODELS["dense"]
    model, frozen = trained(build, tmp_path)

    def compiled() -> Any:
        made = build()
        made.compile("adam", "mse")
        made.fit(feed(made), np.zeros((2, 8), np.float32), epochs=3, verbose=0)
        return made

    target = tf.train.Checkpoint(model=compiled()).save(str(tmp_path / "fresh" / "ckpt"))
    made = thaw_tool.transplant(frozen, Path(target), tmp_path / "out" / "ckpt")
    assert made.exit == 0, made.report.get("findings") or made.error
    restored = compiled()
    tf.train.Checkpoint(model=restored).restore(str(made.prefix)).assert_existing_objects_matched()
    assert np.array_equal(restored(feed(model)).numpy(), model(feed(model)).numpy())
    assert int(restored.optimizer.iterations.numpy()) == 0
    assert float(restored.optimizer.learning_rate.numpy()) == np.float32(0.001)
    slots = [v for v in restored.optimizer.variables if v.path.endswith(("_momentum", "_velocity"))]
    assert len(slots) == 12
    assert not any(v.numpy().any() for v in slots)


def test_another_models_checkpoint_is_refused(tmp_path: Path) -> None:
    _, frozen = trained(MODELS["dense"], tmp_path)
    target = tf.train.Checkpoint(model=MODELS["recurrent"]()).save(str(tmp_path / "other" / "ckpt"))
    made = thaw_tool.transplant(frozen, Path(target), tmp_path / "out" / "ckpt", "--missing", "keep")
    assert made.exit == 1
    assert not made.files()
