#!/usr/bin/env python3
"""What `thaw inspect` says of every file of a corpus, against TensorFlow's own parsers.

  inspect_corpus.py [--corpus FOLDER] [--sample]

Every file and folder is answered or refused in one line. Nodes, operations, functions, types, shapes and
counts have to be TensorFlow's wherever it parses; what thaw refuses, TensorFlow must find no graph and no
checkpoint in. Statistics are compared with numpy's.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import cases
import inspect_truth
import thaw_tool
from strict_tf import first_line, tf, v1

MEMBERS = (".index", ".meta")
SAMPLE = 15  # one operator test in so many


def inspect(paths: list[Path], *options: str) -> list[dict[str, Any]]:
    """One answer for each path."""
    command = [str(thaw_tool.binary()), "inspect", "--json", *options, "--", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, timeout=1800, check=False)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"thaw inspect: exit {done.returncode}: {done.stderr[-600:]!r}")
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    if len(lines) != len(paths):
        raise SystemExit(f"thaw inspect: {len(lines)} lines for {len(paths)} files")
    return [json.loads(line) for line in lines]


class Comparison:
    """One answer beside what TensorFlow finds."""

    def __init__(self, path: Path, told: dict[str, Any], counts: collections.Counter[str]) -> None:
        self.path, self.told, self.counts = path, told, counts
        self.wrong: list[str] = []

    def run(self) -> list[str]:
        graphs = self._graphs()
        if self.told["schema"] == "thaw.error/1":
            self._refused(graphs)
            return self.wrong
        told = [self.told, *self.told["others"]]
        self.counts[self.told["source"]["format"]] += 1
        if graphs and self.told["nodes"] is not None:
            self._expect("graphs", len(told), len(graphs))
            for one, meta in zip(told, graphs, strict=False):
                self._graph(one, meta)
        if self.told["checkpoint"]:
            self._checkpoint(self.told["checkpoint"])
        return self.wrong

    def _expect(self, what: str, told: Any, truth: Any) -> None:
        if told != truth:
            self.wrong.append(f"{what}: {told!r}, TensorFlow {truth!r}"[:400])

    def _graphs(self) -> list[Any]:
        if self.path.is_dir():
            files = [self.path / name for name in ("saved_model.pb", "saved_model.pbtxt")]
            return next((inspect_truth.parse_saved_model(file) for file in files if file.exists()), [])
        if self.path.stem == "saved_model":
            return inspect_truth.parse_saved_model(self.path)
        if self.path.suffix in (".pb", ".pbtxt", ".meta"):
            return inspect_truth.parse(self.path)
        return []

    def _refused(self, graphs: list[Any]) -> None:
        self.counts["refused"] += 1
        if self.told["kind"] == "bug" or not self.told["problem"] or "\n" in self.told["problem"]:
            self.wrong.append(f"no clear refusal: {self.told}")
        if graphs:
            self.wrong.append(f"refused, and TensorFlow finds {len(graphs[0].graph_def.node)} nodes: {self.told}")
        if self.path.suffix in MEMBERS and inspect_truth.stored(self.path.with_suffix("")):
            self.wrong.append(f"refused, and TensorFlow opens it: {self.told}")

    def _graph(self, told: dict[str, Any], meta: Any) -> None:
        truth = inspect_truth.graph_facts(meta)
        constants = truth.pop("constants")
        for name, value in truth.items():
            self._expect(name, told[name], value)
        for name, value in constants.items():
            self._expect(f"constants.{name}", told["constants"][name], value)
        signatures = inspect_truth.signatures(meta)
        bare = [{k: v for k, v in tensor.items() if k != "why"} for tensor in told["inputs"] + told["outputs"]]
        if signatures:
            shown = [{**s, "inputs": _bare(s["inputs"]), "outputs": _bare(s["outputs"])} for s in told["signatures"]]
            self._expect("signatures", shown, signatures)
            chosen = next((s for s in signatures if s["name"] == "serving_default"), signatures[0])
            self._expect("inputs and outputs", bare, chosen["inputs"] + chosen["outputs"])
        else:
            self._inputs(told, meta.graph_def)
            self._outputs(told, meta.graph_def)
        self._weights(told, meta.graph_def)

    def _inputs(self, told: dict[str, Any], graph: Any) -> None:
        shown = {
            t["name"]: (t["dtype"], t["shape"]) for t in told["inputs"] if not t["why"].startswith("PlaceholderWithDefault")
        }
        self._expect("inputs", shown, inspect_truth.placeholders(graph))

    def _outputs(self, told: dict[str, Any], graph: Any) -> None:
        """Types are TensorFlow's; shapes contradict its own nowhere."""
        try:
            with tf.Graph().as_default() as imported:
                v1.import_graph_def(graph, name="")
        except Exception as error:  # of the op, of the runtime: this graph's output shapes are not compared
            self.counts[f"not imported: {type(error).__name__}"] += 1
            return
        for tensor in told["outputs"]:
            truth = imported.get_tensor_by_name(tensor["name"])
            self._expect(f"type of {tensor['name']}", tensor["dtype"], truth.dtype.base_dtype.name)
            shape = tf.TensorShape(tensor["shape"])
            self.counts["output shapes"] += 1
            self.counts["output shapes as TensorFlow's"] += shape.as_list() == truth.shape.as_list() if (
                shape.rank is not None and truth.shape.rank is not None
            ) else shape.rank == truth.shape.rank
            if not shape.is_compatible_with(truth.shape):
                self.wrong.append(f"shape of {tensor['name']}: {shape}, TensorFlow {truth.shape}")

    def _weights(self, told: dict[str, Any], graph: Any) -> None:
        nodes = {node.name: node for node in graph.node}
        total = 0
        for weight in told["variables"]:
            total += math.prod(weight["shape"] or [0]) if None not in (weight["shape"] or []) else 0
            if weight["function"] is not None:
                continue
            node = nodes[weight["node"]]
            if weight["frozen"]:
                self._expect(f"{node.name}: operation", node.op, "Const")
                self._expect(node.name, (weight["stored"] or weight["dtype"], weight["shape"]), inspect_truth.tensor(node))
            else:
                self._expect(f"{node.name}: a variable", node.op in inspect_truth.VARIABLES, True)
                self._expect(f"{node.name}: type", weight["dtype"], inspect_truth.dtype(node.attr["dtype"].type))
            self.counts["weights"] += 1
        # Scalars have one number each; math.prod of no dimension is 1, of an unknown shape nothing.
        scalars = sum(1 for weight in told["variables"] if weight["shape"] == [])
        self._expect("parameters", told["parameters"], total + scalars)

    def _checkpoint(self, told: dict[str, Any]) -> None:
        truth = inspect_truth.stored(Path(told["prefix"]))
        if truth is None:
            self.counts["checkpoint that TensorFlow does not open"] += 1
            return
        self.counts["checkpoints"] += 1
        shown = {entry["key"]: (entry["dtype"], entry["shape"]) for entry in told["entries"]}
        self._expect("entries", shown, truth)
        numbers = sum(math.prod(shape) for _, shape in truth.values())
        self._expect("numbers of entries", told["numbers"], numbers)


def _bare(tensors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in tensor.items() if k != "why"} for tensor in tensors]


def paths_of(corpus: Path, sample: bool) -> list[Path]:
    """Every file, and every folder that might mean something."""
    files = sorted(path for path in corpus.rglob("*") if path.is_file() and path.parent != corpus)
    if sample:
        files = [p for i, p in enumerate(files) if "frozen" not in p.parts or i % SAMPLE == 0]
    parts = [corpus / name for name in ("savedmodel", "ckpt_v1", "ckpt_v2", "pairs")]
    folders = sorted(p for part in parts if part.is_dir() for p in part.rglob("*") if p.is_dir())
    return files + folders


def statistics(paths: list[Path], counts: collections.Counter[str]) -> list[str]:
    """The figures of all weights and entries whose values are there."""
    wrong = []
    for path, told in zip(paths, inspect(paths, "--weights", "--stats"), strict=True):
        if told["schema"] == "thaw.error/1":
            continue
        checkpoint = told["checkpoint"]
        reader = tf.train.load_checkpoint(checkpoint["prefix"]) if checkpoint else None
        arrays = {e["key"]: (lambda key=e["key"]: reader.get_tensor(key)) for e in (checkpoint or {"entries": []})["entries"]}
        for entry in (checkpoint or {"entries": []})["entries"]:
            if "statistics" in entry:
                counts["statistics"] += 1
                if not inspect_truth.same_statistics(entry["statistics"], arrays[entry["key"]]()):
                    wrong.append(f"{path}: statistics of {entry['key']}: {entry['statistics']}")
        graphs = [] if checkpoint or path.is_dir() else inspect_truth.parse(path)
        nodes = {node.name: node for meta in graphs for node in meta.graph_def.node}
        for weight in told.get("variables", []):
            if weight["frozen"] and weight["function"] is None and "statistics" in weight and nodes:
                counts["statistics"] += 1
                array = tf.make_ndarray(nodes[weight["node"]].attr["value"].tensor)
                if not inspect_truth.same_statistics(weight["statistics"], array):
                    wrong.append(f"{path}: statistics of {weight['node']}: {weight['statistics']}")
    return wrong


def judge(corpus: Path, sample: bool, counts: collections.Counter[str]) -> list[str]:
    paths = paths_of(corpus, sample)
    wrong = []
    for path, told in zip(paths, inspect(paths), strict=True):
        try:
            wrong += [f"{path.relative_to(corpus)}: {line}" for line in Comparison(path, told, counts).run()]
        except Exception as error:
            wrong.append(f"{path.relative_to(corpus)}: {first_line(error)}")
    readable = [p for p in paths if p.suffix in (".pb", ".index") and "savedmodel" not in p.parts]
    return wrong + statistics(readable, counts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    parser.add_argument("--sample", action="store_true", help="all but most operator tests")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"no corpus at {options.corpus}: nothing is inspected")
        return 0
    counts: collections.Counter[str] = collections.Counter()
    wrong = judge(options.corpus, options.sample, counts)
    for line in wrong:
        print(line[:600])
    print("Inspected:", dict(sorted(counts.items())), "wrong:", len(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
