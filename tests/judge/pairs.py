#!/usr/bin/env python3
"""Frozen graphs whose author also published the checkpoint: what was found against what was there.

Every constant whose name and shape are in the author's checkpoint as a model variable must be found
with equal bits, and nothing may be found that the checkpoint does not know.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import cases
import graph_files
import thaw_tool
from strict_tf import tf

# Of the optimiser or of training, not of the model.
TRAINING = re.compile(
    r"(^|/)(Adam(_\d+)?|Momentum|RMSProp(_\d+)?|Adagrad|ExponentialMovingAverage|beta[12]_power|global_step"
    r"|Global_Step|Training_step|is_training|val_loss|loss|Adam_optimizer)(/|$|:)|/(moving_avg|local_step|biased)$"
)

# What the authors published does not belong together; then only the frozen file's own bits can be asked for.
OTHER_VALUES = {
    "volvo-nlu-tflearn/frozen_model.pb": "the checkpoint is of another training step",
    "policy-net-pg/sm__frozen_model_1.pb": "the checkpoint is of another training run",
    "neural-encryption/frozen_model.pb": "the checkpoint is of a narrower network (8 units, not 10)",
}
NOTHING_TO_GO_BY = {
    "dual-encoder-index-only/frozen_model.pb": "two constants that nothing reads: named with --thaw"
}


@dataclass
class Comparison:
    """One frozen graph beside one checkpoint."""

    checkpoint: str
    expected: set[str] = field(default_factory=set)  # constants that the checkpoint names, with their shape
    found: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)  # found, but the checkpoint knows no such variable
    equal: int = 0
    differ: list[str] = field(default_factory=list)
    unreadable: bool = False  # an index without its data
    own: list[str] = field(default_factory=list)  # other bits than the frozen file itself

    @property
    def rank(self) -> tuple[int, int, int]:
        return len(self.expected), self.equal, -len(self.absent)


def checkpoints(folder: Path) -> list[str]:
    """Prefixes of V2 checkpoints and files of V1 ones."""
    found = [str(p)[: -len(".index")] for p in sorted(folder.rglob("*.index"))]
    return found + [str(p) for p in sorted(folder.rglob("*.ckpt")) if p.is_file()]


def compare(model: Path, thawed: thaw_tool.Thawed, prefix: str) -> Comparison | None:
    """The thawed set against one checkpoint; None when TensorFlow cannot open it."""
    try:
        theirs = tf.train.load_checkpoint(prefix)
        shapes = theirs.get_variable_to_shape_map()
    except Exception:
        return None
    result = Comparison(prefix)
    constants = graph_files.constants(graph_files.load(model))
    for name, node in constants.items():
        shape = [d.size for d in node.attr["value"].tensor.tensor_shape.dim]
        if shapes.get(name) == shape and not TRAINING.search(name):
            result.expected.add(name)
    result.found = {v["name"] for v in thawed.variables}
    result.absent = result.found - shapes.keys()
    if not result.found:
        return result
    ours = tf.train.load_checkpoint(str(thawed.prefix))
    for name in sorted(result.expected & result.found):
        value = ours.get_tensor(name)
        if not graph_files.same_bits(value, graph_files.value(constants[name])):
            result.own.append(name)
        try:
            same = graph_files.same_bits(value, theirs.get_tensor(name))
        except Exception:
            result.unreadable = True
            continue
        result.equal += same
        if not same:
            result.differ.append(name)
    return result


def judge(model: Path, folder: Path, name: str) -> tuple[str, bool]:
    """One line about one frozen graph, and whether it holds."""
    asked = ["--thaw", ".*"] if name in NOTHING_TO_GO_BY else []
    with tempfile.TemporaryDirectory() as scratch:
        thawed = thaw_tool.thaw(model, Path(scratch) / "model.ckpt", *asked)
        tried = [compare(model, thawed, prefix) for prefix in checkpoints(folder)]
    known = [c for c in tried if c is not None]
    if not known:
        return f"{name}: no checkpoint that TensorFlow opens", False
    best = max(known, key=lambda c: c.rank)
    missing = sorted(best.expected - best.found)
    text = (
        f"{name}: {len(best.expected & best.found)}/{len(best.expected)} found, {best.equal} with equal bits, "
        f"{len(best.absent)} found that are absent ({Path(best.checkpoint).relative_to(folder)})"
    )
    told = {
        "missing": missing,
        "absent": sorted(best.absent),
        "other bits": best.differ,
        "not its own bits": best.own,
    }
    for title, names in told.items():
        text += f"\n    {title}: {', '.join(names)}" if names else ""
    if best.unreadable:
        text += "\n    names and shapes only: the checkpoint has no data"
    excuse = OTHER_VALUES.get(name)
    for note in (excuse if best.differ else None, NOTHING_TO_GO_BY.get(name)):
        text += f"\n    {note}" if note else ""
    if thawed.exit and not thawed.variables:
        text += f"\n    thaw: {thawed.error.splitlines()[0]}"
    return text, not (missing or best.absent or best.own) and (not best.differ or excuse is not None)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS, help="folder of the corpus")
    options = parser.parse_args()
    root: Path = options.corpus / "pairs"
    if not root.is_dir():
        print(f"pairs: no corpus at {options.corpus}, skipped")
        return 0
    verdicts: list[tuple[str, bool]] = []
    for folder in sorted(p for p in root.iterdir() if p.is_dir()):
        for model in sorted(folder.rglob("*.pb")):
            if model.name not in ("saved_model.pb", "graph.pb"):
                verdicts.append(judge(model, folder, str(model.relative_to(root))))
    for text, _ in verdicts:
        print(text)
    held = sum(good for _, good in verdicts)
    print(f"{held} of {len(verdicts)} pairs hold")
    return 0 if held == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
