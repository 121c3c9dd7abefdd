"""The network of DeepSpeech v0.4.1, small: its training graph, its frozen graph, and ten steps of either.

Written anew from the structure of that version: three dense layers clipped at 20, one LSTM in a block, a fifth
dense layer and the letters. The training graph runs over whole utterances; the exported one over 16 windows, with
the LSTM's state in two variables that freezing leaves alone and no checkpoint holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from strict_tf import session, tf, v1

HIDDEN = 32
FEATURES = 26
CONTEXT = 9
WINDOW = 2 * CONTEXT + 1
LETTERS = 29
STEPS = 16
BATCH = 4

WEIGHTS = [
    *(f"{letter}{layer}" for layer in (1, 2, 3, 5, 6) for letter in "bh"),
    "lstm_fused_cell/bias",
    "lstm_fused_cell/kernel",
]


def get_variable(name: str, shape: list[int]) -> Any:
    seeded = v1.random_uniform_initializer(-0.1, 0.1, seed=len(name) + sum(shape))
    return v1.get_variable(name, shape, initializer=seeded, use_resource=False)


def dense(x: Any, layer: int, inputs: int, outputs: int, clipped: bool) -> Any:
    bias = get_variable(f"b{layer}", [outputs])
    kernel = get_variable(f"h{layer}", [inputs, outputs])
    x = tf.add(tf.matmul(x, kernel), bias)
    return tf.minimum(tf.nn.relu(x), 20.0) if clipped else x


def lstm(x: Any, lengths: Any, state_c: Any, state_h: Any, hidden: int) -> tuple[Any, Any, Any]:
    """LSTMBlockFusedCell: gates i, c, f, o in one kernel; the forget bias is added while it runs."""
    with v1.variable_scope("lstm_fused_cell"):
        kernel = get_variable("kernel", [2 * hidden, 4 * hidden])
        bias = get_variable("bias", [4 * hidden])
        zeros = tf.zeros([hidden])
        made = tf.raw_ops.BlockLSTM(
            seq_len_max=tf.cast(tf.reduce_max(lengths), tf.int64),
            x=x, cs_prev=state_c, h_prev=state_h, w=kernel, wci=zeros, wcf=zeros, wco=zeros, b=bias,
            forget_bias=1.0, cell_clip=-1.0, use_peephole=False,
        )  # fmt: skip
        return made.h, made.cs[-1], made.h[-1]


def network(
    batch: Any, lengths: Any, state: tuple[Any, Any] | None, hidden: int = HIDDEN, letters: int = LETTERS
) -> Any:
    """Logits [time, batch, letters] and the new state."""
    size = tf.shape(batch)[0]
    x = tf.reshape(tf.transpose(batch, [1, 0, 2, 3]), [-1, WINDOW * FEATURES])
    x = dense(x, 1, WINDOW * FEATURES, hidden, True)
    x = dense(x, 2, hidden, hidden, True)
    x = dense(x, 3, hidden, hidden, True)
    x = tf.reshape(x, [-1, size, hidden])
    state_c, state_h = state or (tf.zeros([size, hidden]), tf.zeros([size, hidden]))
    x, new_c, new_h = lstm(x, lengths, state_c, state_h, hidden)
    x = dense(tf.reshape(x, [-1, hidden]), 5, hidden, hidden, True)
    x = dense(x, 6, hidden, letters, False)
    return tf.reshape(x, [-1, size, letters], name="raw_logits"), (new_c, new_h)


def utterances(step: int) -> dict[str, np.ndarray]:
    made = np.random.default_rng(step)
    return {
        "batch": made.standard_normal((BATCH, STEPS, WINDOW, FEATURES)).astype(np.float32),
        "lengths": np.full(BATCH, STEPS, np.int32),
        "labels": made.integers(0, LETTERS - 2, (BATCH, 4)).astype(np.int32),
    }


class Training:
    """The training graph in the default graph: 12 weights, 24 slots, two powers and the step."""

    def __init__(self, hidden: int = HIDDEN, letters: int = LETTERS) -> None:
        self.batch = v1.placeholder(tf.float32, [None, None, WINDOW, FEATURES], "batch")
        self.lengths = v1.placeholder(tf.int32, [None], "lengths")
        self.labels = v1.placeholder(tf.int32, [None, None], "labels")
        logits, _ = network(self.batch, self.lengths, None, hidden, letters)
        loss = v1.nn.ctc_loss(tf.sparse.from_dense(self.labels + 1), logits, self.lengths)
        self.loss = tf.reduce_mean(loss)
        # int32, as tf.Variable made it up to this version.
        self.step = v1.Variable(0, trainable=False, name="global_step")
        v1.add_to_collection(v1.GraphKeys.GLOBAL_STEP, self.step)
        self.train = v1.train.AdamOptimizer(1e-3).minimize(self.loss, global_step=self.step)

    def feed(self, step: int) -> dict[Any, np.ndarray]:
        return {getattr(self, name): value for name, value in utterances(step).items()}

    def losses(self, opened: Any, steps: int = 10) -> list[float]:
        """Of that many steps, in one order."""
        return [float(opened.run([self.loss, self.train], self.feed(step))[0]) for step in range(steps)]


@contextmanager
def training(hidden: int = HIDDEN, letters: int = LETTERS) -> Iterator[tuple[Training, Any]]:
    with tf.Graph().as_default() as graph:
        made = Training(hidden, letters)
        with session(graph) as opened:
            yield made, opened


def train(prefix: Path, steps: int = 5) -> None:
    """The author's checkpoint: PREFIX and its .meta."""
    with training() as (made, opened):
        opened.run(v1.global_variables_initializer())
        made.losses(opened, steps)
        v1.train.Saver().save(opened, str(prefix))


def build_inference() -> None:
    batch = v1.placeholder(tf.float32, [1, STEPS, WINDOW, FEATURES], "input_node")
    lengths = v1.placeholder(tf.int32, [1], "input_lengths")
    state_c = v1.get_variable("previous_state_c", [1, HIDDEN], trainable=False, use_resource=False)
    state_h = v1.get_variable("previous_state_h", [1, HIDDEN], trainable=False, use_resource=False)
    zero = tf.zeros([1, HIDDEN])
    with tf.control_dependencies([v1.assign(state_c, zero), v1.assign(state_h, zero)]):
        tf.no_op(name="initialize_state")
    logits, (new_c, new_h) = network(batch, lengths, (state_c, state_h))
    with tf.control_dependencies([v1.assign(state_c, new_c), v1.assign(state_h, new_h)]):
        tf.identity(tf.nn.softmax(logits), name="logits")


def freeze(prefix: Path, path: Path) -> None:
    """output_graph.pb, as its exporter makes it: all variables but the state become constants."""
    with tf.Graph().as_default() as graph:
        build_inference()
        saved = [v for v in v1.global_variables() if not v.op.name.startswith("previous_state")]
        with session(graph) as opened:
            v1.train.Saver(saved).restore(opened, str(prefix))
            frozen = v1.graph_util.convert_variables_to_constants(
                opened,
                graph.as_graph_def(),
                ["logits", "initialize_state"],
                variable_names_blacklist=["previous_state_c", "previous_state_h"],
            )
    path.write_bytes(frozen.SerializeToString())
