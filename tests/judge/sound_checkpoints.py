"""Sound checkpoints to be damaged: thawed ones, and what TensorFlow writes of every kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import thaw_tool
from corruptions import Sound
from strict_tf import config, tf, v1


def thawed(model: Path, name: str, folder: Path, *options: str) -> Sound | None:
    """None for a model without weights."""
    made = thaw_tool.thaw(model, folder / "model.ckpt", *options)
    if made.exit not in (0, 1):
        return None
    return Sound(name, folder, "model.ckpt", "model.ckpt", 2, model, "model.ckpt.meta")


def written(folder: Path) -> list[Sound]:
    """By TensorFlow: both formats, in one file and in two, of objects, and SavedModels."""
    return [
        saver(folder / "v2", v1.train.SaverDef.V2, sharded=False),
        saver(folder / "v2_shards", v1.train.SaverDef.V2, sharded=True),
        saver(folder / "v1", v1.train.SaverDef.V1, sharded=False),
        saver(folder / "v1_shards", v1.train.SaverDef.V1, sharded=True),
        objects(folder / "objects"),
        saved_model(folder / "saved_model"),
        bare(folder / "bare"),
    ]


def saver(folder: Path, version: int, *, sharded: bool) -> Sound:
    """A net with a partitioned variable, strings, a step and slots."""
    folder.mkdir(parents=True)
    place = iter(["/cpu:0", "/cpu:1"])
    options = config()
    options.device_count["CPU"] = 2
    with tf.Graph().as_default() as graph, v1.Session(graph=graph, config=options) as runs:
        x = v1.placeholder(tf.float32, [None, 4], "x")
        hidden = x
        for i in range(3):
            with v1.variable_scope(f"layer_{i}"), v1.device("/cpu:0" if i % 2 else "/cpu:1" if sharded else None):
                w = v1.get_variable("w", [4, 4], use_resource=i == 1)
                b = v1.get_variable("b", [4], initializer=v1.random_normal_initializer(), use_resource=i == 1)
            hidden = tf.nn.relu(hidden @ w + b)
        with v1.variable_scope("", partitioner=v1.fixed_size_partitioner(2)):
            with v1.device(lambda op: next(place) if sharded and op.type.startswith("Variable") else "/cpu:0"):
                parts = v1.get_variable("parts", [6, 3], use_resource=False)
        words = v1.get_variable("words", initializer=tf.constant(["a", "", "longer"]), trainable=False)
        step = v1.train.get_or_create_global_step()
        loss = tf.reduce_sum(hidden) + tf.reduce_sum(tf.convert_to_tensor(parts)) + 0 * tf.cast(tf.size(words), tf.float32)
        v1.train.AdamOptimizer().minimize(loss, global_step=step)
        runs.run(v1.global_variables_initializer())
        v1.train.Saver(sharded=sharded, write_version=version).save(runs, str(folder / "m.ckpt"))
    number = 1 if version == v1.train.SaverDef.V1 else 2
    return Sound(folder.name, folder, "m.ckpt", "m.ckpt", number, None, "m.ckpt.meta")


def objects(folder: Path) -> Sound:
    """What tf.train.Checkpoint of TensorFlow 2 leaves."""
    folder.mkdir(parents=True)
    draw = np.random.default_rng(3)
    values = {f"v{i}": tf.Variable(draw.normal(size=(3, 4)).astype(np.float32), name=f"v{i}") for i in range(4)}
    path = tf.train.Checkpoint(step=tf.Variable(7, dtype=tf.int64), **values).write(str(folder / "ckpt"))
    assert path == str(folder / "ckpt")
    return Sound(folder.name, folder, "ckpt", "ckpt")


class Net(tf.Module):
    def __init__(self, vocabulary: str) -> None:
        super().__init__()
        draw = np.random.default_rng(4)
        self.w = tf.Variable(draw.normal(size=(4, 3)).astype(np.float32), name="w")
        self.b = tf.Variable(draw.normal(size=(3,)).astype(np.float32), name="b")
        self.asset = tf.saved_model.Asset(vocabulary)

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
    def __call__(self, x: tf.Tensor) -> tf.Tensor:
        return x @ self.w + self.b


def saved_model(folder: Path) -> Sound:
    vocabulary = folder.with_name("vocabulary.txt")
    vocabulary.write_text("a\nb\n")
    tf.saved_model.save(Net(str(vocabulary)), str(folder))
    return Sound(folder.name, folder, "", "variables/variables", 2, None, "saved_model.pb")


def bare(folder: Path) -> Sound:
    """No graph, nothing around it: only the checkpoint itself tells."""
    made = saver(folder, v1.train.SaverDef.V2, sharded=False)
    (folder / "m.ckpt.meta").unlink()
    made.meta = ""
    return made
