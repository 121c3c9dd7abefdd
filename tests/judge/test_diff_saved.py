"""`thaw diff` on what TensorFlow saves and freezes: checkpoints, SavedModels, functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import graph_oracle
from diff_tool import diff, saved
from strict_tf import tf, v1

from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2


def cell_with_functions() -> Any:
    class Net(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = tf.Variable(np.arange(4, dtype=np.float32).reshape(2, 2), name="w")

        @tf.function(input_signature=[tf.TensorSpec([None, 2])])
        def __call__(self, x: Any) -> Any:
            step = tf.function(lambda y: tf.tanh(y @ self.w))
            for _ in tf.range(3):
                x = step(x)
            return tf.cond(tf.reduce_sum(x) > 0, lambda: step(x), lambda: x - 1.0)

    return Net()


def frozen(net: Any) -> Any:
    concrete = net.__call__.get_concrete_function()
    return convert_variables_to_constants_v2(concrete, lower_control_flow=False).graph.as_graph_def()


def test_functions_frozen_twice_have_other_names(tmp_path: Path) -> None:
    net = cell_with_functions()
    one, other = frozen(net), frozen(net)
    a, b = saved(one, tmp_path / "a.pb"), saved(other, tmp_path / "b.pb")
    assert {f.signature.name for f in one.library.function} != {f.signature.name for f in other.library.function}
    report = diff(a, b)
    assert not report["differs"], report["graph"]
    assert report["graph"]["functions"]["equal"] == len(one.library.function)
    assert report["graph"]["functions"]["renamed"]
    # And one node of one function.
    function = next(f for f in other.library.function if any(n.op == "Tanh" for n in f.node_def))
    next(n for n in function.node_def if n.op == "Tanh").op = "Sigmoid"
    report = diff(a, saved(other, b))
    changed = report["graph"]["functions"]["changed"]
    assert [[(p["from"], p["to"]) for n in f["changed"] for p in n["parts"]] for f in changed] == [
        [("Tanh", "Sigmoid")]
    ]
    assert changed[0]["other_name"] in (None, function.signature.name)
    assert graph_oracle.told(report["graph"])["changed"] == {}


def checkpoints(folder: Path) -> tuple[str, str]:
    """Of one graph, trained a little; with Adam's slots."""
    with tf.Graph().as_default(), v1.Session() as opened:
        x = v1.placeholder(tf.float32, [None, 3], "x")
        kernel = v1.get_variable("net/kernel", (3, 2))
        frozen_part = v1.get_variable("net/still", (5,), trainable=False)
        loss = tf.reduce_sum(tf.square(x @ kernel)) + 0.0 * tf.reduce_sum(frozen_part)
        step = v1.train.AdamOptimizer(0.1).minimize(loss, v1.train.get_or_create_global_step())
        saver = v1.train.Saver(max_to_keep=None)
        opened.run(v1.global_variables_initializer())
        first = saver.save(opened, str(folder / "m"), 0)
        opened.run(step, {x: np.ones((1, 3), np.float32)})
        return first, saver.save(opened, str(folder / "m"), 1)


def test_checkpoints_as_tensorflow_reads_them(tmp_path: Path) -> None:
    one, other = checkpoints(tmp_path)
    readers = [tf.train.load_checkpoint(path) for path in (one, other)]
    report = diff(Path(one), Path(other))
    told = {w["name"]: w["delta"] for w in report["weights"]["differences"]}
    expected = {}
    for name in readers[0].get_variable_to_shape_map():
        a, b = (np.asarray(reader.get_tensor(name)) for reader in readers)
        if a.tobytes() != b.tobytes():
            expected[name] = (int((a != b).sum()), float(np.abs(a.astype(np.float64) - b).max()))
    assert {name: (d["changed"], d["largest"]) for name, d in told.items()} == expected
    assert report["weights"]["equal"] == len(readers[0].get_variable_to_shape_map()) - len(expected)
    assert report["graph"]["changed"] == []
    assert not diff(Path(one), Path(one + ".meta"))["differs"]
    names = diff(Path(one), Path(other), "--match", "net/kernel")
    assert {w["name"] for w in names["weights"]["differences"]} <= {n for n in expected if n.startswith("net/kernel")}


def test_a_saved_model_and_what_was_frozen_of_it(tmp_path: Path) -> None:
    net = cell_with_functions()
    tf.saved_model.save(net, str(tmp_path / "saved"))
    model = saved(frozen(net), tmp_path / "frozen.pb")
    # Freezing has lost the variable's name: it is known by its bits.
    report = diff(tmp_path / "saved", model, "--weights")
    assert not report["differs"], report["weights"]
    named = [(w["change"], w["name"]) for w in report["weights"]["differences"] if not w["state"]]
    assert named == [("renamed", "w")]
    assert not diff(tmp_path / "saved", tmp_path / "saved" / "variables" / "variables")["differs"]
    net.w.assign_add(tf.ones([2, 2]))
    tf.saved_model.save(net, str(tmp_path / "later"))
    changes = diff(tmp_path / "later", tmp_path / "saved", "--weights")["weights"]["differences"]
    assert [(w["change"], w["delta"]["largest"]) for w in changes] == [("values", 1.0)]
    changes = diff(tmp_path / "later", model, "--weights")["weights"]["differences"]
    assert [w["change"] for w in changes if not w["expected"]] == ["only_a", "only_b"]
