"""Models that hold variables, thawed: the same bits, variables, gradients and steps as the original's."""

from __future__ import annotations

import collections
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graph_files
import imported
import object_models
import thaw_tool
import variable_models
from strict_tf import rounded, session, tf, v1

FEED = variable_models.FEED
SLOTS = ("Adam", "beta1_power", "beta2_power", "global_step")


def is_slot(key: str) -> bool:
    return any(part in key for part in SLOTS)


def thawed(source: Path, folder: Path, *options: str) -> thaw_tool.Thawed:
    made = thaw_tool.thaw(source, folder / "model.ckpt", "--verify", *options)
    assert made.exit in (0, 1), made.error
    return made


def checkpoint(prefix: Path) -> dict[str, np.ndarray]:
    reader = tf.train.load_checkpoint(str(prefix))
    return {key: reader.get_tensor(key) for key in reader.get_variable_to_shape_map()}


def verified(*words: object) -> None:
    done = subprocess.run([str(thaw_tool.binary()), "verify", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def trained_values(prefix: Path, fetches: list[str]) -> dict[str, Any]:
    """What a graph computes, its gradients, and its variables after a step of gradient descent."""
    with tf.Graph().as_default() as graph:
        saver = v1.train.import_meta_graph(f"{prefix}.meta")
        weights = [w for w in v1.trainable_variables() if not is_slot(w.name)]
        loss = graph.get_tensor_by_name("loss:0")
        gradients = [tf.convert_to_tensor(gradient) for gradient in tf.gradients(loss, weights)]
        feed = fed(graph)
        step = v1.train.GradientDescentOptimizer(0.1).minimize(loss, var_list=weights)
        with session(graph) as runs:
            saver.restore(runs, str(prefix))
            names = [w.op.name for w in weights]
            numbers = runs.run(gradients, feed)
            found = {"outputs": runs.run(fetches, feed), "gradients": dict(zip(names, numbers, strict=True))}
            runs.run(step, feed)
            found["after"] = dict(zip(names, runs.run(weights), strict=True))
    return found


def fed(graph: Any) -> dict[str, np.ndarray]:
    """What of the feed the graph still takes."""
    nodes = {operation.name for operation in graph.get_operations()}
    return {name: value for name, value in FEED.items() if name.split(":")[0] in nodes}


FETCHES = {"classifier": ["probabilities:0", "loss:0"], "looped": ["y:0"], "partitioned": ["y:0"]}


@pytest.mark.product
@pytest.mark.parametrize("resource", [False, True], ids=["ref", "resource"])
@pytest.mark.parametrize("name", sorted(variable_models.MODELS))
def test_a_training_graph_and_its_checkpoint(name: str, resource: bool, tmp_path: Path) -> None:
    prefix = tmp_path / "was" / "model.ckpt"
    variable_models.save_training_graph(name, resource, prefix)
    made = thawed(Path(f"{prefix}.meta"), tmp_path / "is")
    was, now = (trained_values(place, FETCHES[name]) for place in (prefix, made.prefix))
    assert all(map(graph_files.same_bits, was["outputs"], now["outputs"]))
    assert was["gradients"].keys() == now["gradients"].keys()
    for key, gradient in was["gradients"].items():
        assert rounded(now["gradients"][key], gradient), key
        assert rounded(now["after"][key], was["after"][key]), key
    # All of the checkpoint, what the optimizer kept too, under the names that it had.
    before, after = checkpoint(prefix), checkpoint(made.prefix)
    assert before.keys() - after.keys() == set()
    assert all(graph_files.same_bits(before[key], after[key]) for key in before)
    with tf.Graph().as_default():
        v1.train.import_meta_graph(f"{made.prefix}.meta")
        assert not [w.name for w in v1.global_variables() if is_slot(w.name)]
        assert all(w.op.type == "VarHandleOp" for w in v1.global_variables())
        trainable = {w.op.name for w in v1.trainable_variables()}
        assert trainable - {"frozen/kernel"} == {key for key in was["gradients"]} - {"frozen/kernel"}
    verified(Path(f"{prefix}.meta"), made.prefix)
    verified(made.prefix)


def test_the_optimizer_goes_on_where_it_was(tmp_path: Path) -> None:
    prefix = tmp_path / "was" / "model.ckpt"
    variable_models.save_training_graph("classifier", False, prefix)
    made = thawed(Path(f"{prefix}.meta"), tmp_path / "is")
    with tf.Graph().as_default() as graph:
        v1.train.import_meta_graph(f"{made.prefix}.meta")
        step = v1.train.get_or_create_global_step()
        weights = [w for w in v1.trainable_variables() if w.op.name != "frozen/kernel"]
        train = v1.train.AdamOptimizer(0.05).minimize(graph.get_tensor_by_name("loss:0"), step, weights)
        in_file = checkpoint(made.prefix)
        saver = v1.train.Saver([w for w in v1.global_variables() if w.op.name in in_file])
        with session(graph) as runs:
            runs.run(v1.global_variables_initializer())
            saver.restore(runs, str(made.prefix))
            assert runs.run(step) == 2
            runs.run(train, FEED)
            assert runs.run(step) == 3
            assert {w.op.name for w in v1.global_variables()} == set(in_file)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    places = {kind: tmp_path_factory.mktemp("saved") / "model" for kind in (False, True)}
    for resource, folder in places.items():
        variable_models.save_v1_saved_model(folder, [["serve"], ["serve", "gpu"]], resource)
    return places


def run_saved(folder: Path, tags: list[str], fetches: dict[str, dict[str, Any]]) -> list[Any]:
    with tf.Graph().as_default() as graph, session(graph) as runs:
        v1.saved_model.load(runs, tags, str(folder))
        return [runs.run(name, feed) for name, feed in fetches.items()]


def run_thawed(prefix: Path, fetches: dict[str, dict[str, Any]]) -> list[Any]:
    graph, saver = imported.import_set(prefix)
    with graph.as_default(), imported.restored(graph, saver, prefix) as runs:
        runs.run(v1.tables_initializer())
        return [runs.run(name, feed) for name, feed in fetches.items()]


@pytest.mark.parametrize("resource", [False, True], ids=["ref", "resource"])
@pytest.mark.parametrize("tags", [["serve"], ["serve", "gpu"]], ids=",".join)
def test_a_saved_model_of_tensorflow_1(resource: bool, tags: list[str], saved: dict[bool, Path], tmp_path: Path) -> None:
    folder = saved[resource]
    made = thawed(folder, tmp_path, "--tag-set", ",".join(tags))
    fetches: dict[str, dict[str, Any]] = {
        "probabilities:0": {"x:0": FEED["x:0"]},
        "loss:0": FEED,
        "by_text:0": {"text:0": np.array([b"b", b"?"])},
    }
    was, now = run_saved(folder, tags, fetches), run_thawed(made.prefix, fetches)
    assert all(map(graph_files.same_bits, was, now))
    signatures = imported.meta_graph(made.prefix).signature_def
    assert set(signatures) == {"serving_default", "text", "whole"}
    assert any("'lacking'" in warning for warning in made.report["warnings"])
    names = {v["name"]: v["trainable"] for v in made.variables if v["name"] != "frozen/kernel"}
    assert names == {"l1/kernel": True, "l1/bias": True, "norm/moving_mean": False, "out/kernel": True, "rows": True}
    verified("--tag-set", ",".join(tags), folder, made.prefix)


def test_one_graph_of_several(saved: dict[bool, Path], tmp_path: Path) -> None:
    folder = saved[True]
    assert thaw_tool.thaw(folder, tmp_path / "a").exit in (0, 1)  # tagged serve alone
    other = thaw_tool.thaw(folder, tmp_path / "b", "--tag-set", "tpu")
    assert other.exit == 2
    assert "'serve'" in other.error and "gpu" in other.error
    one = thawed(folder / "saved_model.pb", tmp_path / "c", "--signature", "text")
    assert {v["name"] for v in one.variables} == {"rows"}
    assert thaw_tool.thaw(folder, tmp_path / "d", "--signature", "none").exit == 2


@pytest.mark.parametrize("kind", ["meta", "saved_model"])
def test_without_values(kind: str, saved: dict[bool, Path], tmp_path: Path) -> None:
    if kind == "meta":
        variable_models.save_training_graph("classifier", False, tmp_path / "model.ckpt")
        for file in tmp_path.glob("model.ckpt.[id]*"):
            file.unlink()
        source, looked_for = tmp_path / "model.ckpt.meta", tmp_path / "model.ckpt"
    else:
        shutil.copytree(saved[True], tmp_path / "model", ignore=shutil.ignore_patterns("variables.*"))
        source, looked_for = tmp_path / "model", tmp_path / "model" / "variables" / "variables"
    made = thaw_tool.thaw(source, tmp_path / "out" / "model.ckpt")
    assert made.exit == 3
    assert str(looked_for) in made.error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("resource", [False, True], ids=["ref", "resource"])
def test_what_the_graph_changes_stays_as_it_is(resource: bool, tmp_path: Path) -> None:
    prefix = tmp_path / "was" / "model.ckpt"
    variable_models.save_stateful(prefix, resource)
    made = thawed(Path(f"{prefix}.meta"), tmp_path / "is")
    assert made.report["carried"]["state"] == ["calls"]
    results = []
    for place in (prefix, made.prefix):
        graph, saver = imported.import_set(place)
        with graph.as_default(), imported.restored(graph, saver, place) as runs:
            results.append([runs.run("y:0", {"x:0": FEED["x:0"]}) for _ in range(2)])
            if place == made.prefix:
                assert {w.op.name for w in v1.trainable_variables()} == {"w"}
    assert all(map(graph_files.same_bits, *results))


NAMES = sorted(object_models.MODELS)


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: object_models.save(name, tmp_path_factory.mktemp(name)) for name in NAMES}


def signature_feeds(signature: Any) -> dict[str, Any]:
    known = object_models.FEEDS
    return {info.name: known[key if key in known else "x"] for key, info in signature.inputs.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_saved_model_of_objects(name: str, objects: dict[str, Path], tmp_path: Path) -> None:
    from tensorflow.python.saved_model import loader_impl

    folder = objects[name]
    made = thawed(folder, tmp_path)
    signature = loader_impl.parse_saved_model(str(folder)).meta_graphs[0].signature_def["serving_default"]
    fetches = {info.name: signature_feeds(signature) for info in signature.outputs.values()}
    was, now = run_saved(folder, ["serve"], fetches), run_thawed(made.prefix, fetches)
    assert all(map(graph_files.same_bits, was, now))
    loaded = tf.saved_model.load(str(folder))
    named = [(v.name.split(":")[0], v) for v in loaded.signatures["serving_default"].variables]
    counts = collections.Counter(key for key, _ in named)
    values = {key: v for key, v in named if counts[key] == 1}
    # Keras 3 saves every variable twice, and its signatures read the second one: it has the name nevertheless.
    found = {v["name"]: v for v in made.variables}
    after = checkpoint(made.prefix)
    for key, variable in values.items():
        assert graph_files.same_bits(after[key], variable.numpy()), key
        assert found[key]["trainable"] == variable.trainable, key
    assert len(found) == len(named)
    verified(folder, made.prefix)


def test_the_input_is_not_replaced(tmp_path: Path) -> None:
    prefix = tmp_path / "model.ckpt"
    variable_models.save_training_graph("looped", True, prefix)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    made = thaw_tool.thaw(Path(f"{prefix}.meta"), prefix, "--force")
    assert made.exit == 4
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
