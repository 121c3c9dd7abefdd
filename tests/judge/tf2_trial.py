"""The trial of frozen networks of TensorFlow 2: thawed to SavedModels, and held against what they were.

A job is {"tf2": net, "recipes": [...]}, for networks that are made, or {"tf2": folder}, for one that lies in a folder:
frozen.pb, truth.npz (values by name, '|' for '/'), truth.json ({"inputs", "outputs", "flavour", "variables"}) and io.npz
(x, y). Answers are lists of verdicts as saved_model_trial.py gives them, and how many names are those of the variables.

  tf2_trial.py RECIPE,... NET...    prints the verdicts on networks
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import original
import saved_model_trial
import thaw_tool


@dataclass
class Truth:
    """What is known of a network that was frozen."""

    feeds: dict[str, np.ndarray]
    outputs: list[str]
    output: np.ndarray
    values: dict[str, np.ndarray]
    trained: dict[str, bool]
    gradients: dict[str, Any] = field(default_factory=dict)  # of all variables, when they are known
    named: bool = True  # whether the names of the variables are in the graph


def trial(job: dict[str, Any]) -> dict[str, Any]:
    """As the worker calls it."""
    return {"verdicts": _of_folder(Path(job["tf2"])) if "/" in job["tf2"] else _of_net(job["tf2"], job["recipes"])}


def _of_folder(folder: Path) -> list[dict[str, Any]]:
    facts = json.loads((folder / "truth.json").read_text())
    values = {key.replace("|", "/"): value for key, value in np.load(folder / "truth.npz").items()}
    io = np.load(folder / "io.npz")
    trained = {v["path"]: v["trainable"] for v in facts["variables"]}
    feeds = dict.fromkeys(facts["inputs"], io["x"])
    names = [name.split(":")[0] for name in facts["outputs"]]
    truth = Truth(feeds, names, io["y"], values, trained, named=facts["flavour"] != "module")
    return [_judged(folder.name, folder / "frozen.pb", truth)]


def _of_net(name: str, recipes: list[str]) -> list[dict[str, Any]]:
    import tf2_nets

    net, verdicts = tf2_nets.Net(name), []
    for recipe in recipes:
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "frozen.pb"
            graph = tf2_nets.RECIPES[recipe](net, Path(scratch))
            path.write_bytes(graph.SerializeToString())
            fed = [node.name + ":0" for node in graph.node if node.op == "Placeholder" and not _unused(node.name)]
            truth = Truth(
                dict.fromkeys(fed, net.asked.numpy()),
                [],
                net.output,
                dict(zip(net.names, net.values, strict=True)),
                dict(zip(net.names, net.trained, strict=True)),
                dict(zip(net.names, net.gradients, strict=True)),
                not net.is_module,
            )
            verdicts.append(_judged(f"{name} {recipe}", path, truth))
    return verdicts


def _unused(name: str) -> bool:
    return name.startswith("unused_control_flow_input")


def _judged(name: str, path: Path, truth: Truth) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        prefix, saved = Path(scratch) / "c" / "model.ckpt", Path(scratch) / "saved"
        thawed = thaw_tool.thaw(path, prefix, "--saved-model", str(saved))
        if not thawed.report:
            return {"name": name, "thaw": thawed.error[:300], "weights": bool(truth.values) or thawed.exit != 3}
        seen = original.examine(path, truth.feeds, {"outputs": truth.outputs} if truth.outputs else {})
        verdict = {"name": name, "import_error": seen.import_error, "run_error": seen.behaviour.error}
        verdict.update(Beside(seen.behaviour, prefix, saved, thawed.report, truth).run())
        return verdict


class Beside(saved_model_trial.Trial):
    """A SavedModel beside the network that it once was."""

    def __init__(
        self, seen: original.Behaviour, prefix: Path, folder: Path, report: dict[str, Any], truth: Truth
    ) -> None:
        super().__init__(seen, prefix, folder, report)
        self.truth = truth

    def run(self) -> dict[str, Any]:
        super().run()
        if self.verdict["loads"] == "ok":
            self._step("values", self._values)
        return self.verdict

    def _load(self) -> None:
        """Thawed variables are true ones by their numbers, which are random and so nobody else's."""
        super()._load()
        known: dict[bytes, str] = {}
        for name, value in self.truth.values.items():
            known.setdefault(value.tobytes(), name)
        found = {v.name.split(":")[0]: known.get(v.numpy().tobytes()) for v in self.model.variables}
        self.matched = {name: truth for name, truth in found.items() if truth is not None}

    def _values(self) -> str:
        """Each weight is there, as trained as it was; whether its name is, too, is told."""
        wrong = {found: truth for found, truth in self.matched.items() if found != truth}
        self.verdict["derived"] = len(self.report["variables"]) - len(self.matched)
        if self.truth.named:
            self.verdict["named"] = len(self.matched) - len(wrong)
            self.verdict["misnamed"] = sorted(f"{truth} is {found}" for found, truth in wrong.items())
        trained = {v["name"]: v["trainable"] for v in self.report["variables"]}
        turned = [name for name, truth in self.matched.items() if trained[name] != self.truth.trained[truth]]
        lost = sorted(self.truth.values.keys() - set(self.matched.values()))
        return f"trained or not: {turned[:3]}" if turned else f"lost: {lost[:3]}" if lost else ""

    def _run(self) -> str:
        """What the network itself gave, too; gradients are looked at of that alone."""
        told = super()._run()
        near = saved_model_trial.FORWARD
        self.shared = [one for one in self.shared if saved_model_trial.distance(one[2], self.truth.output) <= near][:1]
        return told or ("" if self.shared else "the network gave something else before it was frozen")

    def _gradients_of_session(self) -> dict[str, Any]:
        if not self.truth.gradients:
            return super()._gradients_of_session()
        if len(self.matched) < len(self.report["variables"]):  # weights that grappler made of several
            return super()._gradients_of_session()
        self.verdict["against_original"] = True
        shapes = {v.name.split(":")[0]: v.shape for v in self.model.variables}
        of = self.truth.gradients  # folding may have reshaped a weight
        return {name: None if of[truth] is None else of[truth].reshape(shapes[name]) for name, truth in self.matched.items()}


def main(recipes: str, *nets: str) -> None:
    """Verdicts on networks that are made, as JSON in the last line."""
    print(json.dumps([verdict for net in nets for verdict in _of_net(net, recipes.split(","))]))


if __name__ == "__main__":
    main(*sys.argv[1:])
