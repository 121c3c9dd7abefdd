"""The graph beside a checkpoint, or in a SavedModel, to be changed and written back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tensorflow.core.framework import graph_pb2, node_def_pb2
from tensorflow.core.protobuf import meta_graph_pb2, saved_model_pb2

from corruptions import Sound

VARIABLES = ("VarHandleOp", "VariableV2", "Variable")


class Meta:
    """The first MetaGraphDef of a file, to be changed and written back."""

    def __init__(self, folder: Path, sound: Sound) -> None:
        self.path = folder / sound.meta
        self.root: Any = meta_graph_pb2.MetaGraphDef()
        if self.path.name == "saved_model.pb":
            self.root = saved_model_pb2.SavedModel()
        self.root.ParseFromString(self.path.read_bytes())
        self.meta = self.root.meta_graphs[0] if hasattr(self.root, "meta_graphs") else self.root
        self.file = self.path.name
        self.original = originals(sound.model) if sound.model else {}

    @property
    def nodes(self) -> Any:
        return self.meta.graph_def.node

    def node(self, name: str) -> node_def_pb2.NodeDef | None:
        return next((n for n in self.nodes if n.name == name), None)

    def of_model(self, wanted: Any) -> list[node_def_pb2.NodeDef]:
        """Nodes that the model has, too, with the same operation."""
        return [n for n in self.nodes if self.original.get(n.name) == n.op and wanted(n)]

    def write(self) -> None:
        self.path.write_bytes(self.root.SerializeToString())


def originals(model: Path) -> dict[str, str]:
    graph = graph_pb2.GraphDef()
    graph.ParseFromString(model.read_bytes())
    return {n.name: n.op for n in graph.node}


def opened(folder: Path, sound: Sound) -> Meta | None:
    return Meta(folder, sound) if sound.meta else None


def saver_lists(meta: Meta) -> list[node_def_pb2.NodeDef]:
    """The constants that name the tensors of the Saver."""
    takers = [n for n in meta.nodes if n.op in ("SaveV2", "RestoreV2", "SaveSlices")]
    lists = [meta.node(n.input[1].split(":")[0]) for n in takers]
    return [n for n in lists if n is not None and n.op == "Const" and n.attr["value"].tensor.string_val]
