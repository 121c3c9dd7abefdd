"""While loops by hand: bounds, invariants, growing shapes, tensor arrays, loops within loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from training_graphs import Lab, graph, v1

loop = v1.while_loop


def out(*tensors: Any) -> list[Any]:
    """The outputs under fixed names."""
    return [tf.identity(tensor, f"out_{i}") for i, tensor in enumerate(tensors)]


@graph
def one_loop(lab: Lab) -> list[Any]:
    """The smallest one."""
    x, w = lab.feed("x", (4, 3)), lab.weight("w", 3, 3)
    return out(loop(lambda i, y: i < 5, lambda i, y: (i + 1, tf.tanh(y @ w)), [tf.constant(0), x])[1])


@graph
def weight_starts_the_loop(lab: Lab) -> list[Any]:
    """One weight is the first value of a variable and an invariant as well."""
    x, w, s = lab.feed("x", (4, 3)), lab.weight("w", 3, 3), lab.weight("s", 4, 3)

    def body(i: Any, y: Any, a: Any) -> Any:
        return i + 1, tf.tanh(y @ w) + x, a + tf.reduce_sum(y * s)

    return out(*loop(lambda i, y, a: i < 4, body, [0, s, 0.0])[1:])


@graph
def unread_variable(lab: Lab) -> list[Any]:
    """Nobody reads c after the loop: freezing drops its exit, and through it goes all of u's gradient."""
    x, w, u = lab.feed("x", (4, 3)), lab.weight("w", 3, 3), lab.weight("u", 3, 3)

    def body(i: Any, c: Any, y: Any) -> Any:
        c = tf.sigmoid(c @ u) + y
        return i + 1, c, tf.tanh(c @ w)

    return out(loop(lambda i, c, y: i < 4, body, [0, x, tf.zeros((4, 3))])[2])


@graph
def bound_that_is_fed(lab: Lab) -> list[Any]:
    """The number of rounds is an input."""
    x, n, w = lab.feed("x", (4, 3), [None, 3]), lab.feed("n", np.int32(6)), lab.weight("w", 3, 3)
    body = lambda i, y: (i + 1, tf.tanh(y @ w))  # noqa: E731
    return out(loop(lambda i, y: i < n, body, [0, x], parallel_iterations=3)[1])


@graph
def condition_on_a_weight(lab: Lab) -> list[Any]:
    """What the weights make of the data ends the loop."""
    x, w, b = lab.feed("x", (4, 3)), lab.weight("w", 3, 3), lab.weight("b", 3)

    def small(i: Any, y: Any) -> Any:
        return tf.logical_and(i < 7, tf.reduce_sum(tf.abs(y)) < 50.0)

    return out(loop(small, lambda i, y: (i + 1, y @ w + y + b), [0, x])[1])


@graph
def maximum_iterations(lab: Lab) -> list[Any]:
    """A counter that TensorFlow adds."""
    x, w = lab.feed("x", (4, 3)), lab.weight("w", 3, 3)
    return out(loop(lambda y: tf.constant(True), lambda y: tf.tanh(y @ w), [x], maximum_iterations=5))


@graph
def one_at_a_time(lab: Lab) -> list[Any]:
    """swap_memory and parallel_iterations."""
    x, w = lab.feed("x", (4, 3)), lab.weight("w", 3, 3)
    body = lambda i, y: (i + 1, tf.tanh(y @ w))  # noqa: E731
    return out(loop(lambda i, y: i < 5, body, [0, x], swap_memory=True, parallel_iterations=1)[1])


@graph
def no_round_at_all(lab: Lab) -> list[Any]:
    """The loop is left before it begins."""
    x, w, n = lab.feed("x", (4, 3)), lab.weight("w", 3, 3), lab.feed("n", np.int32(0))
    return out(loop(lambda i, y: i < n, lambda i, y: (i + 1, tf.tanh(y @ w)), [0, x @ w])[1])


@graph
def growing_shape(lab: Lab) -> list[Any]:
    """A variable that is longer after every round."""
    x, w = lab.feed("x", (2, 3)), lab.weight("w", 3, 3)

    def body(i: Any, y: Any, o: Any) -> Any:
        y = tf.tanh(y @ w)
        return i + 1, y, tf.concat([o, y[:, None]], 1)

    shapes = [tf.TensorShape([]), tf.TensorShape([2, 3]), tf.TensorShape([2, None, 3])]
    start = [tf.constant(0), x, tf.zeros((2, 0, 3))]
    return out(loop(lambda i, y, o: i < 4, body, start, shape_invariants=shapes)[2])


@graph
def tensor_arrays(lab: Lab) -> list[Any]:
    """Read from one, written to another."""
    x, w, u = lab.feed("x", (5, 2, 3), [None, 2, 3]), lab.weight("w", 3, 4), lab.weight("u", 4, 4)
    n = tf.shape(x)[0]
    source, sink = tf.TensorArray(tf.float32, n).unstack(x), tf.TensorArray(tf.float32, n)

    def body(i: Any, h: Any, sink: Any) -> Any:
        h = tf.tanh(source.read(i) @ w + h @ u)
        return i + 1, h, sink.write(i, h)

    _, h, sink = loop(lambda i, *_: i < n, body, [0, tf.zeros((2, 4)), sink])
    return out(sink.stack(), h)


@graph
def convolution_and_pool(lab: Lab) -> list[Any]:
    """Operations whose gradients want the forward values of every round."""
    x, k, b = lab.feed("x", (2, 6, 6, 2), [None, 6, 6, 2]), lab.weight("k", 3, 3, 2, 2), lab.weight("b", 2)

    def body(i: Any, y: Any) -> Any:
        return i + 1, tf.nn.max_pool2d(tf.nn.relu(tf.nn.conv2d(y, k, 1, "SAME") + b), 3, 1, "SAME")

    return out(loop(lambda i, y: i < 3, body, [0, x])[1])


@graph
def assertion_inside(lab: Lab) -> list[Any]:
    """Control edges and an operation without outputs."""
    x, w = lab.feed("x", (4, 3)), lab.weight("w", 3, 3)

    def body(i: Any, y: Any) -> Any:
        with tf.control_dependencies([v1.Assert(tf.reduce_all(y < 1e6), [y])]):
            return i + 1, tf.tanh(y @ w)

    return out(loop(lambda i, y: i < 3, body, [0, x])[1])


@graph
def one_after_the_other(lab: Lab) -> list[Any]:
    """Two loops that share a weight."""
    x, w = lab.feed("x", (4, 3)), lab.weight("w", 3, 3)
    y = loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(y @ w)), [0, x])[1]
    body = lambda i, z: (i + 1, tf.tanh(z @ w) + tf.reduce_mean(x))  # noqa: E731
    return out(loop(lambda i, z: i < 3, body, [0, y])[1])


@graph
def loop_in_loop(lab: Lab) -> list[Any]:
    """Two deep."""
    x, w, u = lab.feed("x", (4, 3)), lab.weight("w", 3, 3), lab.weight("u", 3, 3)

    def body(i: Any, y: Any) -> Any:
        inner = lambda j, z: (j + 1, tf.tanh(z @ w) + tf.cast(i, tf.float32))  # noqa: E731
        return i + 1, tf.sigmoid(loop(lambda j, z: j < 3, inner, [0, y])[1] @ u)

    return out(loop(lambda i, y: i < 3, body, [0, x])[1])


@graph
def three_deep(lab: Lab) -> list[Any]:
    """Bounds that the loops around count."""
    x = lab.feed("x", (4, 3))
    w, u, t = lab.weight("w", 3, 3), lab.weight("u", 3, 3), lab.weight("t", 3, 3)

    def middle(i: Any) -> Any:
        def body(j: Any, z: Any) -> Any:
            inner = lambda k, q: (k + 1, tf.tanh(q @ t) + z)  # noqa: E731
            q = loop(lambda k, q: k < j + 1, inner, [0, z])[1]
            return j + 1, tf.tanh(q @ w) + tf.cast(i, tf.float32)

        return body

    def body(i: Any, y: Any) -> Any:
        return i + 1, tf.sigmoid(loop(lambda j, z: j < i + 1, middle(i), [0, y])[1] @ u)

    return out(loop(lambda i, y: i < 3, body, [0, x])[1])


@graph
def unread_in_the_inner_loop(lab: Lab) -> list[Any]:
    """The inner variable c has no reader: without its exit the gradient is wrong, and nobody says so."""
    x, w, n = lab.feed("x", (4, 3), [None, 3]), lab.weight("w", 3, 3), lab.feed("n", np.int32(3))

    def body(i: Any, y: Any) -> Any:
        inner = lambda j, z, c: (j + 1, tf.tanh(c @ w), z + c)  # noqa: E731
        return i + 1, loop(lambda j, z, c: j < i + 1, inner, [0, y, y * 2.0])[1]

    return out(loop(lambda i, y: i < n, body, [0, x])[1])
