"""SavedModels of TensorFlow 2, frozen: the same bits as the signature, and as TensorFlow's freezer gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorflow.python.saved_model import loader_impl as loader

import frozen_by_tensorflow
import graph_files
import object_models
import thaw_tool
from strict_tf import session, tf, v1

NAMES = sorted(object_models.MODELS)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: object_models.save(name, tmp_path_factory.mktemp(name)) for name in NAMES}


def signature_of(folder: Path) -> Any:
    return loader.parse_saved_model(str(folder)).meta_graphs[0].signature_def["serving_default"]


def feeds_of(signature: Any) -> dict[str, Any]:
    fed = {key: info.name for key, info in signature.inputs.items()}
    only = list(object_models.FEEDS)
    return {name: object_models.FEEDS[key if key in only else "x"] for key, name in fed.items()}


def outputs_of(signature: Any) -> list[str]:
    return [signature.outputs[key].name for key in sorted(signature.outputs)]


def original(folder: Path, signature: Any) -> list[np.ndarray]:
    with tf.Graph().as_default() as graph, session(graph) as runs:
        v1.saved_model.load(runs, ["serve"], str(folder))
        return list(runs.run(outputs_of(signature), feeds_of(signature)))


def frozen_outputs(path: Path, signature: Any, run_first: list[str]) -> list[np.ndarray]:
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_files.load(path), name="")
    with session(graph) as runs:
        for name in run_first:
            runs.run(graph.get_operation_by_name(name))
        return list(runs.run(outputs_of(signature), feeds_of(signature)))


def same(a: list[np.ndarray], b: list[np.ndarray]) -> bool:
    return len(a) == len(b) and all(map(graph_files.same_bits, a, b))


def table_initialisers(folder: Path) -> list[str]:
    """What the loader runs first; the file has it when it is asked for."""
    meta = loader.parse_saved_model(str(folder)).meta_graphs[0]
    found = meta.signature_def["__saved_model_init_op"].outputs
    return [info.name.split(":")[0] for info in found.values()]


@pytest.mark.parametrize("name", NAMES)
def test_the_signature_gives_the_same_bits(name: str, saved: dict[str, Path], tmp_path: Path) -> None:
    folder = saved[name]
    signature = signature_of(folder)
    first = table_initialisers(folder) if name == "text_table" else []
    wanted = ["--outputs", ",".join([*outputs_of(signature), *first])] if first else []
    made = thaw_tool.freeze(folder, tmp_path / "frozen.pb", "--verify", *wanted)
    assert made.exit == 0, made.error
    assert not made.report["state"]
    graph = graph_files.load(made.prefix)
    assert "VarHandleOp" not in {node.op for node in graph.node}
    nodes = [node for function in graph.library.function for node in function.node_def]
    assert not {node.op for node in nodes} & {"ReadVariableOp", "ResourceGather", "VarHandleOp"}
    assert same(original(folder, signature), frozen_outputs(made.prefix, signature, first))


# TensorFlow's freezer leaves tables out, and puts the axis of a lookup outside of the loop it is in.
@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("text_table", "embedding_in_loop")])
def test_tensorflow_freezes_to_the_same_outputs(name: str, saved: dict[str, Path], tmp_path: Path) -> None:
    from tensorflow.python.framework import convert_to_constants

    signature = signature_of(saved[name])
    loaded = tf.saved_model.load(str(saved[name]))  # functions do not keep their variables alive
    try:
        converted = convert_to_constants.convert_variables_to_constants_v2(loaded.signatures["serving_default"])
    except Exception as error:  # it does not know batch_dims, nor VariableShape
        pytest.skip(f"TensorFlow's freezer cannot: {error}")
    feeds = feeds_of(signature)
    names = {key: info.name for key, info in signature.inputs.items()}
    given = {key: tf.constant(feeds[name]) for key, name in names.items()}
    arguments = [given[tensor.name.split(":")[0]] for tensor in converted.inputs]
    expected = dict(zip(sorted(signature.outputs), tf.nest.flatten(converted(*arguments)), strict=True))
    made = thaw_tool.freeze(saved[name], tmp_path / "frozen.pb")
    found = frozen_outputs(made.prefix, signature, [])
    for key, value in zip(sorted(signature.outputs), found, strict=True):
        np.testing.assert_allclose(value, expected[key].numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("text_table", "variable_in_condition")])
def test_thawed_and_frozen_again(name: str, saved: dict[str, Path], tmp_path: Path) -> None:
    signature = signature_of(saved[name])
    first = thaw_tool.freeze(saved[name], tmp_path / "first.pb")
    thawed = thaw_tool.thaw(first.prefix, tmp_path / "thawed" / "model.ckpt")
    assert thawed.exit in (0, 1), thawed.error
    again = thaw_tool.freeze(thawed.prefix, tmp_path / "again.pb")
    assert again.exit == 0, again.error
    graphs = [graph_files.load(made.prefix) for made in (first, again)]
    assert frozen_by_tensorflow.differences(*graphs) == ""
    assert same(frozen_outputs(first.prefix, signature, []), frozen_outputs(again.prefix, signature, []))
