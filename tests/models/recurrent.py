"""Recurrent models: unrolled, in a v1 loop, and fused as in a speech recogniser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from catalogue import model
from frozen import Frozen
from layers import dense
from training import TrainingGraph, v1, weight


class LstmCell:
    """What `dynamic_rnn` asks of a cell, with the names of BasicLSTMCell."""

    def __init__(self, units: int) -> None:
        self.units = units
        self.output_size = units
        self.state_size = (units, units)

    def zero_state(self, batch: Any, dtype: tf.DType) -> tuple[tf.Tensor, tf.Tensor]:
        """A state of zeros."""
        return tf.zeros([batch, self.units], dtype), tf.zeros([batch, self.units], dtype)

    def __call__(self, x: tf.Tensor, state: Any, scope: Any = None) -> tuple[tf.Tensor, Any]:
        with v1.variable_scope(scope or "basic_lstm_cell", reuse=v1.AUTO_REUSE):
            kernel = weight("kernel", (int(x.shape[-1]) + self.units, 4 * self.units))
            bias = weight("bias", (4 * self.units,))
        cell, hidden = state
        gates = tf.nn.bias_add(tf.matmul(tf.concat([x, hidden], 1), kernel), bias)
        i, j, f, o = tf.split(gates, 4, 1)
        cell = cell * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
        hidden = tf.tanh(cell) * tf.sigmoid(o)
        return hidden, (cell, hidden)


@model
def embedding_lstm(folder: Path) -> Frozen:
    """An embedding and an LSTM unrolled over six steps: one kernel with six readers."""
    with TrainingGraph(folder) as lab:
        ids = lab.input("ids", [2, 6], np.arange(12, dtype=np.int32).reshape(2, 6))
        x = v1.nn.embedding_lookup(weight("embedding/table", (12, 5)), ids)
        outputs, _ = v1.nn.static_rnn(LstmCell(4), tf.unstack(x, axis=1), dtype=tf.float32)
        tf.nn.softmax(dense(outputs[-1], "fc", 3), name="out")
        return lab.freeze(["out"])


@model
def dynamic_lstm(folder: Path) -> Frozen:
    """An LSTM in a v1 loop: weights enter the frame."""
    with TrainingGraph(folder) as lab:
        x = lab.input("x", [None, 5, 3], (2, 5, 3))
        outputs, _ = v1.nn.dynamic_rnn(LstmCell(4), x, dtype=tf.float32)
        tf.identity(dense(outputs[:, -1], "fc", 3), name="out")
        return lab.freeze(["out"])


N_INPUT, N_CONTEXT, N_HIDDEN, N_CLASSES = 6, 2, 16, 7
N_FEATURES = N_INPUT + 2 * N_INPUT * N_CONTEXT


@model
def speech(folder: Path) -> Frozen:
    """A streaming speech recogniser: fused LSTM, carried state left as variables, its own initialiser."""
    with TrainingGraph(folder) as trained:
        x = trained.input("input_node", [1, 4, 5, N_INPUT], (1, 4, 5, N_INPUT))
        zeros = tf.zeros([1, N_HIDDEN])
        _acoustic_model(x, zeros, zeros)
        v1.train.get_or_create_global_step()
        trained.freeze(["logits"])
    with TrainingGraph(folder) as lab:
        x = lab.input("input_node", [1, 4, 5, N_INPUT], (1, 4, 5, N_INPUT))
        with tf.device("/job:localhost/task:0"):
            cell = _state("previous_state_c")
            hidden = _state("previous_state_h")
        out, new_cell, new_hidden = _acoustic_model(x, cell, hidden, suffix="raw_logits")
        zeros = tf.zeros([1, N_HIDDEN])
        reset = tf.group(v1.assign(cell, zeros), v1.assign(hidden, zeros), name="initialize_state")
        with tf.control_dependencies([v1.assign(cell, new_cell), v1.assign(hidden, new_hidden)]):
            tf.identity(out, name="logits")
        with lab.session() as session:
            states = {"previous_state_c", "previous_state_h"}
            kept = {v.op.name: v for v in v1.global_variables() if v.op.name not in states}
            v1.train.Saver(kept).restore(session, str(folder / "truth.ckpt"))
            session.run(reset)
            return lab.frozen_as_is(
                session,
                ["logits", "initialize_state"],
                blacklist=sorted(states),
                init_ops=["initialize_state"],
                left_over=sorted(states),
            )


def _state(name: str) -> tf.Variable:
    return v1.get_variable(
        name, [1, N_HIDDEN], initializer=v1.zeros_initializer(), trainable=False, use_resource=False
    )


def _acoustic_model(
    x: tf.Tensor, cell: Any, hidden: Any, suffix: str = "logits"
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    x = tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [-1, N_FEATURES])
    for index, width in ((1, N_FEATURES), (2, N_HIDDEN), (3, N_HIDDEN)):
        x = _clipped(x, index, width, N_HIDDEN)
    x = tf.reshape(x, [4, 1, N_HIDDEN])
    with v1.variable_scope("lstm_fused_cell"):
        kernel = weight("kernel", (2 * N_HIDDEN, 4 * N_HIDDEN))
        bias = weight("bias", (4 * N_HIDDEN,))
        none = tf.zeros([N_HIDDEN])
        lstm = tf.raw_ops.BlockLSTM(
            seq_len_max=tf.constant(4, tf.int64),
            x=x, cs_prev=cell, h_prev=hidden, w=kernel, wci=none, wcf=none, wco=none, b=bias,
            forget_bias=1.0, cell_clip=-1.0, use_peephole=False,
        )  # fmt: skip
    x = _clipped(tf.reshape(lstm.h, [-1, N_HIDDEN]), 5, N_HIDDEN, N_HIDDEN)
    x = tf.matmul(x, weight("h6", (N_HIDDEN, N_CLASSES))) + weight("b6", (N_CLASSES,))
    return tf.reshape(x, [4, 1, N_CLASSES], name=suffix), lstm.cs[-1], lstm.h[-1]


def _clipped(x: tf.Tensor, index: int, inputs: int, outputs: int) -> tf.Tensor:
    bias = weight(f"b{index}", (outputs,))
    kernel = weight(f"h{index}", (inputs, outputs))
    return tf.minimum(tf.nn.relu(tf.matmul(x, kernel) + bias), 20.0)
