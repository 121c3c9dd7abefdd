"""Conds by hand: within each other, around loops, inside loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from training_graphs import Lab, graph, v1
from loops import loop, out

cond = v1.cond


def two_weights(lab: Lab) -> tuple[Any, Any, Any]:
    """An input of any number of rows, and two square weights."""
    return lab.feed("x", (4, 3), [None, 3]), lab.weight("w", 3, 3), lab.weight("u", 3, 3)


@graph
def one_cond(lab: Lab) -> list[Any]:
    """The smallest one."""
    (x, w, u), p = two_weights(lab), lab.feed("p", np.bool_(True))
    return out(cond(p, lambda: tf.tanh(x @ w), lambda: tf.sigmoid(x @ u)))


@graph
def two_conds_of_one_predicate(lab: Lab) -> list[Any]:
    """Their contexts become one pair."""
    (x, w, u), p = two_weights(lab), lab.feed("p", np.bool_(False))
    y = cond(p, lambda: tf.tanh(x @ w), lambda: x)
    return out(*cond(p, lambda: (y @ u, y + 1.0), lambda: (y @ w, y * 2.0)))


@graph
def conds_in_conds(lab: Lab) -> list[Any]:
    """The innermost asks the outermost predicate again."""
    (x, w, u), p = two_weights(lab), lab.feed("p", np.bool_(True))
    q = lab.feed("q", np.bool_(False))
    innermost = lambda: cond(p, lambda: tf.tanh(x @ u) + 3.0, lambda: x)  # noqa: E731
    return out(cond(p, lambda: cond(q, lambda: x @ w, innermost), lambda: tf.sigmoid(x @ u)))


@graph
def case_of_three(lab: Lab) -> list[Any]:
    """tf.case: a chain of conds."""
    (x, w, u), k = two_weights(lab), lab.feed("k", np.int32(1))
    cases = [
        (tf.equal(k, 0), lambda: x @ w),
        (tf.equal(k, 1), lambda: tf.tanh(x @ u)),
        (k > 5, lambda: x * 2.0),
    ]
    return out(v1.case(cases, default=lambda: x @ w @ u, exclusive=False))


@graph
def learning_phase(lab: Lab) -> list[Any]:
    """Batch normalisation and dropout that ask whether they train."""
    x, w, p = lab.feed("x", (8, 3), [None, 3]), lab.weight("w", 3, 3), lab.feed("p", np.bool_(True))
    scale, beta = lab.weight("scale", 3), lab.weight("beta", 3)
    h = x @ w
    m, v = cond(p, lambda: tuple(tf.nn.moments(h, 0)), lambda: (tf.zeros(3), tf.ones(3)))
    h = tf.nn.batch_normalization(h, m, v, beta, scale, 1e-3)
    return out(cond(p, lambda: h * 0.5, lambda: h))


@graph
def branch_is_a_weight(lab: Lab) -> list[Any]:
    """What a branch returns is the weight itself."""
    (x, w, u), p = two_weights(lab), lab.feed("p", np.bool_(False))
    return out(x @ cond(p, lambda: w, lambda: u * 2.0))


@graph
def loop_in_cond(lab: Lab) -> list[Any]:
    """Taken."""
    return _loop_in_cond(lab, True)


@graph
def loop_in_cond_not_taken(lab: Lab) -> list[Any]:
    """Not taken: the weight of the loop has a gradient of zeros."""
    return _loop_in_cond(lab, False)


def _loop_in_cond(lab: Lab, taken: bool) -> list[Any]:
    (x, w, u), p = two_weights(lab), lab.feed("p", np.bool_(taken))
    x.set_shape([4, 3])
    body = lambda i, y: (i + 1, tf.tanh(y @ w))  # noqa: E731
    return out(cond(p, lambda: loop(lambda i, y: i < 4, body, [0, x])[1], lambda: x @ u))


@graph
def cond_in_loop(lab: Lab) -> list[Any]:
    """Every other round."""
    x, w, u = two_weights(lab)

    def body(i: Any, y: Any) -> Any:
        even = tf.equal(i % 2, 0)
        return i + 1, cond(even, lambda: tf.tanh(y @ w), lambda: tf.sigmoid(y @ u) * 2.0)

    return out(loop(lambda i, y: i < 5, body, [0, x])[1])


@graph
def branch_that_passes_on(lab: Lab) -> list[Any]:
    """One branch does nothing."""
    x, w = lab.feed("x", (4, 3), [None, 3]), lab.weight("w", 3, 3)
    body = lambda i, y: (i + 1, cond(i > 1, lambda: tf.tanh(y @ w), lambda: y))  # noqa: E731
    return out(loop(lambda i, y: i < 5, body, [0, x])[1])


@graph
def conds_in_cond_in_loop(lab: Lab) -> list[Any]:
    """Three contexts deep."""
    x, w, u = two_weights(lab)

    def body(i: Any, y: Any) -> Any:
        inner = lambda: cond(tf.equal(i, 2), lambda: tf.tanh(y @ w) * 3.0, lambda: y + 1.0)  # noqa: E731
        return i + 1, cond(i > 0, inner, lambda: tf.sigmoid(y @ u))

    return out(loop(lambda i, y: i < 5, body, [0, x])[1])


@graph
def loop_in_cond_in_loop(lab: Lab) -> list[Any]:
    """The inner loop counts what the outer one does."""
    x, w, u = two_weights(lab)

    def body(i: Any, y: Any) -> Any:
        inner = lambda: loop(lambda j, z: j < i, lambda j, z: (j + 1, tf.tanh(z @ w)), [0, y])[1]  # noqa: E731
        return i + 1, cond(tf.equal(i % 2, 1), inner, lambda: tf.sigmoid(y @ u))

    return out(loop(lambda i, y: i < 4, body, [0, x])[1])


@graph
def chained_conds_in_loop(lab: Lab) -> list[Any]:
    """Two conds of one predicate, the second reads the first."""
    x, w, u = two_weights(lab)

    def body(i: Any, y: Any) -> Any:
        p = tf.equal(i % 2, 0)
        a = cond(p, lambda: tf.tanh(y @ w), lambda: y)
        return i + 1, cond(p, lambda: a, lambda: tf.sigmoid(a @ u) + tf.ones([3]))

    return out(loop(lambda i, y: i < 5, body, [0, x])[1])


@graph
def many_outputs_in_a_branch(lab: Lab) -> list[Any]:
    """Outputs that only the gradient reads."""
    x, w = lab.feed("x", (4, 6), [None, 6]), lab.weight("w", 6, 6)

    def body(i: Any, y: Any) -> Any:
        def split() -> Any:
            a, _, c = tf.split(y @ w, 3, 1)
            return tf.concat([a, c, a * tf.nn.top_k(a, 1)[0]], 1)

        return i + 1, cond(i > 0, split, lambda: y * 2.0)

    return out(loop(lambda i, y: i < 3, body, [0, x])[1])
