#!/usr/bin/env python3
"""Writes models with whatever TensorFlow it is run by: numpy and that, nothing of the project.

    versions_writer.py FOLDER

FOLDER/NAME is a frozen graph, a checkpoint's prefix or a SavedModel, FOLDER/NAME.npz the values that have to be in it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import numpy as np
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

v1 = tf.compat.v1


class Writer:
    def __init__(self, folder):
        self.folder = folder
        self.told = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def done(self, name, kind, values):
        """One that is written: what it is, and what is in it."""
        np.savez(self.path(name + ".npz"), **{str(i): np.asarray(value) for i, value in enumerate(values)})
        self.told[name] = kind

    def attempted(self, write):
        try:
            write()
        except Exception as error:
            self.told[write.__name__] = f"not written: {type(error).__name__}: {error}"[:300]

    def sessions(self):
        """As TensorFlow 1: both kinds of variables, a loop, checkpoints of both formats, a frozen graph."""
        with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
            v1.disable_control_flow_v2()
            x = v1.placeholder(tf.float32, [None, 8, 8, 3], "x")
            weights = []

            def weight(name, *shape, resource=False):
                made = v1.get_variable(name, shape, initializer=v1.random_normal_initializer(seed=len(weights)), use_resource=resource)
                weights.append(made)
                return made

            y = tf.nn.conv2d(x, weight("conv/kernel", 3, 3, 3, 4), 1, "SAME")
            parts = [weight(f"bn/{part}", 4) for part in ("gamma", "beta", "moving_mean")]
            y = v1.nn.fused_batch_norm(y, *parts, tf.abs(weight("bn/moving_variance", 4)) + 1.0, is_training=False)[0]
            y = tf.reshape(tf.nn.relu(y), [-1, 256])
            y = y @ weight("fc/kernel", 256, 5, resource=True) + weight("fc/bias", 5, resource=True)
            cell = weight("cell/kernel", 5, 5)
            _, y = v1.while_loop(lambda i, _: i < 3, lambda i, h: (i + 1, tf.tanh(h @ cell)), [tf.constant(0), y])
            tf.identity(y, name="out")
            step = v1.train.get_or_create_global_step()
            session.run(v1.global_variables_initializer())
            values = session.run([*weights, step])
            for name, version in (("saver_v2", v1.train.SaverDef.V2), ("saver_v1", v1.train.SaverDef.V1)):
                v1.train.Saver(write_version=version).save(session, self.path(name))
                self.done(name, "checkpoint", values)
            frozen = v1.graph_util.convert_variables_to_constants(session, graph.as_graph_def(), ["out"])
        with open(self.path("frozen.pb"), "wb") as file:
            file.write(frozen.SerializeToString())
        self.done("frozen.pb", "graph", values[:-1])

    def objects(self):
        """tf.Module: checkpoint, SavedModel with a loop and a branch, and frozen with functions."""
        model = tf.Module()
        model.w = tf.Variable(np.random.default_rng(1).normal(size=(4, 4)).astype(np.float32), name="dense/kernel")
        model.b = tf.Variable(np.random.default_rng(2).normal(size=4).astype(np.float32), name="dense/bias")

        @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, name="x")])
        def serve(x):
            for _ in tf.range(3):
                x = tf.tanh(x @ model.w)
            return {"out": tf.cond(tf.reduce_sum(x) > 0, lambda: x + model.b, lambda: x - model.b)}

        model.serve = serve
        values = [model.w.numpy(), model.b.numpy()]
        tf.saved_model.save(model, self.path("module"), signatures=serve)
        self.done("module", "saved_model", values)
        tf.train.Checkpoint(model=model).write(self.path("objects"))
        self.done("objects", "checkpoint", values)
        for lower in (True, False):
            name = f"module_{'lowered' if lower else 'functions'}.pb"
            frozen = convert_variables_to_constants_v2(serve.get_concrete_function(), lower_control_flow=lower)
            with open(self.path(name), "wb") as file:
                file.write(frozen.graph.as_graph_def().SerializeToString())
            self.done(name, "graph", values)

    def keras(self):
        self.of_keras(tf.keras, "keras")

    def tf_keras(self):
        import tf_keras

        self.of_keras(tf_keras, "tf_keras")

    def of_keras(self, keras, name):
        layers = keras.layers
        model = keras.Sequential([
            layers.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization(),
            layers.Flatten(), layers.Dense(6, activation="relu"), layers.Dense(2),
        ])  # fmt: skip
        model.compile("adam", "mse")
        draw = np.random.default_rng(3)
        model.fit(draw.normal(size=(16, 8, 8, 1)), draw.normal(size=(16, 2)), verbose=0)
        values = [np.asarray(value) for value in model.get_weights()]
        if hasattr(model, "export") and getattr(keras, "__version__", "2") >= "3":
            model.export(self.path(name), verbose=False)
        else:
            model.save(self.path(name), save_format="tf")
        self.done(name, "saved_model", values)
        call = tf.function(lambda x: model(x, training=False)).get_concrete_function(tf.TensorSpec([None, 8, 8, 1], tf.float32))
        with open(self.path(name + ".pb"), "wb") as file:
            file.write(convert_variables_to_constants_v2(call).graph.as_graph_def().SerializeToString())
        self.done(name + ".pb", "graph", values)


def main():
    writer = Writer(sys.argv[1])
    os.makedirs(writer.folder, exist_ok=True)
    writer.attempted(writer.sessions)
    v1.enable_control_flow_v2()
    writer.attempted(writer.objects)
    writer.attempted(writer.keras)
    if importlib.util.find_spec("tf_keras"):
        writer.attempted(writer.tf_keras)
    with open(writer.path("written.json"), "w") as file:
        json.dump({"version": tf.__version__, "written": writer.told}, file, indent=1)


if __name__ == "__main__":
    main()
