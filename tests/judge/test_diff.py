"""`thaw diff` against graphs and checkpoints that TensorFlow made: exactly what was changed is told."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cases
import graph_files
import graph_oracle
import thaw_tool
from strict_tf import tf, v1

from google.protobuf import text_format
from tensorflow.core.framework import graph_pb2, types_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

DIGITS = thaw_tool.REPOSITORY / "demo" / "digits.pb"
LARGEST = 3_000_000  # bytes of a corpus file that is written as text


def diff(a: Path, b: Path, *options: str) -> dict[str, Any]:
    command = [str(thaw_tool.binary()), "diff", str(a), str(b), "--json", *options]
    done = subprocess.run(command, capture_output=True, timeout=thaw_tool.SECONDS, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["differs"] == (done.returncode == 1)
    return report


def saved(graph: Any, path: Path) -> Path:
    path.write_bytes(graph.SerializeToString())
    return path


def node(graph: Any, name: str) -> Any:
    return next(n for n in graph.node if n.name == name)


def weight(graph: Any) -> Any:
    """The first constant of floats with more than one axis, and its array."""
    for found in graph.node:
        if found.op == "Const" and len(found.attr["value"].tensor.tensor_shape.dim) > 1:
            return found
    raise AssertionError("no weight")


def set_value(found: Any, array: np.ndarray) -> None:
    found.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(array))


def value(found: Any) -> np.ndarray:
    return np.array(tf.make_ndarray(found.attr["value"].tensor))


def to_list(graph: Any) -> None:
    """float_val in place of tensor_content."""
    for found in graph.node:
        tensor = found.attr["value"].tensor if found.op == "Const" else None
        if tensor is not None and tensor.dtype == types_pb2.DT_FLOAT and tensor.tensor_content:
            numbers = np.frombuffer(tensor.tensor_content, np.float32)
            tensor.tensor_content = b""
            tensor.float_val.extend(numbers.tolist())


def to_content(graph: Any) -> None:
    """tensor_content in place of lists and of one repeated number."""
    for found in graph.node:
        if found.op == "Const" and found.attr["value"].tensor.dtype != types_pb2.DT_STRING:
            tensor = found.attr["value"].tensor
            array = tf.make_ndarray(tensor)
            for field in ("float_val", "int_val", "int64_val", "bool_val", "half_val", "double_val"):
                tensor.ClearField(field)
            tensor.tensor_content = array.tobytes()


def fill_defaults(graph: Any) -> None:
    for found in graph.node:
        for key, preset in graph_oracle.defaults().get(found.op, {}).items():
            if key not in found.attr:
                found.attr[key].CopyFrom(preset)


def strip_defaults(graph: Any) -> None:
    for found in graph.node:
        for key, preset in graph_oracle.defaults().get(found.op, {}).items():
            if key in found.attr and found.attr[key] == preset:
                del found.attr[key]


def reverse(graph: Any) -> None:
    nodes = list(graph.node)[::-1]
    del graph.node[:]
    graph.node.extend(nodes)


def write_outputs(graph: Any) -> None:
    for found in graph.node:
        inputs = [i if ":" in i or i.startswith("^") else f"{i}:0" for i in found.input]
        del found.input[:]
        found.input.extend(inputs)


UNCHANGED: dict[str, Callable[[Any], None]] = {
    "lists": to_list,
    "content": to_content,
    "defaults filled in": fill_defaults,
    "defaults stripped": strip_defaults,
    "order": reverse,
    "outputs": write_outputs,
}


@pytest.mark.parametrize("edit", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_another_way_to_write_it(edit: Callable[[Any], None], tmp_path: Path) -> None:
    graph = graph_files.load(DIGITS)
    edit(graph)
    for other in (saved(graph, tmp_path / "other.pb"), tmp_path / "other.pbtxt"):
        if other.suffix == ".pbtxt":
            other.write_text(text_format.MessageToString(graph))
        report = diff(DIGITS, other)
        assert not report["differs"], report
        assert report["graph"]["equal"] == len(graph.node)


def add(graph: Any) -> None:
    graph.node.add(name="more", op="NoOp")


def remove(graph: Any) -> None:
    taken = {graph_oracle.plain(i).lstrip("^") for n in graph.node for i in n.input}
    graph.node.remove(next(n for n in graph.node if n.name not in taken))


def rewire(graph: Any) -> None:
    found = next(n for n in graph.node if len(n.input) == 2)
    found.input[1] = found.input[0]


def wait(graph: Any) -> None:
    graph.node[-1].input.append(f"^{graph.node[0].name}")


def attribute(graph: Any) -> None:
    next(n for n in graph.node if n.op == "Conv2D").attr["padding"].s = b"EXPLICIT"


def operation(graph: Any) -> None:
    next(n for n in graph.node if n.op == "Relu").op = "Relu6"


def device(graph: Any) -> None:
    graph.node[-1].device = "/device:GPU:0"


def hidden(graph: Any) -> None:
    graph.node[-1].attr["_mine"].s = b"x"


def retype(graph: Any) -> None:
    found = weight(graph)
    found.attr["dtype"].type = types_pb2.DT_DOUBLE
    set_value(found, value(found).astype(np.float64))


def reshape(graph: Any) -> None:
    found = weight(graph)
    set_value(found, value(found).reshape(-1))


def nudge(graph: Any) -> None:
    found = weight(graph)
    array = value(found)
    array.flat[3] += 0.25
    set_value(found, array)


def negative_zero(graph: Any) -> None:
    found = weight(graph)
    array = value(found)
    array.flat[0] = 0.0
    set_value(found, array)


CHANGED = [
    add, remove, rewire, wait, attribute, operation, device, hidden, retype, reshape, nudge, negative_zero,
]  # fmt: skip


@pytest.mark.parametrize("edit", CHANGED, ids=lambda edit: edit.__name__)
def test_what_was_changed(edit: Callable[[Any], None], tmp_path: Path) -> None:
    before, after = graph_files.load(DIGITS), graph_files.load(DIGITS)
    edit(after)
    report = diff(DIGITS, saved(after, tmp_path / "after.pb"), "--graph")
    expected = graph_oracle.compare(before.node, after.node)
    assert expected["added"] or expected["removed"] or expected["changed"]
    assert graph_oracle.told(report["graph"]) == expected
    # The other way round.
    back = diff(tmp_path / "after.pb", DIGITS, "--graph")
    assert graph_oracle.told(back["graph"]) == graph_oracle.compare(after.node, before.node)


BITS = {
    "NaN and another NaN": (0x7FC00000, 0x7FC00001, {"changed": 1, "not_finite": 1, "largest": None}),
    "the same NaN": (0x7FC00001, 0x7FC00001, None),
    "zero and negative zero": (0x00000000, 0x80000000, {"changed": 1, "not_finite": 0, "largest": 0.0}),
    "infinite": (0x7F800000, 0x3F800000, {"changed": 1, "not_finite": 1, "largest": None}),
    "one bit": (0x3F800000, 0x3F800001, {"changed": 1, "not_finite": 0, "largest": 2.0**-23}),
}


@pytest.mark.parametrize(("one", "other", "delta"), BITS.values(), ids=BITS.keys())
def test_bits(one: int, other: int, delta: dict[str, Any] | None, tmp_path: Path) -> None:
    paths = []
    for name, bits in (("a.pb", one), ("b.pb", other)):
        graph = graph_files.load(DIGITS)
        array = value(weight(graph)).copy()
        array.reshape(-1).view(np.uint32)[5] = bits
        weight(graph).attr["value"].tensor.ClearField("float_val")
        weight(graph).attr["value"].tensor.tensor_content = array.tobytes()
        paths.append(saved(graph, tmp_path / name))
    report = diff(*paths)
    told = [w["delta"] for w in report["weights"]["differences"]]
    assert [{key: d[key] for key in delta} for d in told] == ([delta] if delta else []) if delta else told == []
    if delta and delta["largest"] is not None:
        assert not diff(*paths, "--tolerance", str(delta["largest"]))["differs"]
    elif delta:
        assert diff(*paths, "--tolerance", "1e30")["differs"]


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
    report = diff(tmp_path / "saved", model, "--weights")
    assert (report["differs"], report["weights"]["equal"]) == (False, 1), report["weights"]
    assert not diff(tmp_path / "saved", tmp_path / "saved" / "variables" / "variables")["differs"]
    net.w.assign_add(tf.ones([2, 2]))
    tf.saved_model.save(net, str(tmp_path / "later"))
    for other in (model, tmp_path / "saved"):
        changes = diff(tmp_path / "later", other, "--weights")["weights"]["differences"]
        assert [(w["change"], w["delta"]["largest"]) for w in changes] == [("values", 1.0)]


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
