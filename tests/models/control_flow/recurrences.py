"""Recurrent layers and the loops of TensorFlow's library."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf

from training_graphs import Lab, graph, v1
from loops import loop, out


class Cell:
    """What dynamic_rnn asks of a cell."""

    def __init__(self, lab: Lab, units: int, name: str) -> None:
        self.lab, self.units, self.name = lab, units, name
        self.output_size = units

    def weights(self, inputs: int, gates: int) -> tuple[Any, Any]:
        """Kernel and bias, made once."""
        with v1.variable_scope(self.name, reuse=v1.AUTO_REUSE):
            kernel = self.lab.weight("kernel", inputs + self.units, gates * self.units)
            return kernel, self.lab.weight("bias", gates * self.units)

    def zeros(self, batch: Any, dtype: tf.DType) -> tf.Tensor:
        """A state of zeros."""
        return tf.zeros([batch, self.units], dtype)


class Lstm(Cell):
    """With peepholes when asked."""

    def __init__(self, lab: Lab, units: int, name: str = "lstm", peephole: bool = False) -> None:
        super().__init__(lab, units, name)
        self.state_size, self.peephole = (units, units), peephole

    def zero_state(self, batch: Any, dtype: tf.DType) -> tuple[Any, Any]:
        return self.zeros(batch, dtype), self.zeros(batch, dtype)

    def __call__(self, x: Any, state: Any, scope: Any = None) -> tuple[Any, Any]:
        kernel, bias = self.weights(int(x.shape[-1]), 4)
        c, h = state
        i, j, f, o = tf.split(tf.nn.bias_add(tf.concat([x, h], 1) @ kernel, bias), 4, 1)
        if self.peephole:
            with v1.variable_scope(self.name, reuse=v1.AUTO_REUSE):
                f = f + self.lab.weight("w_f_diag", self.units) * c
        c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        h = tf.tanh(c) * tf.sigmoid(o)
        return h, (c, h)


class Gru(Cell):
    """Two kernels."""

    def __init__(self, lab: Lab, units: int, name: str = "gru") -> None:
        super().__init__(lab, units, name)
        self.state_size, self.candidate = units, Cell(lab, units, name + "/candidate")

    def zero_state(self, batch: Any, dtype: tf.DType) -> Any:
        return self.zeros(batch, dtype)

    def __call__(self, x: Any, h: Any, scope: Any = None) -> tuple[Any, Any]:
        kernel, bias = self.weights(int(x.shape[-1]), 2)
        r, u = tf.split(tf.sigmoid(tf.nn.bias_add(tf.concat([x, h], 1) @ kernel, bias)), 2, 1)
        kernel, bias = self.candidate.weights(int(x.shape[-1]), 1)
        h = u * h + (1 - u) * tf.tanh(tf.nn.bias_add(tf.concat([x, r * h], 1) @ kernel, bias))
        return h, h


class Simple(Cell):
    """One layer."""

    def __init__(self, lab: Lab, units: int, name: str = "simple") -> None:
        super().__init__(lab, units, name)
        self.state_size = units

    def zero_state(self, batch: Any, dtype: tf.DType) -> Any:
        return self.zeros(batch, dtype)

    def __call__(self, x: Any, h: Any, scope: Any = None) -> tuple[Any, Any]:
        kernel, bias = self.weights(int(x.shape[-1]), 1)
        h = tf.tanh(tf.nn.bias_add(tf.concat([x, h], 1) @ kernel, bias))
        return h, h


def rnn(cell: Any, x: Any, **options: Any) -> tuple[Any, Any]:
    """dynamic_rnn of floats."""
    return v1.nn.dynamic_rnn(cell, x, dtype=tf.float32, **options)


@graph
def lstm(lab: Lab) -> list[Any]:
    """The cell's state is no output."""
    return out(rnn(Lstm(lab, 4), lab.feed("x", (2, 5, 3), [None, 5, 3]))[0])


@graph
def gru_with_lengths(lab: Lab) -> list[Any]:
    """Conds of the library inside the loop."""
    n = lab.feed("n", np.array([5, 3, 1], np.int32), [None])
    x = lab.feed("x", (3, 5, 3), [None, None, 3])
    return out(rnn(Gru(lab, 4), x, sequence_length=n)[1])


@graph
def both_ways(lab: Lab) -> list[Any]:
    """Two loops of different cells."""
    n = lab.feed("n", np.array([5, 3], np.int32), [None])
    x = lab.feed("x", (2, 5, 3), [None, 5, 3])
    (there, back), _ = v1.nn.bidirectional_dynamic_rnn(
        Lstm(lab, 4, peephole=True), Gru(lab, 4), x, sequence_length=n, dtype=tf.float32
    )
    return out(tf.concat([there, back], 2))


@graph
def stacked(lab: Lab) -> list[Any]:
    """A loop upon a loop."""
    y, _ = rnn(Lstm(lab, 4), lab.feed("x", (2, 5, 3), [None, 5, 3]))
    return out(rnn(Simple(lab, 4), y, scope="second")[0][:, -1])


@graph
def raw(lab: Lab) -> list[Any]:
    """raw_rnn with a cond in its loop."""
    cell, x = Lstm(lab, 4), lab.feed("x", (5, 2, 3))
    source = tf.TensorArray(tf.float32, 5).unstack(x)

    def step(t: Any, made: Any, state: Any, carried: Any) -> Any:
        state = cell.zero_state(2, tf.float32) if made is None else state
        done = t >= tf.constant([5, 3])
        following = v1.cond(tf.reduce_all(done), lambda: tf.zeros([2, 3]), lambda: source.read(t))
        return done, following, state, made, None

    return out(v1.nn.raw_rnn(cell, step)[0].stack())


@graph
def mapped(lab: Lab) -> list[Any]:
    """map_fn."""
    x, w = lab.feed("x", (5, 3), [None, 3]), lab.weight("w", 3, 3)
    return out(tf.map_fn(lambda row: tf.tanh(tf.linalg.matvec(w, row)), x))


@graph
def scanned(lab: Lab) -> list[Any]:
    """scan, from the end."""
    x, w = lab.feed("x", (5, 3), [None, 3]), lab.weight("w", 3, 3)
    step = lambda a, row: tf.tanh(tf.linalg.matvec(w, a) + row)  # noqa: E731
    return out(tf.scan(step, x, initializer=tf.zeros(3), reverse=True))


@graph
def folded_embedding(lab: Lab) -> list[Any]:
    """foldl over rows of a table: sparse gradients in a loop."""
    ids = lab.feed("ids", np.array([[0, 2, 1], [3, 0, 2]], np.int32), [None, 3])
    table, w = lab.weight("table", 5, 4), lab.weight("w", 4, 4)
    step = lambda a, row: tf.tanh(a @ w + tf.gather(table, row))  # noqa: E731
    return out(v1.foldl(step, tf.transpose(ids), initializer=tf.zeros((2, 4))))


@graph
def embedding_by_step(lab: Lab) -> list[Any]:
    """A lookup inside a loop: TensorFlow's freezer makes of resource variables what does not run."""
    ids = lab.feed("ids", np.array([[0, 2, 1], [3, 0, 2]], np.int32), [None, 3])
    table, n = lab.weight("table", 5, 4), tf.shape(ids)[1]

    def body(i: Any, y: Any) -> Any:
        return i + 1, y + tf.nn.embedding_lookup(table, ids[:, i]) * tf.cast(i + 1, tf.float32)

    shapes = [tf.TensorShape([]), tf.TensorShape([None, 4])]
    start = [0, tf.zeros([tf.shape(ids)[0], 4])]
    return out(loop(lambda i, y: i < n, body, start, shape_invariants=shapes)[1])


@graph
def attention(lab: Lab) -> list[Any]:
    """A decoder that looks back at its input, and stops when all are done."""
    x = lab.feed("x", (2, 5, 3), [None, 5, 3])
    w, q = lab.weight("w", 3, 3), lab.weight("q", 4, 3)
    c, o = lab.weight("c", 7, 4), lab.weight("o", 4, 6)
    batch, memory = tf.shape(x)[0], tf.tensordot(x, w, 1)

    def body(t: Any, h: Any, done: Any, sink: Any) -> Any:
        score = tf.nn.softmax(tf.reduce_sum(memory * (h @ q)[:, None], -1))
        seen = tf.reduce_sum(score[..., None] * x, 1)
        new = tf.tanh(tf.concat([seen, h], 1) @ c)
        logits = new @ o
        ends = tf.equal(tf.argmax(logits, 1, output_type=tf.int32), -1)
        return t + 1, tf.where(done[:, None], h, new), tf.logical_or(done, ends), sink.write(t, logits)

    def more(t: Any, h: Any, done: Any, sink: Any) -> Any:
        return tf.logical_and(t < 6, tf.logical_not(tf.reduce_all(done)))

    sink = tf.TensorArray(tf.float32, 0, dynamic_size=True)
    shapes = [[], [None, 4], [None], None]
    sink = loop(
        more, body, [0, tf.zeros([batch, 4]), tf.zeros([batch], tf.bool), sink],
        shape_invariants=[tf.TensorShape(shape) for shape in shapes],
    )[3]  # fmt: skip
    return out(tf.transpose(sink.stack(), [1, 0, 2]))
