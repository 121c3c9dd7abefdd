"""Training graphs with TensorFlow 1's loops and branches, and what is needed to compare them with others.

`GRAPHS` holds functions that build a graph in a `Lab` and return its outputs; the rooms `loops`,
`branches` and `recurrences` fill it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
Build = Callable[["Lab"], list[Any]]
GRAPHS: dict[str, Build] = {}


def graph(build: Build) -> Build:
    """Registers a graph under the name of its function."""
    GRAPHS[build.__name__] = build
    return build


def load_all() -> dict[str, Build]:
    """Imports every room that holds graphs."""
    import branches  # noqa: F401
    import loops  # noqa: F401
    import recurrences  # noqa: F401

    return GRAPHS


def numbers(name: str, shape: Sequence[int], scale: float = 1.0) -> np.ndarray:
    """Gaussian numbers that depend on nothing but the name."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    return np.asarray(random.normal(0.0, scale, size=tuple(shape)), np.float32)


@dataclass
class Lab:
    """A graph being built: what is fed, and of which kind its variables are."""

    resource: bool
    feeds: dict[str, Any] = field(default_factory=dict)

    def feed(self, name: str, value: Any, shape: Sequence[int | None] | None = None) -> tf.Tensor:
        """A placeholder; `value` is an array, or the shape of one of floats."""
        array = numbers("feed/" + name, value) if isinstance(value, tuple) else np.asarray(value)
        self.feeds[name] = array
        return v1.placeholder(array.dtype, array.shape if shape is None else shape, name=name)

    def weight(self, name: str, *shape: int) -> tf.Variable:
        """A trainable variable with numbers that look learned."""
        scope = v1.get_variable_scope().name
        start = numbers(f"{scope}/{name}", shape, 0.4)
        return v1.get_variable(name, initializer=start, use_resource=self.resource)


@dataclass
class Training:
    """A graph with the loss, gradients and steps of its training."""

    outputs: list[np.ndarray]
    gradients: dict[str, np.ndarray | None]
    losses: list[float]


@dataclass
class Built:
    """A training graph, the frozen graph made from it, and the values of its variables."""

    graph: tf.Graph
    feeds: dict[str, np.ndarray]
    outputs: list[str]
    variables: list[Any]
    frozen: Any
    values: dict[str, np.ndarray]
    meta: Any

    def train(self, steps: int = 10) -> Training:
        """The truth."""
        names = [variable.op.name for variable in self.variables]
        named = list(zip(names, self.variables, strict=True))
        return train(self.graph, self.feeds, self.outputs, named, self.restore, steps)

    def restore(self, session: Any) -> None:
        """Gives the variables the values that were frozen."""
        for variable in self.variables:
            variable.load(self.values[variable.op.name], session)


def build(name: str, resource: bool = False) -> Built:
    """Builds and freezes a graph."""
    made = tf.Graph()
    with made.as_default(), v1.Session(config=_config()) as session:
        v1.set_random_seed(1)
        lab = Lab(resource)
        outputs = [tensor.op.name for tensor in GRAPHS[name](lab)]
        variables = v1.trainable_variables()
        session.run(v1.global_variables_initializer())
        meta = v1.train.export_meta_graph()
        frozen = v1.graph_util.convert_variables_to_constants(session, made.as_graph_def(), outputs)
        values = {variable.op.name: session.run(variable) for variable in variables}
    return Built(made, lab.feeds, outputs, variables, frozen, values, meta)


def train(
    trained: tf.Graph,
    feeds: dict[str, np.ndarray],
    outputs: list[str],
    named: list[tuple[str, Any]],
    restore: Callable[[Any], None],
    steps: int,
) -> Training:
    """Outputs, gradients by the names of the variables, and the losses of `steps` steps of Adam."""
    names, variables = [name for name, _ in named], [variable for _, variable in named]
    fed = {key + ":0": array for key, array in feeds.items() if _has(trained, key)}
    with trained.as_default():
        tensors = [trained.get_tensor_by_name(name + ":0") for name in outputs]
        parts = [tf.reduce_mean(tf.square(tf.cast(tensor, tf.float32) - 0.3)) for tensor in tensors]
        loss = tf.add_n(parts, name="the_loss")
        found = [_dense(gradient) for gradient in v1.gradients(loss, variables)]
        moved = [v for v, gradient in zip(variables, found, strict=True) if gradient is not None]
        step = v1.train.AdamOptimizer(0.05).minimize(loss, var_list=moved)
        asked = {name: gradient for name, gradient in zip(names, found, strict=True) if gradient is not None}
        start = v1.global_variables_initializer()
        with v1.Session(config=_config(optimised=False)) as session:
            session.run(start)
            restore(session)
            out = session.run(tensors, fed)
            gradients = dict.fromkeys(names) | session.run(asked, fed)
        with v1.Session(config=_config()) as session:
            session.run(start)
            restore(session)
            losses = []
            for _ in range(steps):
                losses.append(float(session.run(loss, fed)))
                session.run(step, fed, options=v1.RunOptions(timeout_in_ms=60000))
    return Training(out, gradients, losses)


def _has(of: tf.Graph, name: str) -> bool:
    try:
        of.get_operation_by_name(name)
    except KeyError:
        return False
    return True


def _dense(gradient: Any) -> Any:
    return tf.convert_to_tensor(gradient) if isinstance(gradient, tf.IndexedSlices) else gradient


def _config(optimised: bool = True) -> Any:
    """One thread; without optimisers the same operations give the same bits, with them it is what people train with."""
    proto = v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    if not optimised:
        proto.graph_options.optimizer_options.opt_level = -1
        proto.graph_options.rewrite_options.disable_meta_optimizer = True
    return proto
