"""Recurrent networks of TensorFlow 1, each frozen with a question and its answer, into folders of their names.

    legacy_cells.py FOLDER

Their cells come with Keras 2: this is run in a process of its own, with TF_USE_LEGACY_KERAS=1.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from strict_tf import session, tf, v1

STEPS, INPUTS, UNITS = 5, 3, 4


def cells() -> Any:
    return v1.nn.rnn_cell


def dynamic(cell: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda x: v1.nn.dynamic_rnn(cell(), x, dtype=x.dtype)[0]


def static(cell: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda x: tf.stack(v1.nn.static_rnn(cell(), tf.unstack(x, axis=1), dtype=x.dtype)[0], 1)


def stacked(x: Any) -> Any:
    """Two cells, the inner one as wide as what it is given."""
    layers = [cells().BasicLSTMCell(UNITS), cells().BasicLSTMCell(UNITS, forget_bias=0.25)]
    return v1.nn.dynamic_rnn(cells().MultiRNNCell(layers), x, dtype=x.dtype)[0]


NETS: dict[str, Callable[[Any], Any]] = {
    "basic_lstm": dynamic(lambda: cells().BasicLSTMCell(UNITS)),
    "basic_lstm_static": static(lambda: cells().BasicLSTMCell(UNITS, forget_bias=0.5)),
    "lstm": dynamic(lambda: cells().LSTMCell(UNITS)),
    "lstm_without_forget_bias": dynamic(lambda: cells().LSTMCell(UNITS, forget_bias=0.0)),
    "lstm_double": dynamic(lambda: cells().LSTMCell(UNITS)),
    "stacked": stacked,
    "gru": dynamic(lambda: cells().GRUCell(UNITS)),
    "gru_static": static(lambda: cells().GRUCell(UNITS)),
    "peepholes": dynamic(lambda: cells().LSTMCell(UNITS, use_peepholes=True)),
    "relu": dynamic(lambda: cells().BasicLSTMCell(UNITS, activation=tf.nn.relu)),
}


def save(name: str, folder: Path) -> None:
    dtype = tf.float64 if name.endswith("double") else tf.float32
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(dtype, [None, STEPS, INPUTS], "x")
        tf.identity(NETS[name](x), "y")
    numbers = np.random.default_rng(5)
    question = numbers.normal(size=(2, STEPS, INPUTS)).astype(dtype.as_numpy_dtype)
    with graph.as_default(), session(graph) as opened:
        for variable in v1.global_variables():
            variable.load(numbers.normal(0, 0.5, variable.shape).astype(dtype.as_numpy_dtype), opened)
        answer = opened.run("y:0", {"x:0": question})
        frozen = v1.graph_util.convert_variables_to_constants(opened, graph.as_graph_def(), ["y"])
    folder.mkdir()
    (folder / "frozen.pb").write_bytes(frozen.SerializeToString())
    np.savez(folder / "asked.npz", question=question, answer=answer)


if __name__ == "__main__":
    for each in NETS:
        save(each, Path(sys.argv[1]) / each)
