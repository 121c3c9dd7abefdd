"""--target-tf: nothing that the release would refuse is left, and TensorFlow computes the same with what is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thaw_tool
from strict_tf import session, tf, v1

TABLE = thaw_tool.REPOSITORY / "src/ops/op_history_data.inc"
BATCH = np.random.default_rng(5).normal(0, 1, (2, 6, 6, 3)).astype(np.float32)
# From the release notes and the sources of the releases, not from the table.
KNOWN = {
    ("Conv2D", "explicit_paddings"): "1.14",
    ("FusedBatchNormV3", ""): "1.14",
    ("FusedBatchNormV3", "exponential_avg_factor"): "2.2",
    ("ResizeBilinear", "half_pixel_centers"): "1.14",
    ("BatchMatMulV2", ""): "1.14",
    ("GatherV2", "batch_dims"): "1.14",
}


def table() -> tuple[list[str], dict[str, tuple[int, int]]]:
    text = TABLE.read_text()
    releases = [f"{a}.{b}" for a, b in re.findall(r"\{(\d+), (\d+), \d+\}", text)]
    spans = "".join(re.findall(r'^    "(.*)"$', text.split("kSpans")[1], re.MULTILINE)).split("\\n")
    rows = [line.split() for line in spans if line]
    return releases, {key: (int(first), int(last)) for key, first, last in rows}


RELEASES, SPANS = table()


def refused(node: Any, release: str) -> str:
    """What of a node that release does not know."""
    number = RELEASES.index(release)
    for key in [node.op, *(f"{node.op}.{attr}" for attr in node.attr if not attr.startswith("_"))]:
        first, last = SPANS.get(key, (0, len(RELEASES) - 1))
        if not first <= number <= last:
            return key
    return ""


@pytest.mark.parametrize("op, attr", KNOWN)
def test_table_says_what_is_known(op: str, attr: str) -> None:
    key = f"{op}.{attr}" if attr else op
    assert RELEASES[SPANS[key][0]] == KNOWN[op, attr]


def weight(name: str, *shape: int) -> Any:
    numbers = np.random.default_rng(len(name)).normal(0, 0.5, shape).astype(np.float32)
    return tf.identity(tf.constant(np.abs(numbers) + 0.1, name=name), name=name + "/read")


def frozen(folder: Path, resize: bool = False) -> Path:
    """What TensorFlow writes today: new operations, and attributes that are at their defaults."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [2, 6, 6, 3], name="x")
        x = tf.nn.conv2d(x, weight("conv/kernel", 3, 3, 3, 4), 1, "SAME") + weight("conv/bias", 4)
        parts = [weight(f"bn/{part}", 4) for part in ("gamma", "beta", "moving_mean", "moving_variance")]
        x = v1.nn.fused_batch_norm(x, *parts, is_training=False)[0]
        if resize:
            x = tf.image.resize(x, [9, 9])
        x = tf.nn.max_pool2d(x, 2, 2, "SAME")
        x = tf.matmul(tf.reduce_mean(x, [1, 2]), weight("fc/kernel", 4, 5))
        x = tf.matmul(tf.reshape(x, [2, 1, 5]), tf.tile(tf.reshape(weight("last/kernel", 5, 3), [1, 5, 3]), [2, 1, 1]))
        x = tf.where(x > 0.5, x, x * 2)
        tf.gather(x, [0, 1], axis=0, name="out")
    path = folder / "frozen.pb"
    graph_def = graph.as_graph_def()
    graph_def.versions.min_consumer = 900
    path.write_bytes(graph_def.SerializeToString())
    return path


def outputs(path: Path) -> np.ndarray:
    with tf.Graph().as_default() as graph, session(graph) as run:
        tf.import_graph_def(v1.GraphDef.FromString(path.read_bytes()), name="")
        return run.run("out:0", {"x:0": BATCH})


@pytest.mark.parametrize("release", ["1.4", "1.12", "1.15", "2.1", "2.21"])
def test_nothing_is_refused(release: str, tmp_path: Path) -> None:
    path = frozen(tmp_path)
    options = ["--target-tf", release, "--bn", "batch", "--verify"]
    thawed = thaw_tool.thaw(path, tmp_path / "thawed" / "model.ckpt", *options)
    assert thawed.exit == 0, thawed.error
    assert thawed.report["target_tf"] == release
    meta = v1.MetaGraphDef.FromString(Path(f"{thawed.prefix}.meta").read_bytes())
    assert [refused(node, release) for node in meta.graph_def.node if refused(node, release)] == []
    graph_version = int(re.search(rf"\{{{release.replace('.', ', ')}, (\d+)\}}", TABLE.read_text())[1])
    assert meta.graph_def.versions.producer <= graph_version
    assert meta.graph_def.versions.min_consumer <= graph_version
    was = {refused(node, release) for node in v1.GraphDef.FromString(path.read_bytes()).node}
    assert (was == {""}) == (release == "2.21")
    with tf.Graph().as_default() as graph, session(graph) as run:
        v1.train.import_meta_graph(meta).restore(run, str(thawed.prefix))
        np.testing.assert_array_equal(run.run("out:0", {"x:0": BATCH}), outputs(path))
        loss = tf.reduce_sum(graph.get_tensor_by_name("out:0"))
        assert None not in tf.gradients(loss, v1.trainable_variables())


def test_what_has_no_older_form_is_named(tmp_path: Path) -> None:
    """tf.image.resize takes pixels by their centers, which nothing did before."""
    path = frozen(tmp_path, resize=True)
    thawed = thaw_tool.thaw(path, tmp_path / "thawed" / "model.ckpt", "--target-tf", "1.13")
    assert thawed.exit == 3
    assert "resize/ResizeBilinear" in thawed.error and "half_pixel_centers" in thawed.error
    assert "1.14" in thawed.error
    assert not list((tmp_path / "thawed").glob("*"))


def test_leads_back_to_the_lowered_graph(tmp_path: Path) -> None:
    path = frozen(tmp_path)
    thawed = thaw_tool.thaw(path, tmp_path / "thawed" / "model.ckpt", "--target-tf", "1.12")
    again = tmp_path / "again.pb"
    made = thaw_tool.freeze(thawed.prefix, again)
    assert made.exit == 0, made.error
    graph_def = v1.GraphDef.FromString(again.read_bytes())
    assert [node.name for node in graph_def.node if refused(node, "1.12")] == []
    np.testing.assert_array_equal(outputs(again), outputs(path))
