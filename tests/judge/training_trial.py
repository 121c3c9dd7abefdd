"""The second half of a trial: gradients, SGD, Adam, saving and restoring what was trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import graph_files
from imported import import_set, restored
from original import Behaviour
from strict_tf import first_line, session, tf, v1

# A saturated softmax leaves gradients of 1e-26: not zero, but below the rounding of an ordinary step.
RATES = (0.1, 1e6, 1e30)


class Trainer:
    """A restored graph with a loss over its repeatable float outputs."""

    def __init__(self, expected: Behaviour, prefix: Path) -> None:
        self.prefix, self.expected = prefix, expected
        self.graph, self.saver = import_set(prefix)
        with self.graph.as_default():
            self.variables = v1.trainable_variables() or _floats()
            self.loss = loss_of(self.graph, expected)

    def build(self) -> None:
        """Gradients and both optimisers, as `minimize` makes them."""
        with self.graph.as_default():
            self.rate = v1.placeholder_with_default(np.float32(RATES[0]), [], "judge/rate")
            sgd = v1.train.GradientDescentOptimizer(self.rate)
            pairs = sgd.compute_gradients(self.loss, self.variables)
            self.gradients = {v.op.name: tf.convert_to_tensor(g) for g, v in pairs if g is not None}
            if not self.gradients:
                return
            known = [(g, v) for g, v in pairs if g is not None]
            # 0.999, the ordinary beta2, is 1 in bfloat16 and then nothing moves.
            self.steps = {
                "sgd": sgd.apply_gradients(known),
                "adam": v1.train.AdamOptimizer(self.rate, beta2=0.99, epsilon=1e-4).apply_gradients(known),
            }
            own = {id(v) for v in self.variables}
            self.slots = [v for v in v1.global_variables() if id(v) not in own]
            self.start = v1.variables_initializer(self.slots)
            self.fresh = v1.train.Saver(v1.global_variables())

    def session(self) -> Any:
        """Restored, with fresh slots."""
        opened = session(self.graph)
        with self.graph.as_default():
            opened.run(self.start)
            if v1.local_variables():
                opened.run(v1.local_variables_initializer())
            self.saver.restore(opened, str(self.prefix))
        for name in self.expected.init_ops:
            opened.run(name)
        return opened

    def values(self, opened: Any) -> dict[str, np.ndarray]:
        names = [v.op.name for v in self.variables]
        return dict(zip(names, opened.run(self.variables), strict=True))


def train(verdict: Any, expected: Behaviour, prefix: Path, scratch: Path) -> None:
    """Fills in gradients, sgd, adam and saves."""
    try:
        trainer = Trainer(expected, prefix)
        if trainer.loss is None or not trainer.variables:
            return
        trainer.build()
        verdict.none = sorted({v.op.name for v in trainer.variables} - trainer.gradients.keys())
        if not trainer.gradients or not verdict.trainable:
            verdict.gradients = "ok"
            return
        with trainer.session() as opened:
            found = opened.run(trainer.gradients, expected.feeds)
    except Exception as error:
        verdict.gradients = first_line(error)
        return
    verdict.gradients = "ok"
    verdict.zero = sorted(name for name, g in found.items() if not np.any(np.asarray(g, np.complex128)))
    moving = sorted(found.keys() - set(verdict.zero))
    for name in ("sgd", "adam"):
        try:
            setattr(verdict, name, _moves(trainer, name, moving))
        except Exception as error:
            setattr(verdict, name, first_line(error))
    try:
        verdict.saves = _saves(trainer, scratch)
    except Exception as error:
        verdict.saves = first_line(error)


def _floats() -> list[Any]:
    """Without a trainable weight the gradients of the others are taken, but nothing is trained."""
    return [v for v in v1.global_variables() if v.dtype.base_dtype.is_floating]


def loss_of(graph: Any, expected: Behaviour) -> Any:
    """A weighted sum of the outputs; uneven weights, for the plain sum of a softmax has no gradient."""
    parts = []
    for name, value, sure in zip(expected.names, expected.outputs, expected.sure, strict=True):
        tensor = graph.get_tensor_by_name(name)
        if sure and tensor.dtype.is_floating:
            uneven = np.cos(np.arange(value.size) * 0.7 + 1.0).reshape(value.shape).astype(np.float32)
            parts.append(tf.reduce_sum(tf.cast(tensor, tf.float32) * uneven))
    return tf.add_n(parts) if parts else None


def _moves(trainer: Trainer, step: str, moving: list[str]) -> str:
    """Every weight with a gradient moves."""
    still: list[str] = moving
    for rate in RATES:
        with trainer.session() as opened:
            before = trainer.values(opened)
            opened.run(trainer.steps[step], {**trainer.expected.feeds, trainer.rate: rate})
            after = trainer.values(opened)
        still = [n for n in still if graph_files.same_bits(before[n], after[n])]
        if not still:
            return "ok"
    return f"not moved: {', '.join(still)}"[:240]


def _saves(trainer: Trainer, scratch: Path) -> str:
    """Trained weights come back bit for bit, through the imported saver and through a fresh one."""
    with trainer.session() as opened, trainer.graph.as_default():
        opened.run(trainer.steps["sgd"], trainer.expected.feeds)
        trained = trainer.values(opened)
        theirs = trainer.saver.save(opened, str(scratch / "theirs"), write_meta_graph=False)
        ours = trainer.fresh.save(opened, str(scratch / "fresh"), write_meta_graph=False)
    graph, saver = import_set(trainer.prefix)
    for prefix in (theirs, ours):
        with restored(graph, saver, Path(prefix)) as opened, graph.as_default():
            variables = v1.trainable_variables()
            for variable, value in zip(variables, opened.run(variables), strict=True):
                if not graph_files.same_bits(value, trained[variable.op.name]):
                    return f"{variable.op.name} came back with other bits"
    return "ok"
