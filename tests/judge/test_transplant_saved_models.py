"""SavedModels as targets: the result is a SavedModel, with everything but the values as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import thaw_tool
from strict_tf import session, tf, v1

WEIGHTS = np.random.default_rng(3).normal(size=(4, 3)).astype(np.float32)
ASKED = np.random.default_rng(4).normal(size=(2, 4)).astype(np.float32)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def by_session(folder: Path) -> None:
    """With a file of words as an asset."""
    words = folder.with_suffix(".txt")
    words.write_text("one\ntwo\n")
    with tf.Graph().as_default() as graph, session(graph) as opened:
        x = v1.placeholder(tf.float32, [None, 4], "x")
        y = tf.identity(x @ v1.get_variable("net/w", [4, 3]), "y")
        v1.add_to_collection(v1.GraphKeys.ASSET_FILEPATHS, tf.constant(str(words), name="words"))
        opened.run(v1.global_variables_initializer())
        builder = v1.saved_model.builder.SavedModelBuilder(str(folder))
        signature = v1.saved_model.signature_def_utils.predict_signature_def({"x": x}, {"y": y})
        assets = v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS)
        builder.add_meta_graph_and_variables(opened, ["serve"], {"serving_default": signature}, assets_collection=assets)
        builder.save()


class Net(tf.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = tf.Variable(tf.zeros([4, 3]), name="net/w")
        self.head = tf.Variable([7.0, 8.0], name="head")

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, "x")])
    def __call__(self, x: Any) -> dict[str, Any]:
        return {"y": x @ self.w}


def by_module(folder: Path) -> None:
    net = Net()
    tf.saved_model.save(net, str(folder), signatures=net.__call__)


def by_keras(folder: Path) -> None:
    keras.utils.clear_session()
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, use_bias=False, name="net")])
    model.export(str(folder), verbose=False)


KINDS: dict[str, Callable[[Path], None]] = {"session": by_session, "module": by_module, "keras": by_keras}


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "frozen.pb"
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 4], "x")
        read = tf.identity(tf.constant(WEIGHTS, name="net/w"), "net/w/read")
        tf.identity(x @ read, "y")
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def answer(folder: Path) -> np.ndarray:
    loaded = tf.saved_model.load(str(folder))
    return next(iter(loaded.signatures["serving_default"](tf.constant(ASKED)).values())).numpy()


def expected(target: Path) -> np.ndarray:
    """The answer of the target itself when its variable is given the weights: what numpy says has other last bits on other CPUs."""
    loaded = tf.saved_model.load(str(target))
    signature = loaded.signatures["serving_default"]
    (variable,) = (v for v in signature.variables if v.shape == WEIGHTS.shape)
    variable.assign(WEIGHTS)
    found = next(iter(signature(tf.constant(ASKED)).values())).numpy()
    np.testing.assert_allclose(found, ASKED @ WEIGHTS, rtol=0, atol=1e-6)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_result_is_loaded_as_the_target_was(kind: str, frozen: Path, tmp_path: Path) -> None:
    target, out = tmp_path / "target", tmp_path / "exported" / "2"
    KINDS[kind](target)
    before = files_of(target)
    made = thaw_tool.transplant(frozen, target, out, "--verify", "--missing", "keep")
    assert made.exit == 0, made.error or made.report["findings"]
    assert files_of(target) == before
    after = files_of(out)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    changed.discard("fingerprint.pb")
    assert changed <= {"variables/variables.data-00000-of-00001", "variables/variables.index"}
    assert not (out.parent / "checkpoint").exists()
    assert np.array_equal(answer(out), expected(target))
    assert {file["path"] for file in made.report["files"]} == {str(out / name) for name in after}
    if kind == "session":
        assert after["assets/target.txt"] == b"one\ntwo\n"
        with tf.Graph().as_default() as graph, session(graph) as opened:
            v1.saved_model.loader.load(opened, ["serve"], str(out))
            found = opened.run("y:0", {"x:0": ASKED})
            (variable,) = v1.global_variables()
            variable.load(np.zeros_like(WEIGHTS), opened)
            assert not opened.run("y:0", {"x:0": ASKED}).any()
            variable.load(WEIGHTS, opened)
            assert np.array_equal(found, opened.run("y:0", {"x:0": ASKED}))
            np.testing.assert_allclose(found, ASKED @ WEIGHTS, rtol=0, atol=1e-6)
    if kind == "module":
        assert tf.saved_model.load(str(out)).head.numpy().tolist() == [7, 8]


def test_it_is_published_whole_or_not_at_all(frozen: Path, tmp_path: Path) -> None:
    target, out = tmp_path / "target", tmp_path / "out"
    by_module(target)
    for word in (target, target / "inner", tmp_path):
        made = thaw_tool.transplant(frozen, target, word, "--force", "--missing", "keep")
        assert made.exit in (2, 4), made.error
    assert thaw_tool.transplant(frozen, target, out).exit == 1
    assert not out.exists()
    made = thaw_tool.transplant(frozen, target, out, "--missing", "keep", "--optimizer", "adam")
    assert made.exit == 2
    assert thaw_tool.transplant(frozen, target, out, "--missing", "keep").exit == 0
    first = files_of(out)
    assert thaw_tool.transplant(frozen, target, out, "--missing", "keep").exit == 4
    assert thaw_tool.transplant(frozen, target, out, "--missing", "keep", "--force").exit == 0
    assert files_of(out) == first
    others = tmp_path / "others"
    others.mkdir()
    (others / "thesis.txt").write_text("years of work")
    assert thaw_tool.transplant(frozen, target, others, "--missing", "keep", "--force").exit == 4
    assert (others / "thesis.txt").read_text() == "years of work"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["others", "out", "target"]


def test_its_variables_alone_give_a_checkpoint(frozen: Path, tmp_path: Path) -> None:
    by_session(tmp_path / "target")
    into = tmp_path / "target" / "variables" / "variables"
    made = thaw_tool.transplant(frozen, into, tmp_path / "out" / "m")
    assert made.exit == 0, made.error
    assert np.array_equal(tf.train.load_checkpoint(str(made.prefix)).get_tensor("net/w"), WEIGHTS)
