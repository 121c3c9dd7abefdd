"""Seventeen ways to initialise, restore and move a thawed checkpoint, as people's scripts do it.

Each takes a freshly thawed set and says what the variables hold in the end: "weights", "trained", "nan",
"other", or the class of the exception.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from strict_tf import session, tf, v1

FEED = {"x:0": np.linspace(-1, 1, 20, dtype=np.float32).reshape(5, 4)}
RATE = 0.01
Scenario = Callable[["Set"], "str | Callable[[], str]"]  # a function is called outside of the graph
SCENARIOS: dict[str, Scenario] = {}


def scenario(play: Scenario) -> Scenario:
    SCENARIOS[play.__name__] = play
    return play


@dataclass
class Set:
    """A thawed set in a folder of its own, imported into a graph that is the default one."""

    prefix: Path
    truth: dict[str, np.ndarray]
    saver: Any = None

    def load(self) -> None:
        self.saver = v1.train.import_meta_graph(f"{self.prefix}.meta")

    def move(self) -> None:
        """Everything goes elsewhere, as when a folder is copied to another machine."""
        there = self.prefix.parent.parent / "elsewhere"
        shutil.move(self.prefix.parent, there)
        self.prefix = there / self.prefix.name

    def restore(self, opened: Any) -> None:
        self.saver.restore(opened, str(self.prefix))

    def verdict(self, opened: Any) -> str:
        names = sorted(self.truth)
        by_name = {v.op.name: v for v in v1.global_variables()}
        values = opened.run([by_name[name] for name in names])
        return judged(self.truth, dict(zip(names, values, strict=True)))


def judged(truth: dict[str, np.ndarray], values: dict[str, np.ndarray]) -> str:
    if all(np.array_equal(values[name], truth[name]) for name in truth):
        return "weights"
    if all(np.isnan(values[name]).all() for name in truth):
        return "nan"
    near = all(np.isfinite(values[n]).all() and np.abs(values[n] - truth[n]).max() < 0.1 for n in truth)
    return "trained" if near else "other"


def initialise(feed: dict[str, str] | None = None) -> Callable[[Any], None]:
    return lambda opened: opened.run(v1.global_variables_initializer(), feed)


def after(made: Set, *steps: Callable[[Any], None]) -> str:
    made.load()
    with session(v1.get_default_graph()) as opened:
        for step in steps:
            step(opened)
        return made.verdict(opened)


def adam() -> Any:
    """A step and its global step, made as a training script makes them."""
    step = v1.train.get_or_create_global_step()
    out = v1.get_default_graph().get_tensor_by_name("out:0")
    return v1.train.AdamOptimizer(RATE).minimize(tf.reduce_mean(tf.square(out - 0.1)), global_step=step)


@scenario
def initialise_only(made: Set) -> str:
    return after(made, initialise())


@scenario
def initialise_fed_with_the_prefix(made: Set) -> str:
    return after(made, initialise({"save/Const:0": str(made.prefix)}))


@scenario
def restore_then_initialise(made: Set) -> str:
    return after(made, made.restore, initialise())


@scenario
def initialise_then_restore(made: Set) -> str:
    return after(made, initialise(), made.restore)


@scenario
def restore_then_initialise_what_is_missing(made: Set) -> str:
    made.load()
    step = adam()
    missing = v1.report_uninitialized_variables()
    with session(v1.get_default_graph()) as opened:
        made.restore(opened)
        names = {name.decode() for name in opened.run(missing)}
        opened.run(v1.variables_initializer([v for v in v1.global_variables() if v.op.name in names]))
        if made.verdict(opened) != "weights":
            return "other"
        opened.run(step, FEED)
        return made.verdict(opened)


@scenario
def train_then_initialise(made: Set) -> str:
    made.load()
    step = adam()
    start = v1.global_variables_initializer()
    with session(v1.get_default_graph()) as opened:
        opened.run(start)
        made.restore(opened)
        opened.run(step, FEED)
        opened.run(start)
        return made.verdict(opened)


@scenario
def monitored_session_alone(made: Set) -> str:
    made.load()
    step = adam()
    with v1.train.MonitoredTrainingSession(log_step_count_steps=None) as opened:
        opened.run(step, FEED)
        return made.verdict(opened)


@scenario
def monitored_session_with_init_fn(made: Set) -> str:
    made.load()
    step = adam()
    scaffold = v1.train.Scaffold(init_fn=lambda _, opened: made.restore(opened))
    folder = str(made.prefix.parent.parent / "run")
    with v1.train.MonitoredTrainingSession(checkpoint_dir=folder, scaffold=scaffold) as opened:
        opened.run(step, FEED)
        return made.verdict(opened)


@scenario
def monitored_session_initialising_the_others(made: Set) -> str:
    made.load()
    step = adam()
    others = v1.variables_initializer([v for v in v1.global_variables() if v.op.name not in made.truth])
    scaffold = v1.train.Scaffold(init_op=others, init_fn=lambda _, opened: made.restore(opened))
    with v1.train.MonitoredTrainingSession(scaffold=scaffold) as opened:
        opened.run(step, FEED)
        return made.verdict(opened)


def _managed(supervisor: Any) -> Any:
    """Without its threads, which do not see the graph while eager execution is on elsewhere."""
    return supervisor.managed_session(start_standard_services=False)


@scenario
def supervisor_on_the_folder(made: Set) -> str:
    made.load()
    supervisor = v1.train.Supervisor(logdir=str(made.prefix.parent), saver=made.saver, summary_op=None)
    with _managed(supervisor) as opened:
        return made.verdict(opened)


@scenario
def supervisor_with_init_fn(made: Set) -> str:
    made.load()
    step = adam()
    supervisor = v1.train.Supervisor(
        logdir=str(made.prefix.parent.parent / "run"),
        init_fn=made.restore,
        summary_op=None,
        save_model_secs=0,
    )
    with _managed(supervisor) as opened:
        opened.run(step, FEED)
        return made.verdict(opened)


@scenario
def saved_model_without_init_op(made: Set) -> Callable[[], str]:
    return _saved_model(made, with_init_op=False)


@scenario
def saved_model_with_init_op(made: Set) -> Callable[[], str]:
    return _saved_model(made, with_init_op=True)


def _saved_model(made: Set, with_init_op: bool) -> Callable[[], str]:
    """Exported by TensorFlow's own builder, loaded by TensorFlow 2, judged by its output."""
    made.load()
    graph = v1.get_default_graph()
    folder = str(made.prefix.parent.parent / "saved_model")
    signature = v1.saved_model.predict_signature_def(
        {"x": graph.get_tensor_by_name("x:0")}, {"out": graph.get_tensor_by_name("out:0")}
    )
    operation = v1.global_variables_initializer() if with_init_op else None
    with session(graph) as opened:
        made.restore(opened)
        expected = opened.run("out:0", FEED)
        builder = v1.saved_model.Builder(folder)
        builder.add_meta_graph_and_variables(
            opened, ["serve"], {"serving_default": signature}, main_op=operation, strip_default_attrs=True
        )
        builder.save()

    def load() -> str:
        loaded = tf.saved_model.load(folder)
        out = loaded.signatures["serving_default"](x=tf.constant(FEED["x:0"]))["out"].numpy()
        return (
            "weights" if np.allclose(out, expected, rtol=1e-5) else "nan" if np.isnan(out).any() else "other"
        )

    return load


@scenario
def moved_initialise_only(made: Set) -> str:
    made.move()
    return initialise_only(made)


@scenario
def moved_initialise_fed_with_the_prefix(made: Set) -> str:
    made.move()
    return initialise_fed_with_the_prefix(made)


@scenario
def moved_initialise_then_restore(made: Set) -> str:
    made.move()
    return initialise_then_restore(made)


@scenario
def moved_restore_then_initialise(made: Set) -> str:
    made.move()
    return restore_then_initialise(made)
