#!/usr/bin/env python3
"""Frozen graphs whose author also published the checkpoint: transplanted into it, its values zeroed.

What the model holds must come back with the author's bits (where what was published belongs together), under the
author's names, without a rule or with the rules that the report prints, pasted.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

import cases
import graph_files
import pairs
import thaw_tool
from strict_tf import session, tf, v1

MOST_PASTES = 3


def zeroed(prefix: str, folder: Path) -> Path:
    """The author's names, types and shapes with nothing in them; the author's .meta beside them."""
    theirs = tf.train.load_checkpoint(prefix)
    types = theirs.get_variable_to_dtype_map()
    target = folder / "target" / "model.ckpt"
    target.parent.mkdir(parents=True)
    with tf.Graph().as_default() as graph, session(graph) as opened:
        made = {
            name: v1.Variable(np.zeros(shape, types[name].as_numpy_dtype), name=f"v{i}", use_resource=True)
            for i, (name, shape) in enumerate(sorted(theirs.get_variable_to_shape_map().items()))
        }
        opened.run(v1.global_variables_initializer())
        v1.train.Saver(made).save(opened, str(target), write_meta_graph=False)
    meta = Path(f"{prefix}.meta")
    if meta.is_file():
        shutil.copy(meta, f"{target}.meta")
    return target


def rules_of(made: thaw_tool.Thawed) -> list[str]:
    """What the report says to paste, once each; options that take everything are no rules."""
    rules: list[str] = []
    for finding in made.report.get("findings", []):
        words = shlex.split(finding["rule"])
        if words and finding["rule"] not in rules:
            rules.append(finding["rule"])
    return [word for rule in rules for word in shlex.split(rule)]


def transplant(model: Path, target: Path, folder: Path, asked: list[str]) -> tuple[thaw_tool.Thawed, int]:
    """The last run, and how often rules were pasted for it."""
    words, made = list(asked), thaw_tool.Thawed(-1, folder)
    for pastes in range(MOST_PASTES + 1):
        made = thaw_tool.transplant(model, target, folder / f"out{pastes}" / "model.ckpt", *words)
        more = [] if made.exit != 1 else rules_of(made)
        if not more:
            return made, pastes
        words += more
    return made, MOST_PASTES


def compare(model: Path, made: thaw_tool.Thawed, prefix: str) -> Counter[str]:
    """Of the entries that came from the model: those with the author's bits, and those with the model's own."""
    theirs, ours = (tf.train.load_checkpoint(p) for p in (prefix, str(made.prefix)))
    constants = graph_files.constants(graph_files.load(model))
    counts: Counter[str] = Counter()
    for entry in made.report["entries"]:
        counts["entries"] += 1
        if entry["origin"] != "weight":
            continue
        counts["weights"] += 1
        value = ours.get_tensor(entry["key"])
        counts["own"] += graph_files.same_bits(value, graph_files.value(constants[entry["node"]]))
        try:
            counts["equal"] += graph_files.same_bits(value, theirs.get_tensor(entry["key"]))
        except Exception:
            counts["unreadable"] += 1
    return counts


def judge(model: Path, folder: Path, name: str) -> tuple[str, bool, bool]:
    """One line, whether it holds, and whether it needed no rule."""
    asked = ["--thaw", ".*"] if name in pairs.NOTHING_TO_GO_BY else []
    best, rank = (f"{name}: no checkpoint that TensorFlow opens", False, False), (-1, -1)
    for prefix in pairs.checkpoints(folder):
        with tempfile.TemporaryDirectory() as scratch:
            try:
                target = zeroed(prefix, Path(scratch))
            except Exception:
                continue
            made, pastes = transplant(model, target, Path(scratch), asked)
            where = Path(prefix).relative_to(folder)
            if made.exit != 0:
                found = (f"{name}: exit {made.exit} ({where}) {first_line(made)}", False, False)
                best, rank = max((rank, best), ((0, 0), found), key=lambda pair: pair[0])[::-1]
                continue
            counts = compare(model, made, prefix)
        told = f"{name}: {counts['equal']} of {counts['weights']} weights with the author's bits, {pastes} pastes ({where})"
        excuse = pairs.OTHER_VALUES.get(name)
        bits = counts["equal"] + counts["unreadable"] == counts["weights"] or excuse is not None
        good = bits and counts["own"] == counts["weights"] > 0
        found = (told + (f"\n    {excuse}" if excuse else ""), good, good and pastes == 0 and not asked)
        if (counts["weights"], counts["equal"]) > rank:
            best, rank = found, (counts["weights"], counts["equal"])
    return best


def first_line(made: thaw_tool.Thawed) -> str:
    told = [f"{f['kind']}: {f['entries'] or f['weights']} {f['what']}" for f in made.report.get("findings", [])]
    return "; ".join(told[:3]) or made.error.splitlines()[0]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS, help="folder of the corpus")
    root: Path = parser.parse_args().corpus / "pairs"
    if not root.is_dir():
        print(f"transplant_pairs: no corpus at {root.parent}, skipped")
        return 0
    verdicts = [
        judge(model, folder, str(model.relative_to(root)))
        for folder in sorted(p for p in root.iterdir() if p.is_dir())
        for model in sorted(folder.rglob("*.pb"))
        if model.name not in ("saved_model.pb", "graph.pb")
    ]
    print("\n".join(text for text, _, _ in verdicts))
    held, alone = sum(good for _, good, _ in verdicts), sum(plain for _, _, plain in verdicts)
    print(f"{held} of {len(verdicts)} pairs hold, {alone} without a rule")
    return 0 if held == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
