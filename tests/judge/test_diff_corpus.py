"""`thaw diff` on the corpus: what TensorFlow wrote again is the same; versions of a model differ as it sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cases
import graph_oracle
from diff_tool import diff

from google.protobuf import text_format
from tensorflow.core.framework import graph_pb2

LARGEST = 3_000_000  # bytes of a file that is written as text


def small_corpus() -> list[cases.Case]:
    found = cases.sample(cases.corpus(cases.CORPUS)) if cases.CORPUS.exists() else []
    return [case for case in found if case.path.stat().st_size <= LARGEST]


@pytest.mark.parametrize("case", small_corpus(), ids=lambda case: case.name)
def test_corpus_written_again_by_tensorflow(case: cases.Case, tmp_path: Path) -> None:
    graph = graph_pb2.GraphDef()
    try:
        graph.ParseFromString(case.path.read_bytes())
    except Exception:  # noqa: BLE001 - what TensorFlow's parser refuses is not its to write
        pytest.skip("no GraphDef to TensorFlow")
    other = tmp_path / "again.pb"
    other.write_bytes(graph.SerializeToString(deterministic=True))
    assert not diff(case.path, other)["differs"]
    other = tmp_path / "again.pbtxt"
    other.write_text(text_format.MessageToString(graph))
    assert not diff(other, case.path)["differs"]


def siblings() -> list[tuple[Path, Path]]:
    """Versions of a model: two graphs of one folder that share most of their nodes' names."""
    found = []
    folders: dict[Path, list[Path]] = {}
    for case in small_corpus():
        folders.setdefault(case.path.parent, []).append(case.path)
    for paths in folders.values():
        found += list(zip(paths, paths[1:], strict=False))
    return found


@pytest.mark.parametrize("pair", siblings(), ids=lambda pair: f"{pair[0].name}-{pair[1].name}")
def test_corpus_versions_of_a_model(pair: tuple[Path, Path]) -> None:
    graphs = []
    for path in pair:
        graph = graph_pb2.GraphDef()
        try:
            graph.ParseFromString(path.read_bytes())
        except Exception:  # noqa: BLE001
            pytest.skip("no GraphDef to TensorFlow")
        graphs.append(graph)
    names = [{n.name for n in graph.node} for graph in graphs]
    if 2 * len(names[0] & names[1]) < len(names[0]) or any(g.library.function for g in graphs):
        pytest.skip("no versions of one model")
    report = diff(*pair, "--graph")
    if report["graph"]["frozen"] or report["graph"]["left_out"]:
        pytest.skip("one of them holds variables")
    assert graph_oracle.told(report["graph"]) == graph_oracle.compare(graphs[0].node, graphs[1].node)
