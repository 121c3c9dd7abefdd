"""What `thaw inspect` says of own models, of the corpus when there is one, and of what TensorFlow saves."""

from __future__ import annotations

import collections
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cases
import inspect_corpus
import inspect_truth
from strict_tf import tf, v1


def compare(path: Path) -> dict[str, Any]:
    """The answer, which is TensorFlow's."""
    (told,) = inspect_corpus.inspect([path], "--stats")
    assert inspect_corpus.Comparison(path, told, collections.Counter()).run() == []
    return told


def test_own_models(models: Path) -> None:
    folder = models / "own models"
    files = sorted(folder.parent.glob("*/frozen.pb"))
    assert len(files) > 20
    counts: collections.Counter[str] = collections.Counter()
    wrong = []
    for path, told in zip(files, inspect_corpus.inspect(files), strict=True):
        wrong += [f"{path}: {line}" for line in inspect_corpus.Comparison(path, told, counts).run()]
    assert wrong + inspect_corpus.statistics(files, counts) == []
    assert counts["weights"] > 100 and counts["statistics"] > 100


def test_sample_of_the_corpus() -> None:
    if not cases.CORPUS.is_dir():
        pytest.skip(f"no corpus at {cases.CORPUS}")
    counts: collections.Counter[str] = collections.Counter()
    assert inspect_corpus.judge(cases.CORPUS, True, counts) == []
    assert counts["checkpoints"] > 10 and counts["refused"] > 5


def test_saved_model_of_a_module(tmp_path: Path) -> None:
    class Net(tf.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.w = tf.Variable(np.arange(6, dtype=np.float32).reshape(2, 3), name="w")
            self.b = tf.Variable([np.nan, np.inf, 0.0], name="b", trainable=False)

        @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32, name="x")])
        def __call__(self, x: Any) -> Any:
            return tf.nn.relu(tf.matmul(x, self.w) + self.b)

    net = Net()
    tf.saved_model.save(net, str(tmp_path / "net"), signatures=net.__call__)
    told = compare(tmp_path / "net")
    weights = {weight["name"]: weight for weight in told["variables"]}
    assert {name: weight["role"] for name, weight in weights.items()} == {"w": "trainable", "b": "state"}
    assert weights["w"]["statistics"]["mean"] == 2.5
    assert (weights["b"]["statistics"]["nans"], weights["b"]["statistics"]["infinities"]) == (1, 1)
    assert told["training"]["reached"] == told["training"]["trainable"] == 1
    assert told["tensorflow_version"] == tf.__version__


@pytest.mark.parametrize("version", [v1.train.SaverDef.V1, v1.train.SaverDef.V2])
def test_training_checkpoints(tmp_path: Path, version: int) -> None:
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 2], name="x")
        w = v1.get_variable("w", [2, 3], initializer=v1.ones_initializer(), use_resource=False)
        step = v1.train.get_or_create_global_step()
        loss = tf.reduce_mean(tf.matmul(x, w), name="loss")
        v1.train.AdamOptimizer().minimize(loss, step)
        saver = v1.train.Saver(write_version=version)
        with v1.Session(graph=graph) as session:
            session.run(v1.global_variables_initializer())
            prefix = saver.save(session, str(tmp_path / "model.ckpt"), global_step=7)
    for path in [Path(prefix), Path(prefix + ".meta"), tmp_path]:
        told = compare(path)
        roles = {weight["name"]: weight["role"] for weight in told["variables"]}
        assert [name for name, role in roles.items() if role == "trainable"] == ["w"]
        assert all(weight["has_value"] for weight in told["variables"])
        kinds = collections.Counter(entry["kind"] for entry in told["checkpoint"]["entries"])
        assert kinds == {"": 1, "slot of Adam": 2, "power of a decay": 2, "step": 1}
        assert told["parameters"] == 21
        assert told["training"]["reached"] == 1


def test_statistics_of_every_type(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    with tf.Graph().as_default() as graph:
        for name in ["float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8",
                     "uint16", "uint32", "uint64", "bool", "complex64"]:  # fmt: skip
            kind = tf.dtypes.as_dtype(name)
            numbers = rng.integers(0, 2, [70000]) if name == "bool" else rng.normal(scale=30, size=[70000])
            v1.get_variable(name, initializer=np.abs(numbers).astype(kind.as_numpy_dtype))
        with v1.Session(graph=graph) as session:
            session.run(v1.global_variables_initializer())
            prefix = Path(v1.train.Saver().save(session, str(tmp_path / "m")))
    told = compare(prefix)
    reader = tf.train.load_checkpoint(str(prefix))
    for entry in told["checkpoint"]["entries"]:
        if entry["key"] == "complex64":
            assert "statistics" not in entry
        else:
            assert inspect_truth.same_statistics(entry["statistics"], reader.get_tensor(entry["key"])), entry
