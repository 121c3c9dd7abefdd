#!/usr/bin/env python3
"""Gradients through the loops and branches of a corpus, against finite differences of the untouched graphs.

  loop_corpus.py [--corpus FOLDER]

Every frozen graph with a loop or a branch is thawed, imported, restored and run; the outputs have to be
those of the frozen graph bit for bit. Each trainable variable is then moved a little along its gradient,
in the frozen graph by feeding the constant, and the loss has to move as the gradient says.
"""

from __future__ import annotations

import argparse
import collections
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError

import cases
import graph_files
import original
import thaw_tool
from imported import import_set, restored
from strict_tf import first_line, session, tf, v1

CONTROL = {"Switch", "RefSwitch", "Enter", "RefEnter"}
STEPS = (1e-1, 1e-2, 1e-3, 1e-4)
TOLERANCE = 0.05


def _gradients_of_cells() -> None:
    """TensorFlow 2 has the kernels of these gradients and no longer registers them."""

    @tf.RegisterGradient("GRUBlockCell")
    def _gru(op: Any, *g: Any) -> Any:
        r, u, c, _ = op.outputs
        x, h, w_ru, w_c = op.inputs[:4]
        found = tf.raw_ops.GRUBlockCellGrad(
            x=x, h_prev=h, w_ru=w_ru, w_c=w_c, b_ru=op.inputs[4], b_c=op.inputs[5], r=r, u=u, c=c, d_h=g[3]
        )
        both = tf.matmul(tf.concat([x, h], 1), found.d_r_bar_u_bar, transpose_a=True)
        inner = tf.matmul(tf.concat([x, h * r], 1), found.d_c_bar, transpose_a=True)
        sums = tf.reduce_sum(found.d_r_bar_u_bar, 0), tf.reduce_sum(found.d_c_bar, 0)
        return found.d_x, found.d_h_prev, both, inner, *sums

    @tf.RegisterGradient("LSTMBlockCell")
    def _lstm(op: Any, *g: Any) -> Any:
        x, cs_prev, h_prev, w, wci, wcf, wco, b = op.inputs
        i, cs, f, o, ci, co, _ = op.outputs
        found = tf.raw_ops.LSTMBlockCellGrad(
            x=x, cs_prev=cs_prev, h_prev=h_prev, w=w, wci=wci, wcf=wcf, wco=wco, b=b, i=i, cs=cs, f=f, o=o,
            ci=ci, co=co, cs_grad=g[1], h_grad=g[6], use_peephole=op.get_attr("use_peephole"),
        )  # fmt: skip
        inputs = tf.matmul(found.dicfo, w, transpose_b=True)
        size = tf.shape(x)[1]
        kernel = tf.matmul(tf.concat([x, h_prev], 1), found.dicfo, transpose_a=True)
        peepholes = found.wci_grad, found.wcf_grad, found.wco_grad
        bias = tf.reduce_sum(found.dicfo, 0)
        return inputs[:, :size], found.cs_prev_grad, inputs[:, size:], kernel, *peepholes, bias


class Differences:
    """One thawed graph beside the frozen one."""

    def __init__(self, seen: original.Original, thawed: thaw_tool.Thawed) -> None:
        self.seen, self.thawed, self.expected = seen, thawed, seen.behaviour
        self.graph, self.saver = import_set(thawed.prefix)
        with self.graph.as_default():
            self.tensors = [self.graph.get_tensor_by_name(name) for name in self.expected.names]
            self.variables = v1.trainable_variables()
            self.loss = self._loss(self.tensors)

    def _loss(self, tensors: list[Any]) -> Any:
        parts = []
        for tensor, value, sure in zip(tensors, self.expected.outputs, self.expected.sure, strict=True):
            if sure and tensor.dtype.is_floating:
                uneven = np.cos(np.arange(value.size) * 0.7 + 1.0).reshape(value.shape)
                parts.append(tf.reduce_sum(tf.cast(tensor, tf.float64) * uneven))
        return tf.add_n(parts) if parts else None

    def run(self, counts: collections.Counter[str]) -> list[str]:
        """What is wrong, in lines."""
        with restored(self.graph, self.saver, self.thawed.prefix) as opened:
            outputs = opened.run(self.tensors, self.expected.feeds)
        same = map(graph_files.same_bits, outputs, self.expected.outputs)
        wrong = [n for n, s, k in zip(self.expected.names, same, self.expected.sure, strict=True) if k and not s]
        counts["forward equal"] += not wrong
        if wrong:
            return [f"forward differs: {wrong[:3]}"]
        if self.loss is None or not self.variables:
            return []
        with self.graph.as_default():
            found = v1.gradients(self.loss, self.variables)
        return [line for v, g in zip(self.variables, found, strict=True) if (line := self._check(v, g, counts))]

    def _check(self, variable: Any, gradient: Any, counts: collections.Counter[str]) -> str:
        with restored(self.graph, self.saver, self.thawed.prefix) as opened, self.graph.as_default():
            value = opened.run(variable)
            direction = np.random.default_rng(1).normal(size=value.shape)
            slope = 0.0
            if gradient is not None:
                array = opened.run(tf.convert_to_tensor(gradient), self.expected.feeds)
                direction = array / (np.linalg.norm(array) or 1.0) if np.any(array) else direction
                slope = float(np.sum(np.asarray(array, np.float64) * direction))
            try:
                slopes = self._slopes(opened, variable, value, direction)
            except tf.errors.InvalidArgumentError as error:
                if "Assert" not in str(error):
                    raise
                counts["asserted to be what they are"] += 1
                return ""
        counts["weights"] += 1
        counts["without a gradient"] += gradient is None
        close = [s for pair in slopes for s in pair if abs(s - slope) <= TOLERANCE * max(abs(slope), 1e-4)]
        if close:
            return ""
        return f"{variable.op.name}: gradient {slope:.4g}, differences {slopes}"

    def _slopes(self, opened: Any, variable: Any, value: Any, direction: Any) -> list[tuple[float, ...]]:
        """Two-sided and both one-sided differences, for every size of step."""
        here, slopes = self._loss_at(opened, variable, value), []
        size = float(np.linalg.norm(value)) or 1.0
        for step in STEPS:
            moved = [np.asarray(value + s * step * size * direction, value.dtype) for s in (1, -1)]
            there, back = (self._loss_at(opened, variable, array) for array in moved)
            wide = step * size
            slopes.append(((there - back) / 2 / wide, (there - here) / wide, (here - back) / wide))
        return slopes

    def _loss_at(self, opened: Any, variable: Any, value: Any) -> float:
        node = {v["name"]: v["node"] for v in self.thawed.variables}[variable.op.name]
        plain = not next(n for n in self.seen.graph_def.node if n.name == node).input
        if not plain:  # a constant inside a loop cannot be fed
            variable.load(value, opened)
            return float(opened.run(self.loss, self.expected.feeds))
        with tf.Graph().as_default() as graph:
            tf.import_graph_def(graph_files.load(self.seen.path), name="")
            loss = self._loss([graph.get_tensor_by_name(name) for name in self.expected.names])
        with session(graph) as frozen:
            return float(frozen.run(loss, {**self.expected.feeds, node + ":0": value}))


def judge(case: cases.Case, counts: collections.Counter[str]) -> list[str]:
    """One file."""
    try:
        ops = {node.op for node in graph_files.load(case.path).node}
    except DecodeError:
        counts["no graph"] += 1
        return []
    if not CONTROL & ops:
        return []
    counts["files"] += 1
    seen = original.examine(case.path, None, {})
    with tempfile.TemporaryDirectory() as folder:
        thawed = thaw_tool.thaw(case.path, Path(folder) / "model.ckpt")
        if thawed.exit:
            counts["nothing to thaw"] += 1
            known = any(words in thawed.error for words in ("no weights", "surely", "never frozen"))
            print(f"{case.name} is not compared: {thawed.error.splitlines()[0]}")
            return [] if known else [thawed.error]
        if not seen.behaviour.ran:
            counts["frozen graph does not run"] += 1
            print(f"{case.name} is not compared: the frozen graph does not run")
            return []
        counts["compared"] += 1
        return Differences(seen, thawed).run(counts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    folder = parser.parse_args().corpus
    if not folder.is_dir():
        print(f"no corpus at {folder}: gradients through its loops are not compared")
        return 0
    counts: collections.Counter[str] = collections.Counter()
    _gradients_of_cells()
    for case in cases.corpus(folder):
        try:
            wrong = judge(case, counts)
        except Exception as error:
            wrong = [first_line(error)]
        counts["wrong"] += len(wrong)
        for line in wrong:
            print(f"{case.name}: {line}"[:600], flush=True)
    print("Loops and branches of the corpus:", dict(counts))
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
