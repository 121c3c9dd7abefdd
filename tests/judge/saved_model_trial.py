"""The trial of one thawed SavedModel: TensorFlow 2 loads, calls, differentiates and trains it.

Outputs and gradients are compared with those of the checkpoint that the same run of `thaw` wrote, in a session.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import graph_files
import original
from imported import import_set, restored
from strict_tf import first_line, tf, v1
from uneven_loss import dense, uneven_loss

FORWARD = 1e-6  # as a part of the largest entry
GRADIENT = 1e-5
RATE = 1e-3

# Of the whole process: tests that share one with others must not import this.
tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)


def distance(found: Any, truth: Any) -> float:
    """The largest difference as a part of the largest entry; nan beside nan is none."""
    a, b = np.asarray(found), np.asarray(truth)
    if a.shape != b.shape or a.dtype != b.dtype:
        return float("inf")
    if a.dtype == object or a.dtype.kind in "SUb":
        return 0.0 if np.array_equal(a, b) else float("inf")
    kind = np.complex128 if a.dtype.kind == "c" else np.float64
    a, b = a.astype(kind), b.astype(kind)
    if not np.array_equal(np.isfinite(a), np.isfinite(b)):
        return float("inf")
    a, b = a[np.isfinite(a)], b[np.isfinite(b)]
    return float(np.abs(a - b).max(initial=0.0) / max(np.abs(b).max(initial=0.0), 1e-30)) if a.size else 0.0


class Trial:
    """One SavedModel beside its checkpoint."""

    def __init__(self, seen: original.Behaviour, prefix: Path, folder: Path, report: dict[str, Any]) -> None:
        self.seen, self.prefix, self.folder, self.report = seen, prefix, folder, report
        self.verdict: dict[str, Any] = {}
        made = report["saved_model"]
        for told in ("objects", "raised", "not_raised"):
            self.verdict[told] = made[told]
        self.signature = next((s for s in made["signatures"] if s["name"] == "serving_default"), None)

    def run(self) -> dict[str, Any]:
        """Every step that applies; nothing raises."""
        if not self._step("loads", self._load) or self.signature is None:
            return self.verdict
        self._step("variables", self._variables)
        if not self.seen.ran:
            return self.verdict
        if self._step("runs", self._run) and self._step("gradients", self._gradients):
            self._step("trains", self._train)
        return self.verdict

    def _step(self, name: str, action: Any) -> bool:
        try:
            self.verdict[name] = action() or "ok"
        except Exception as error:
            self.verdict[name] = first_line(error)
        return bool(self.verdict[name] == "ok")

    def _load(self) -> None:
        self.model = tf.saved_model.load(str(self.folder))

    def _variables(self) -> str:
        planned = {v["name"] for v in self.report["variables"] if v["trainable"]}
        found = {v.name.split(":")[0] for v in self.model.variables if v.trainable}
        if self.verdict["objects"] and {v.name.split(":")[0] for v in self.model.trainable_variables} != found:
            return "trainable_variables is something else than what is trainable"
        return "" if planned == found else f"differ: {sorted(planned ^ found)[:3]}"

    def _call(self) -> dict[str, Any]:
        assert self.signature is not None
        feeds = {}
        for given in self.signature["inputs"]:
            array = self.seen.feeds[given["tensor"]]
            feeds[given["name"]] = tf.constant(array, tf.as_dtype(given["dtype"]))
        return dict(self.model.signatures["serving_default"](**feeds))

    def _run(self) -> str:
        assert self.signature is not None
        found = self._call()
        truth = dict(zip(self.seen.names, zip(self.seen.outputs, self.seen.sure, strict=True), strict=True))
        self.shared = []
        self.verdict["bit_equal"] = True
        for given in self.signature["outputs"]:
            if given["tensor"] not in truth or not truth[given["tensor"]][1]:
                continue
            array = found[given["name"]].numpy()
            expected = truth[given["tensor"]][0]
            if not graph_files.same_bits(array, expected):
                self.verdict["bit_equal"] = False
                if (far := distance(array, expected)) > FORWARD:
                    return f"{given['name']} differs by {far:.2g}"
            if np.asarray(expected).dtype.kind == "f":
                self.shared.append((given["name"], given["tensor"], np.asarray(expected)))
        return ""

    def _gradients(self) -> str:
        self.trained = [v for v in self.model.variables if v.trainable]
        if not self.shared or not self.trained:
            return "nothing to differentiate"
        try:
            truth = self._gradients_of_session()
        except Exception as error:
            self.verdict["session"] = first_line(error)
            truth = None
        with tf.GradientTape() as tape:
            found = self._call()
            loss = uneven_loss([(found[key], value) for key, _, value in self.shared])
        self.tape_gradients = tape.gradient(loss, self.trained)
        if truth is None:
            return ""
        wrong = []
        for variable, gradient in zip(self.trained, self.tape_gradients, strict=True):
            expected = truth[variable.name.split(":")[0]]
            here = dense(gradient)
            if here is None or expected is None:
                # A part that no gradient reaches may be told as zeros.
                known = here if expected is None else expected
                if known is not None and np.any(known):
                    wrong.append(f"{variable.name} {'lost' if here is None else 'gained'} its gradient")
            elif (far := distance(here, expected)) > GRADIENT:
                wrong.append(f"{variable.name} differs by {far:.2g}")
        return "; ".join(wrong[:3])

    def _gradients_of_session(self) -> dict[str, Any]:
        graph, saver = import_set(self.prefix)
        with graph.as_default():
            variables = v1.trainable_variables()
            tensors = [(graph.get_tensor_by_name(name), value) for _, name, value in self.shared]
            found = v1.gradients(uneven_loss(tensors), variables)
            wanted = [tf.convert_to_tensor(g) for g in found if g is not None]
            with restored(graph, saver, self.prefix, self.seen.init_ops) as opened:
                arrays = iter(opened.run(wanted, self.seen.feeds))
            return {
                v.op.name: None if g is None else next(arrays) for v, g in zip(variables, found, strict=True)
            }

    def _train(self) -> str:
        for variable, gradient in zip(self.trained, self.tape_gradients, strict=True):
            if gradient is not None:
                step = tf.cast(tf.convert_to_tensor(gradient), variable.dtype)
                variable.assign_sub(tf.cast(RATE, variable.dtype) * step)
        self._call()
        return ""


def trial(job: dict[str, Any]) -> dict[str, Any]:
    """As the worker calls it."""
    feed = None
    if job.get("truth"):
        with np.load(Path(job["path"]).parent / "feed.npz") as stored:
            feed = {name + ":0": stored[name] for name in stored.files}
    seen = original.examine(Path(job["path"]), feed, job.get("truth", {}))
    answer: dict[str, Any] = {"import_error": seen.import_error, "run_error": seen.behaviour.error}
    answer.update(Trial(seen.behaviour, Path(job["prefix"]), Path(job["folder"]), job["report"]).run())
    return answer
