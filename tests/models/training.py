"""A small TensorFlow 1 training graph: build it, train a step, save the truth, freeze."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np
import tensorflow as tf

from frozen import TRUTH_PREFIX, Frozen, Weight

v1 = tf.compat.v1
v1.disable_control_flow_v2()
tf.get_logger().setLevel("ERROR")


def numbers(name: str, shape: Sequence[int], scale: float = 0.3) -> np.ndarray:
    """Gaussian numbers that depend on nothing but the name."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    return np.asarray(random.normal(0.0, scale, size=tuple(shape)), np.float32)


def weight(
    name: str, shape: Sequence[int], dtype: tf.DType = tf.float32, positive: bool = False, **options: Any
) -> tf.Variable:
    """A variable with learned-looking initial values; trainable reference style unless told otherwise."""
    options.setdefault("use_resource", False)
    scope = v1.get_variable_scope().name
    if options.get("partitioner") or v1.get_variable_scope().partitioner:
        seed = zlib.crc32(name.encode()) % 10007
        start = v1.random_normal_initializer(stddev=0.3, seed=seed)
        return v1.get_variable(name, shape, initializer=start, **options)
    values = numbers(f"{scope}/{name}", shape)
    if positive:
        values = np.abs(values) + np.float32(0.5)
    return v1.get_variable(name, initializer=values.astype(dtype.as_numpy_dtype), **options)


class TrainingGraph:
    """The graph of one model, from its first placeholder to its frozen file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.graph = tf.Graph()
        self.feeds: dict[str, np.ndarray] = {}
        self._context = self.graph.as_default()

    def __enter__(self) -> TrainingGraph:
        self._context.__enter__()
        v1.set_random_seed(1)
        return self

    def __exit__(self, *error: Any) -> None:
        self._context.__exit__(*error)

    def input(self, name: str, shape: Sequence[int | None], fed: Any) -> tf.Tensor:
        """A placeholder together with what it is fed: an array, or the shape of a float one."""
        array = fed if isinstance(fed, np.ndarray) else numbers("feed/" + name, fed, 1.0)
        self.feeds[name] = array
        return v1.placeholder(array.dtype, shape, name=name)

    def session(self) -> Any:
        """A session whose results repeat bit for bit."""
        config = v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
        return v1.Session(graph=self.graph, config=config)

    def freeze(self, outputs: Sequence[str], optimizer: str = "adam", **facts: Any) -> Frozen:
        """Trains one step, saves every variable as the truth, and freezes what `outputs` need."""
        step = self._training_step(outputs, optimizer)
        with self.session() as session:
            session.run(v1.global_variables_initializer())
            session.run(v1.local_variables_initializer())
            if step is not None:
                session.run(step, self._feed_dict())
            self.save(session)
            return self.frozen_as_is(session, outputs, **facts)

    def save(self, session: Any) -> None:
        """The checkpoint that the training of this model leaves."""
        saver = v1.train.Saver(v1.global_variables())
        saver.save(session, str(self.folder / TRUTH_PREFIX), write_meta_graph=True, write_state=False)

    def frozen_as_is(self, session: Any, outputs: Sequence[str], **facts: Any) -> Frozen:
        """TensorFlow's own freezer, and the truth about each of its constants."""
        kept = facts.pop("blacklist", None)
        graph = v1.graph_util.convert_variables_to_constants(
            session, self.graph.as_graph_def(), list(outputs), variable_names_blacklist=kept
        )
        constants = {node.name for node in graph.node if node.op == "Const"}
        weights = [w for w in self.truths() if w.constant in constants]
        used = {node.name for node in graph.node}
        feeds = {name: array for name, array in self.feeds.items() if name in used}
        return Frozen(graph, weights, feeds, list(outputs), **facts)

    def truths(self) -> list[Weight]:
        """Every variable of the graph as the weight it becomes when it is frozen."""
        trainable = {variable.name for variable in v1.trainable_variables()}
        return [_truth(variable, variable.name in trainable) for variable in v1.global_variables()]

    def _feed_dict(self) -> dict[str, np.ndarray]:
        return {name + ":0": array for name, array in self.feeds.items()}

    def _training_step(self, outputs: Sequence[str], optimizer: str) -> Any:
        tensors = [t for name in outputs for t in self.graph.get_operation_by_name(name).outputs]
        floats = [t for t in tensors if t.dtype.is_floating]
        if optimizer == "none" or not floats or not v1.trainable_variables():
            return None
        loss = tf.add_n([tf.reduce_mean(tf.square(tf.cast(t, tf.float32) - 0.25)) for t in floats])
        makers = {
            "adam": lambda: v1.train.AdamOptimizer(1e-3),
            "sgd": lambda: v1.train.GradientDescentOptimizer(1e-2),
            "momentum": lambda: v1.train.MomentumOptimizer(1e-3, 0.9),
        }
        return makers[optimizer]().minimize(loss)


def _truth(variable: Any, trainable: bool) -> Weight:
    name = variable.op.name
    saved = getattr(variable, "_save_slice_info", None)
    if saved is None:
        return Weight(name, name, trainable=trainable)
    extents = list(zip(saved.var_offset, saved.var_shape, strict=True))
    return Weight(name, saved.full_name, "slice", trainable, extents)
