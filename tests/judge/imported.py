"""A thawed set inside TensorFlow: imported, and restored the way a user does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from strict_tf import session, tf, v1


def import_set(prefix: Path) -> tuple[Any, Any]:
    """A fresh graph with the thawed MetaGraph in it, and its saver."""
    with tf.Graph().as_default() as graph:
        saver = v1.train.import_meta_graph(f"{prefix}.meta")
    if saver is None:
        raise ValueError("import_meta_graph gives no saver")
    return graph, saver


def meta_graph(prefix: Path) -> Any:
    """The message itself."""
    meta = v1.MetaGraphDef()
    meta.ParseFromString(Path(f"{prefix}.meta").read_bytes())
    return meta


def restored(graph: Any, saver: Any, prefix: Path, init_ops: Sequence[str] = ()) -> Any:
    """A session with local state initialised, then the weights, then the graph's own initialisers.

    The graph has to be the default one: with eager execution on, a Saver looks for variables elsewhere.
    """
    opened = session(graph)
    with graph.as_default():
        if v1.local_variables():
            opened.run(v1.local_variables_initializer())
        saver.restore(opened, str(prefix))
    for name in init_ops:
        opened.run(name)
    return opened
