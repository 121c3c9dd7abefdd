#!/usr/bin/env python3
"""The blind run: are weights still found when no name tells?

Every constant is renamed and every read spliced out; what thaw then finds is compared with what the
reads of the untouched graph prove (for own models: with what was trained). Scalars and integers are
left out of the count: without their read nothing can tell them from the constants of a program.

  blind.py             the networks of the corpus and the own models; 99 % found, none invented
  blind.py --verify    must_find.tsv: every (file, constant) in it is found in the untouched graphs
  blind.py --update    writes must_find.tsv anew
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import sys
import tempfile
from dataclasses import dataclass, field
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import blinding
import cases
import graph_files
import pairs
import thaw_tool

MUST_FIND = Path(__file__).with_name("must_find.tsv")
ENOUGH = 0.99
LAYERS = re.compile(
    r"frozen/dl4j/(rnn|conv|cnn|sepconv|depthwise|batchnorm|layers|dense|lstm|gru|deconv|bias)"
)


@dataclass
class Seen:
    """What the blind run found in one network."""

    case: cases.Case
    weights: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)
    invented: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    invisible: int = 0
    proven: bool = True  # by training, reads or checkpoint; else only the reviewed list says so
    error: str = ""

    @property
    def missed(self) -> set[str]:
        return self.weights - self.found


def truth(case: cases.Case, graph: Any) -> set[str]:
    """The constants that were variables: from training, from the reads, from the author's checkpoint."""
    if case.truth:
        return {w["constant"] for w in case.truth["weights"]}
    known = blinding.proven(graph)
    if known:
        return known
    if not case.family.startswith("pairs/"):
        return set()
    folder = next(p for p in case.path.parents if p.parent.name == "pairs")
    nothing = thaw_tool.Thawed(0, Path())
    tried = [pairs.compare(case.path, nothing, prefix) for prefix in pairs.checkpoints(folder)]
    return max((c.expected for c in tried if c), key=len, default=set())


def look(case: cases.Case) -> Seen:
    """Blinds one graph and thaws it."""
    seen = Seen(case)
    try:
        graph = graph_files.load(case.path)
    except Exception as error:
        seen.error = f"cannot be parsed: {error}"
        return seen
    if case.family in cases.UNIT_TESTS:
        graph = blinding.with_inputs(graph)
    if not _computes(graph):
        return seen
    nodes = graph_files.constants(graph)
    known = truth(case, graph)
    seen.proven = bool(known)
    known = known or must_find().get(case.name, set())
    seen.weights = {name for name in known if name in nodes and blinding.is_visible(nodes[name])}
    seen.invisible = len(known) - len(seen.weights)
    if not seen.weights:
        return seen
    blinded = blinding.blind(graph)
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "blind.pb"
        model.write_bytes(blinded.graph.SerializeToString())
        thawed = thaw_tool.thaw(model, Path(scratch) / "out" / "model.ckpt", "-n")
    if not thawed.report:
        seen.error = thawed.error.splitlines()[0] if thawed.error else f"exit {thawed.exit}"
    seen.found = {blinded.names[name] for name in thawed.found if name in blinded.names}
    seen.unsure = {blinded.names[name] for name in thawed.unsure if name in blinded.names}
    seen.invented = seen.found - known
    seen.found &= seen.weights
    return seen


def _computes(graph: Any) -> bool:
    """Constants that nothing reads are no network."""
    return any(node.op not in ("Const", "Identity") for node in graph.node)


def report(title: str, all_seen: list[Seen]) -> tuple[int, int, int]:
    """Prints one group; (found, weights, invented)."""
    print(f"\n{title}")
    for seen in all_seen:
        if not seen.weights:
            continue
        line = f"  {seen.case.name:<64} {len(seen.found):>4}/{len(seen.weights):<4}"
        line += f" invented {len(seen.invented)}" if seen.invented else ""
        line += f", {seen.invisible} scalars or integers not counted" if seen.invisible else ""
        print(line + (f"  {seen.error}" if seen.error else ""))
        for name in sorted(seen.missed):
            print(f"      missed {name}" + (" (unsure)" if name in seen.unsure else ""))
        for name in sorted(seen.invented):
            print(f"      invented {name}")
    found = sum(len(s.found) for s in all_seen)
    weights = sum(len(s.weights) for s in all_seen)
    invented = sum(len(s.invented) for s in all_seen)
    share = 100 * found / weights if weights else 100.0
    networks = sum(1 for s in all_seen if s.weights)
    print(
        f"  together: {found} of {weights} weights in {networks} graphs ({share:.1f} %), {invented} invented"
    )
    return found, weights, invented


def groups(chosen: list[cases.Case]) -> tuple[list[cases.Case], list[cases.Case]]:
    """Networks, and the layer graphs among one project's operator tests."""
    layers = [c for c in chosen if LAYERS.match(c.name)]
    networks = [c for c in chosen if c.family not in cases.UNIT_TESTS]
    return networks, layers


def listed(chosen: list[cases.Case]) -> list[tuple[str, str]]:
    """(file, constant) for everything proven or found in the untouched networks and layer graphs."""
    rows = []
    for case in chosen:
        try:
            graph = graph_files.load(case.path)
        except Exception:
            continue
        names = truth(case, graph) | _found(case) if _computes(graph) else set()
        rows += [(case.name, name) for name in sorted(names)]
    return rows


def _found(case: cases.Case) -> set[str]:
    with tempfile.TemporaryDirectory() as scratch:
        return thaw_tool.thaw(case.path, Path(scratch) / "out" / "model.ckpt", "-n").found


@functools.cache
def must_find() -> dict[str, set[str]]:
    """The committed list: file -> constants."""
    wanted: dict[str, set[str]] = {}
    for line in MUST_FIND.read_text().splitlines()[1:]:
        name, constant = line.split("\t")
        wanted.setdefault(name, set()).add(constant)
    return wanted


def verify(chosen: list[cases.Case]) -> int:
    """Checks must_find.tsv against the untouched graphs."""
    wanted = must_find()
    by_name = {case.name: case for case in chosen}
    lost = [
        (name, constant)
        for name in sorted(wanted.keys() & by_name.keys())
        for constant in sorted(wanted[name] - _found(by_name[name]))
    ]
    for name, constant in lost:
        print(f"not found any more: {name}: {constant}")
    unseen = len(wanted.keys() - by_name.keys())
    count = sum(len(wanted[name]) for name in wanted.keys() & by_name.keys())
    print(
        f"must_find.tsv: {count - len(lost)} of {count} constants found; {unseen} listed files are not here"
    )
    return 1 if lost else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS, help="folder of the corpus")
    parser.add_argument("--own", type=Path, default=cases.OWN, help="folder of the own models")
    parser.add_argument("--sample", action="store_true", help="only a fixed part of the corpus")
    parser.add_argument("--verify", action="store_true")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    chosen = cases.own(options.own)
    if options.corpus.is_dir():
        files = cases.corpus(options.corpus)
        chosen += cases.sample(files) if options.sample else files
    else:
        print(f"blind: no corpus at {options.corpus}, own models only")
    networks, layers = groups(chosen)
    if options.verify:
        return verify(networks + layers)
    if options.update:
        rows = [("file", "constant"), *listed(networks + layers)]
        MUST_FIND.write_text("".join(f"{name}\t{constant}\n" for name, constant in rows))
        print(f"{len(rows) - 1} constants listed")
        return 0
    with ThreadPool(os.cpu_count()) as threads:
        looked = threads.map(look, networks, chunksize=1)
        looked_layers = threads.map(look, layers, chunksize=1)
    found, weights, invented = report("networks", [seen for seen in looked if seen.proven])
    report("networks without reads, against must_find.tsv", [seen for seen in looked if not seen.proven])
    report("layer graphs of one project's operator tests", looked_layers)
    good = weights > 0 and found >= ENOUGH * weights and not invented
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
