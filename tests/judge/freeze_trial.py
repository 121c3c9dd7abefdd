"""One checkpoint frozen by TensorFlow and by the program, compared; run by worker.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import frozen_by_tensorflow
import graph_files
from strict_tf import first_line, tf, v1


def trial(job: dict[str, Any]) -> dict[str, Any]:
    """{"tensorflow": why it cannot} or {"differences": what differs, "imports": "" or why not}."""
    answer: dict[str, Any] = {}
    found = graph_files.load(Path(job["frozen"]))
    try:
        v1.reset_default_graph()
        with tf.Graph().as_default():
            tf.import_graph_def(graph_files.load(Path(job["frozen"])), name="")
        answer["imports"] = ""
    except Exception as error:
        answer["imports"] = first_line(error)
    try:
        expected = frozen_by_tensorflow.tensorflow_freezes(Path(job["prefix"]), job["outputs"], job["kept"])
    except Exception as error:
        answer["tensorflow"] = first_line(error)
        return answer
    answer["differences"] = frozen_by_tensorflow.differences(expected, found)
    return answer
