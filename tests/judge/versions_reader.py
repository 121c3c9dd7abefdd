#!/usr/bin/env python3
"""Reads what Thaw wrote, with whatever TensorFlow it is run by: numpy and that, nothing of the project.

    versions_reader.py CASES.json ANSWERS.json

A case says where the files are, what to feed and what to expect (versions_cases.py). The answer: case -> step -> "ok", or
what went wrong.
"""

from __future__ import annotations

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
NEAR = {2: 2e-3}  # by bytes of the model's smallest numbers, of the largest: kernels of two releases add in another order


def arrays(path):
    with np.load(path, allow_pickle=True) as stored:
        return {name: stored[name] for name in stored.files}


def nearness(case):
    """How far outputs may be off."""
    sizes = [value.dtype.itemsize for value in arrays(case["weights"]).values() if value.dtype.kind == "f"]
    return NEAR.get(min(sizes, default=8), 1e-4)


def near(found, expected, limit):
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.dtype == expected.dtype and found.shape == expected.shape, (found.dtype, found.shape, expected.shape)
    if found.dtype.kind not in "fc":
        assert found.tolist() == expected.tolist()
        return
    distance = np.abs(found.astype(np.float64) - expected).max(initial=0.0)
    assert distance <= limit * max(1.0, np.abs(expected).max(initial=0.0)), f"differs by {distance:.2g}"


def checkpoint(case):
    reader = tf.train.load_checkpoint(case["prefix"])
    expected = arrays(case["weights"])
    assert set(reader.get_variable_to_shape_map()) == set(expected)
    for name, value in expected.items():
        found = np.asarray(reader.get_tensor(name))
        assert str(found.dtype) == str(value.dtype) and found.tolist() == value.tolist(), name


class Session:
    """The .meta imported and restored in a graph of its own."""

    def __init__(self, case):
        self.case, self.feeds = case, arrays(case["feeds"])
        with tf.Graph().as_default() as self.graph:
            self.saver = v1.train.import_meta_graph(case["prefix"] + ".meta")

    def run(self, build):
        with self.graph.as_default():
            fetched = build()
            with v1.Session() as session:
                self.saver.restore(session, self.case["prefix"])
                for name in self.case["init_ops"]:
                    session.run(name)
                feeds = {name: value for name, value in self.feeds.items()}
                return [session.run(one, feeds) for one in fetched]

    def outputs(self):
        expected, limit = arrays(self.case["expected"]), nearness(self.case)
        for found, name in zip(self.run(lambda: list(expected)), expected):
            near(found, expected[name], limit)

    def loss(self):
        found = [self.graph.get_tensor_by_name(name) for name in arrays(self.case["expected"])]
        floats = [one for one in found if one.dtype.is_floating]
        return tf.add_n([tf.reduce_sum(tf.cast(one, tf.float32) ** 2) for one in floats])

    def gradients(self):
        def build():
            found = tf.gradients(self.loss(), v1.trainable_variables())
            assert any(one is not None for one in found), "no gradient"
            return [[tf.convert_to_tensor(one) for one in found if one is not None]]

        assert all(np.all(np.isfinite(np.asarray(one, np.float64))) for one in self.run(build)[0])

    def trains(self):
        def build():
            loss = self.loss()
            step = v1.train.GradientDescentOptimizer(1e-4).minimize(loss)
            return [loss, step, loss]

        before, _, after = self.run(build)
        assert before != after, "the loss is what it was"


class Loaded:
    """The SavedModel as tf.saved_model.load gives it."""

    def __init__(self, case):
        self.case = case
        self.model = tf.saved_model.load(case["saved_model"])

    def call(self):
        feeds = arrays(self.case["feeds"])
        given = {name: tf.constant(feeds[tensor]) for name, tensor in self.case["signature"]["inputs"].items()}
        return self.model.signatures["serving_default"](**given)

    def outputs(self):
        expected, found, limit = arrays(self.case["expected"]), self.call(), nearness(self.case)
        for name, tensor in self.case["signature"]["outputs"].items():
            if tensor in expected:
                near(found[name].numpy(), expected[tensor], limit)

    def trains(self):
        variables = list(getattr(self.model, "trainable_variables", None) or [v for v in self.model.variables if v.trainable])
        with tf.GradientTape() as tape:
            floats = [one for one in self.call().values() if one.dtype.is_floating]
            loss = tf.add_n([tf.reduce_sum(tf.cast(one, tf.float32) ** 2) for one in floats])
        found = tape.gradient(loss, variables)
        assert any(one is not None for one in found), "no gradient"
        for variable, gradient in zip(variables, found):
            if gradient is not None:
                variable.assign_sub(tf.cast(1e-4, variable.dtype) * tf.convert_to_tensor(gradient))
        self.call()


def steps_of(case):
    """Each step once; what later ones need is made by the first."""
    made = {}

    def of(kind, name):
        def step():
            if kind not in made:
                made[kind] = {"meta": Session, "saved": Loaded}[kind](case)
            return getattr(made[kind], name)()

        return step

    steps = {"checkpoint": lambda: checkpoint(case), "meta": of("meta", "outputs")}
    if case["trains"]:
        steps |= {"gradients": of("meta", "gradients"), "trains": of("meta", "trains")}
    if case["saved_model"]:
        steps["SavedModel"] = of("saved", "outputs")
    if case["saved_model"] and case["saved_model_trains"]:
        steps["SavedModel trains"] = of("saved", "trains")
    return steps


def attempted(step):
    try:
        step()
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return f"{type(error).__name__}: {' '.join(lines)}"[:300]
    return "ok"


def main():
    cases, answers = sys.argv[1:]
    v1.disable_control_flow_v2()  # else gradients of TensorArrays in loops of TensorFlow 1 are a bare AssertionError
    with open(cases) as file:
        told = {case["name"]: {name: attempted(step) for name, step in steps_of(case).items()} for case in json.load(file)}
    with open(answers, "w") as file:
        json.dump({"version": tf.__version__, "cases": told}, file, indent=1)


if __name__ == "__main__":
    main()
