"""TensorFlow 2 functions with weights in their bodies, and what GradientTape says of the same with variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

from training import numbers

# TensorFlow runs its optimiser inside of each call, as the call says: it fuses operations, which changes the last bit.
tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})

Give = Callable[[str], Any]  # a weight by its name: a constant made where it is asked for, or a variable's value
Network = Callable[[Give, Any], Any]
SHAPES = {"w": (3, 3), "u": (3, 3), "b": (3,)}
WEIGHTS = {name: numbers(name, shape) for name, shape in SHAPES.items()}
FED = numbers("fed", (4, 3), 1.0)
NETWORKS: dict[str, Network] = {}


def network(build: Network) -> Network:
    """Registers `build` under its own name."""
    NETWORKS[build.__name__] = build
    return build


def function(python: Callable[..., Any]) -> Any:
    return tf.function(python, autograph=False)


def layer(give: Give, x: Any) -> Any:
    return tf.tanh(tf.nn.bias_add(tf.matmul(x, give("w")), give("b")))


@network
def called(give: Give, x: Any) -> Any:
    """One call."""
    return tf.matmul(function(lambda v: layer(give, v))(x), give("u"))


@network
def called_twice(give: Give, x: Any) -> Any:
    """Two calls of one function share its weights."""
    inner = function(lambda v: layer(give, v))
    return inner(inner(x) + x)


@network
def weights_passed(give: Give, x: Any) -> Any:
    """Two calls of one function, each with a weight of its own."""
    inner = function(lambda v, kernel: tf.tanh(tf.matmul(v, kernel)))
    return inner(inner(x, give("w")), give("u"))


@network
def calls_in_calls(give: Give, x: Any) -> Any:
    """Three functions deep, the innermost called from two of them."""
    inner = function(lambda v: tf.tanh(tf.matmul(v, give("w"))))
    middle = function(lambda v: tf.nn.bias_add(inner(v), give("b")))
    outer = function(lambda v: tf.matmul(middle(v), give("u")) + inner(v))
    return outer(x)


@network
def unknown_to_the_runtime(give: Give, x: Any) -> Any:
    """A call, differentiated as a whole, of what TensorFlow's runtime has no gradient for."""
    inner = function(lambda v: tf.nn.elu(tf.matmul(v, give("w"))))
    outer = function(lambda v: tf.nn.leaky_relu(inner(v)) + tf.gather(give("b"), [0, 1, 2]))
    return tf.matmul(outer(x), give("u"))


@network
def effects_in_calls(give: Give, x: Any) -> Any:
    """What has effects runs as often and in the same order."""

    def asserted(v: Any) -> Any:
        tf.debugging.assert_less(v, 100.0)
        return tf.nn.elu(tf.matmul(v, give("w")))

    inner = function(asserted)
    return inner(inner(x))


@network
def branch(give: Give, x: Any) -> Any:
    """If: the branches need different weights."""
    return tf.cond(
        tf.reduce_sum(x) > 0,
        lambda: layer(give, x),
        lambda: tf.sigmoid(tf.matmul(x, give("u"))),
    )


@network
def branches(give: Give, x: Any) -> Any:
    """Case, one of whose branches needs no weight."""
    index = tf.cast(tf.reduce_sum(x) > 0, tf.int32)
    return tf.switch_case(
        index, [lambda: tf.matmul(x, give("w")), lambda: tf.matmul(layer(give, x), give("u")), lambda: x]
    )


@network
def loop(give: Give, x: Any) -> Any:
    """While, with weights in its body."""
    return tf.while_loop(lambda i, y: i < 4, lambda i, y: (i + 1, layer(give, y)), [0, x])[1]


@network
def loop_until(give: Give, x: Any) -> Any:
    """While, with a weight in its condition too."""

    def goes_on(i: Any, y: Any) -> Any:
        return tf.logical_and(i < 4, tf.reduce_sum(tf.matmul(y, give("u"))) < 1e6)

    return tf.while_loop(goes_on, lambda i, y: (i + 1, layer(give, y)), [0, x])[1]


@network
def loop_in_loop(give: Give, x: Any) -> Any:
    """Nested loops, weights in both bodies."""

    def rounds(count: int, step: Callable[[Any], Any], start: Any) -> Any:
        return tf.while_loop(lambda i, y: i < count, lambda i, y: (i + 1, step(y)), [0, start])[1]

    def inner(y: Any) -> Any:
        return rounds(2, lambda z: tf.tanh(tf.matmul(z, give("w"))), y)

    return rounds(3, lambda y: tf.matmul(inner(y), give("u")) + give("b"), x)


@network
def branch_in_loop_in_call(give: Give, x: Any) -> Any:
    """What calls, loops and branches hand down to each other."""

    def step(i: Any, y: Any) -> Any:
        odd = tf.equal(i % 2, 0)
        return i + 1, tf.cond(odd, lambda: layer(give, y), lambda: tf.sigmoid(tf.matmul(y, give("u"))))

    return function(lambda v: tf.while_loop(lambda i, y: i < 4, step, [0, v])[1])(x)


@network
def calls_in_loop(give: Give, x: Any) -> Any:
    """Calls in calls, in the body of a loop."""
    inner = function(lambda v: tf.nn.elu(tf.matmul(v, give("w"))))
    outer = function(lambda v: inner(v) + give("b") + tf.tanh(inner(tf.matmul(v, give("u")))))
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, outer(y)), [0, x])[1]


@network
def call_in_branch_in_call(give: Give, x: Any) -> Any:
    """A branch in a call, with a call in it."""
    inner = function(lambda v: tf.nn.elu(layer(give, v)))
    return function(lambda v: tf.cond(tf.reduce_sum(v) > 0, lambda: inner(v), lambda: tf.matmul(v, give("u"))))(x)


@network
def mapped(give: Give, x: Any) -> Any:
    """map_fn: a loop over TensorLists."""
    rows = tf.map_fn(lambda row: tf.tanh(tf.linalg.matvec(give("w"), row)) + give("b"), x)
    return tf.matmul(rows, give("u"))


@dataclass
class Functional:
    """A graph with constants inside its functions, and the gradients of its loss by variable."""

    graph: Any
    output: str
    gradients: dict[str, np.ndarray | None]
    after: np.ndarray  # the output once every weight is half of what it was


def loss(y: Any) -> Any:
    return tf.reduce_mean(tf.square(y - 0.3))


def build(name: str) -> Functional:
    """The network of that name."""
    made = NETWORKS[name]
    spec = tf.TensorSpec(FED.shape, tf.float32, name="x")
    frozen = function(lambda x: made(lambda weight: tf.constant(WEIGHTS[weight]), x))
    variables = {weight: tf.Variable(value) for weight, value in WEIGHTS.items()}

    @function
    def trained(x: Any) -> Any:
        return loss(made(lambda weight: variables[weight].read_value(), x))

    with tf.GradientTape() as tape:
        value = trained(tf.constant(FED))
    found = tape.gradient(value, variables)
    gradients = {key: None if g is None else tf.convert_to_tensor(g).numpy() for key, g in found.items()}
    for variable in variables.values():
        variable.assign(variable / 2)
    after = function(lambda x: made(lambda weight: variables[weight].read_value(), x))(tf.constant(FED)).numpy()
    concrete = frozen.get_concrete_function(spec)
    return Functional(concrete.graph.as_graph_def(), concrete.graph.outputs[0].name, gradients, after)
