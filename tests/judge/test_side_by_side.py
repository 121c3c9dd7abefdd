"""Two networks in one graph: a thawed one below a scope of its own, and the user's, whose .meta is imported beside it.

What the forum's script does with `name="new"` and an input map, so that the two can be compared, or one teaches the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thaw_tool
from strict_tf import session, tf, v1

INPUTS, HIDDEN, OUTPUTS = 5, 7, 3
ASKED = np.random.default_rng(1).normal(size=(6, INPUTS)).astype(np.float32)


def network(x: Any, seed: int) -> Any:
    """The same names whoever builds it."""
    shapes = {"h1": [INPUTS, HIDDEN], "b1": [HIDDEN], "h2": [HIDDEN, OUTPUTS], "b2": [OUTPUTS]}
    made = {}
    for i, (name, shape) in enumerate(shapes.items()):
        drawn = v1.random_normal_initializer(seed=10 * seed + i)
        made[name] = v1.get_variable(name, shape, initializer=drawn, use_resource=False)
    hidden = tf.nn.relu(tf.matmul(x, made["h1"]) + made["b1"])
    return tf.add(tf.matmul(hidden, made["h2"]), made["b2"], name="logits")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with author.pb and author.npy, the author's answer, and the user's own model.ckpt with .meta."""
    folder = tmp_path_factory.mktemp("both")
    for seed, who in enumerate(("author", "user")):
        with tf.Graph().as_default() as graph, session(graph) as opened:
            logits = network(v1.placeholder(tf.float32, [None, INPUTS], "input_node"), seed)
            opened.run(v1.global_variables_initializer())
            np.save(folder / f"{who}.npy", opened.run(logits, {"input_node:0": ASKED}))
            if who == "user":
                v1.train.Saver().save(opened, str(folder / "model.ckpt"))
                continue
            frozen = v1.graph_util.convert_variables_to_constants(opened, graph.as_graph_def(), ["logits"])
            (folder / "author.pb").write_bytes(frozen.SerializeToString())
    return folder


@pytest.mark.parametrize("thawed_first", [True, False])
@pytest.mark.parametrize("kind", ["resource", "ref"])
def test_two_metas_in_one_graph_share_an_input(kind: str, thawed_first: bool, both: Path, tmp_path: Path) -> None:
    new = thaw_tool.thaw(both / "author.pb", tmp_path / "new" / "model.ckpt", "--scope", "new", "--variables", kind)
    assert new.exit == 0, new.error
    prefixes = {"new": new.prefix, "own": both / "model.ckpt"}
    scopes = {"new": "", "own": "own"}
    inputs = {"new": "new/input_node:0", "own": "input_node:0"}
    savers = {}
    with tf.Graph().as_default() as graph:
        shared = v1.placeholder(tf.float32, [None, INPUTS], "shared")
        for who in sorted(prefixes, reverse=not thawed_first):
            savers[who] = v1.train.import_meta_graph(
                f"{prefixes[who]}.meta", import_scope=scopes[who], input_map={inputs[who]: shared}
            )
        teacher = graph.get_tensor_by_name("new/logits:0")
        student = graph.get_tensor_by_name("own/logits:0")
        students = [v for v in v1.trainable_variables() if v.op.name.startswith("own/")]
        teachers = [v for v in v1.trainable_variables() if v.op.name.startswith("new/")]
        assert (len(students), len(teachers)) == (4, 4)
        loss = tf.reduce_mean(tf.square(student - tf.stop_gradient(teacher)))
        optimizer = v1.train.AdamOptimizer(0.01)
        step = optimizer.minimize(loss, var_list=students)
        fine = v1.train.GradientDescentOptimizer(0.01).minimize(tf.reduce_mean(tf.square(teacher)), var_list=teachers)
    with graph.as_default(), session(graph) as opened:
        opened.run(v1.global_variables_initializer() if kind == "ref" else v1.variables_initializer(optimizer.variables()))
        for who, saver in savers.items():
            saver.restore(opened, str(prefixes[who]))
        feed = {shared: ASKED}
        assert np.array_equal(opened.run(teacher, feed), np.load(both / "author.npy"))
        assert np.array_equal(opened.run(student, feed), np.load(both / "user.npy"))
        before = opened.run(loss, feed)
        for _ in range(50):
            opened.run(step, feed)
        assert opened.run(loss, feed) < 0.5 * before
        assert np.array_equal(opened.run(teacher, feed), np.load(both / "author.npy"))
        opened.run(fine, feed)
        assert not np.array_equal(opened.run(teacher, feed), np.load(both / "author.npy"))
        savers["new"].save(opened, str(tmp_path / "trained" / "model.ckpt"))
        assert set(v1.train.load_checkpoint(str(tmp_path / "trained" / "model.ckpt")).get_variable_to_shape_map()) == {
            f"new/{name}" for name in ("h1", "b1", "h2", "b2")
        }


def test_a_checkpoint_of_both_is_a_target(both: Path, tmp_path: Path) -> None:
    """The author's weights into the user's network that stands below a scope, beside another one."""
    with tf.Graph().as_default() as graph, session(graph) as opened:
        x = v1.placeholder(tf.float32, [None, INPUTS], "x")
        with v1.variable_scope("teacher"):
            network(x, 5)
        with v1.variable_scope("student"):
            network(x, 6)
        opened.run(v1.global_variables_initializer())
        v1.train.Saver().save(opened, str(tmp_path / "two.ckpt"))
        students = opened.run("student/h1:0")
    refused = thaw_tool.transplant(both / "author.pb", tmp_path / "two.ckpt", tmp_path / "out" / "m", "--missing", "keep")
    assert refused.exit == 1
    assert any(set(f["entries"]) == {"student", "teacher"} for f in refused.report["findings"])
    made = thaw_tool.transplant(
        both / "author.pb", tmp_path / "two.ckpt", tmp_path / "out" / "m", "--missing", "keep", "--scope", "teacher"
    )
    assert made.exit == 0, made.error or made.report["findings"]
    reader = v1.train.load_checkpoint(str(made.prefix))
    assert np.array_equal(reader.get_tensor("student/h1"), students)
    assert not np.array_equal(reader.get_tensor("teacher/h1"), students)
