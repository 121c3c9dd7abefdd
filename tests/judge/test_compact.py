"""Weights stored in few bits: float variables with the very values that TensorFlow computes of them."""

from __future__ import annotations

import itertools
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thaw_tool
from compact_nets import FED, QUANTIZED, bits, check_training, dequantized, eight_bits, half_storage, kernel_bits, thaw, weights_of
from imported import import_set, restored
from strict_tf import rounded, session, tf, v1

RANGES = [
    (0.0, 6.0),
    (-1.0, 1.0),
    (-0.3, 0.7),
    (0.0, 0.0),
    (1.5, 1.5),
    (-7.3, -2.1),
    (2.1, 7.3),
    (-6.0, 0.0),
    (-1e-30, 3e-30),
    (-1e30, 2e30),
    (-0.013793, 0.0103),
]


def quantized(base: Any, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Numbers all over the type, its two ends among them."""
    ends = np.iinfo(base)
    found = np.random.default_rng(seed).integers(ends.min, ends.max, shape, endpoint=True, dtype=base)
    found.flat[:4] = [ends.min, ends.max, 0, ends.max - 1]
    return found


def dequantize_cases() -> list[dict[str, Any]]:
    rows = []
    for (dtype, base), mode, (low, high) in itertools.product(
        QUANTIZED.items(), ("MIN_COMBINED", "MIN_FIRST", "SCALED"), RANGES
    ):
        for narrow in (False, True) if mode == "SCALED" else (False,):
            q = quantized(base, (300,), len(rows))
            rows.append({"q": q, "dtype": dtype, "low": low, "high": high, "mode": mode, "narrow_range": narrow})
    for (dtype, base), mode, axis in itertools.product(QUANTIZED.items(), ("MIN_COMBINED", "SCALED"), range(3)):
        shape = (3, 4, 5)
        low = np.random.default_rng(axis).uniform(-3, 0.5, shape[axis])
        high = low + np.random.default_rng(axis + 9).uniform(0, 4, shape[axis])
        q = quantized(base, shape, axis)
        rows.append({"q": q, "dtype": dtype, "low": low, "high": high, "mode": mode, "axis": axis})
    for dtype, base in QUANTIZED.items():
        q = quantized(base, (300,), 77)
        rows.append({"q": q, "dtype": dtype, "low": -0.7, "high": 1.9, "mode": "MIN_COMBINED", "type": tf.bfloat16})
        one = quantized(base, (1, 40), 5)
        rows.append({"q": one, "dtype": dtype, "low": [-2.0], "high": [3.0], "mode": "MIN_FIRST", "axis": 0})
    return rows


def dequantize_graph(rows: list[dict[str, Any]]) -> Any:
    with tf.Graph().as_default() as graph:
        for i, row in enumerate(rows):
            attrs = {key: row[key] for key in ("mode", "narrow_range", "axis") if key in row}
            attrs["dtype"] = row.get("type", tf.float32)
            made = dequantized(row["q"], row["dtype"], row["low"], row["high"], f"w{i}", **attrs)
            tf.identity(made, name=f"y{i}")
    return graph


def test_every_kind_of_dequantize_bit_for_bit(tmp_path: Path) -> None:
    rows = dequantize_cases()
    graph = dequantize_graph(rows)
    with session(graph) as runs:
        truth = runs.run([f"w{i}:0" for i in range(len(rows))])
    thawed = thaw(graph.as_graph_def(), tmp_path, "--thaw", "w.*")
    found = tf.train.load_checkpoint(str(thawed.prefix))
    assert {v["name"]: v["stored"] for v in thawed.variables} == {
        f"w{i}": row["dtype"].name for i, row in enumerate(rows)
    }
    for i, (row, expected) in enumerate(zip(rows, truth, strict=True)):
        value = found.get_tensor(f"w{i}")
        assert value.dtype == expected.dtype, row
        assert np.array_equal(bits(value), bits(expected)), {k: v for k, v in row.items() if k != "q"}


FC = {"fc0/kernel", "fc0/bias", "fc1/kernel", "fc1/bias"}


def test_eight_bits_train(tmp_path: Path) -> None:
    graph = eight_bits()
    thawed = thaw(graph.as_graph_def(), tmp_path)
    assert {v["name"]: v["stored"] for v in thawed.variables} == {
        "fc0/kernel": "quint8",
        "fc1/kernel": "quint8",
        "fc0/bias": None,
        "fc1/bias": None,
    }
    assert {r for v in thawed.variables for r in v["rules"]} >= {"Q1", "E5"}
    check_training(graph, thawed, {"x:0": FED}, FC)
    nodes = {n.name for n in import_set(thawed.prefix)[0].as_graph_def().node}
    assert not [name for name in nodes if "quantized_const" in name or name.endswith(("_min", "_max"))]


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
def test_short_floats_train(dtype: Any, tmp_path: Path) -> None:
    graph = half_storage(dtype)
    thawed = thaw(graph.as_graph_def(), tmp_path)
    assert {v["name"]: (v["dtype"], v["stored"]) for v in thawed.variables} == {
        name: ("float32", dtype.name) for name in FC
    }
    found = tf.train.load_checkpoint(str(thawed.prefix))
    wide = kernel_bits(weights_of(0, 4, 6), dtype).astype(np.float32)
    assert np.array_equal(bits(found.get_tensor("fc0/kernel")), bits(wide))
    check_training(graph, thawed, {"x:0": FED}, FC)


def run(*words: str) -> tuple[int, Any]:
    done = subprocess.run([str(thaw_tool.binary()), *words, "--json"], capture_output=True, check=False)
    return done.returncode, json.loads(done.stdout or done.stderr)


@pytest.mark.parametrize("make", [eight_bits, half_storage])
def test_freeze_verify_and_diff_know_it(make: Any, tmp_path: Path) -> None:
    graph = make()
    thawed = thaw(graph.as_graph_def(), tmp_path)
    model, prefix, again = str(tmp_path / "frozen.pb"), str(thawed.prefix), tmp_path / "again.pb"
    code, told = run("verify", model, prefix)
    assert code == 0, told
    code, told = run("diff", model, prefix)
    assert code == 0, told
    assert thaw_tool.freeze(thawed.prefix, again).exit == 0
    with session(graph) as runs:
        expected = runs.run("out:0", {"x:0": FED})
    frozen = v1.GraphDef.FromString(again.read_bytes())
    assert not {"Dequantize", "Cast"} & {node.op for node in frozen.node}
    with tf.Graph().as_default() as floats:
        v1.import_graph_def(frozen, name="")
    with session(floats) as runs:
        assert np.array_equal(bits(runs.run("out:0", {"x:0": FED})), bits(expected))
    code, told = run("diff", model, str(again), "--weights")
    assert code == 0, told


def test_inspect_and_transplant_know_it(tmp_path: Path) -> None:
    thawed = thaw(eight_bits().as_graph_def(), tmp_path)
    code, told = run("inspect", str(tmp_path / "frozen.pb"))
    assert code == 0, told
    assert {w["name"]: (w["dtype"], w["stored"]) for w in told["variables"]} == {
        name: ("float32", "quint8" if name.endswith("kernel") else None) for name in FC
    }
    again = thaw_tool.transplant(tmp_path / "frozen.pb", thawed.prefix, tmp_path / "again" / "model.ckpt", "--verify")
    assert again.exit == 0, again.error
    expected, found = (tf.train.load_checkpoint(str(prefix)) for prefix in (thawed.prefix, again.prefix))
    for name in FC:
        assert np.array_equal(bits(found.get_tensor(name)), bits(expected.get_tensor(name)))


def test_other_numbers_are_seen(tmp_path: Path) -> None:
    """One step of one weight, in the model."""
    thawed = thaw(eight_bits().as_graph_def(), tmp_path)
    changed = v1.GraphDef.FromString((tmp_path / "frozen.pb").read_bytes())
    stored = next(node for node in changed.node if node.name == "fc0/kernel_quantized_const")
    content = bytearray(stored.attr["value"].tensor.tensor_content)
    content[7] ^= 1
    stored.attr["value"].tensor.tensor_content = bytes(content)
    (tmp_path / "changed.pb").write_bytes(changed.SerializeToString())
    code, told = run("verify", str(tmp_path / "changed.pb"), str(thawed.prefix))
    assert code == 1
    assert [problem["kind"] for problem in told["problems"]] == ["differs"]


def fake_quantized() -> Any:
    """Quantisation-aware training, with each of the three operations."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        read = lambda name, value: tf.identity(tf.constant(value, tf.float32, name=name), name + "/read")
        w = read("w", weights_of(1, 4, 6))
        w = tf.quantization.fake_quant_with_min_max_vars_per_channel(
            w, read("low", np.full(6, -2.0)), read("high", np.full(6, 2.0)), narrow_range=True
        )
        x = tf.quantization.fake_quant_with_min_max_vars(tf.matmul(x, w), read("lowest", -6.0), read("highest", 6.0))
        v = tf.quantization.fake_quant_with_min_max_args(read("v", weights_of(2, 6, 3)), -3, 3)
        tf.matmul(x, v, name="out")
    return graph


def test_simulated_quantisation_trains(tmp_path: Path) -> None:
    """The gradient goes straight through: it is that of the network without rounding, at the rounded numbers."""
    graph = fake_quantized()
    thawed = thaw(graph.as_graph_def(), tmp_path)
    assert {v["name"]: v["role"] for v in thawed.variables} == {
        "w": "trainable",
        "v": "trainable",
        **dict.fromkeys(("low", "high", "lowest", "highest"), "state"),
    }
    again, saver = import_set(thawed.prefix)
    with again.as_default():
        loss = tf.reduce_sum(again.get_tensor_by_name("out:0"))
        variables = {v.op.name: v for v in v1.trainable_variables()}
        gradients = v1.gradients(loss, [variables["w"], variables["v"]])
        step = v1.train.GradientDescentOptimizer(0.05).minimize(loss)
    with restored(again, saver, thawed.prefix) as runs, session(graph) as truth:
        feed = {"x:0": FED}
        assert np.array_equal(runs.run("out:0", feed), truth.run("out:0", feed))
        v = runs.run("FakeQuantWithMinMaxArgs:0")
        assert rounded(runs.run(gradients[0], feed), FED.T @ np.ones((5, 3)) @ v.astype(np.float64).T, 1e-5)
        x = runs.run("FakeQuantWithMinMaxVars:0", feed)
        assert rounded(runs.run(gradients[1], feed), x.astype(np.float64).T @ np.ones((5, 3)), 1e-5)
        before = runs.run([loss, step], feed)[0]
        assert runs.run(loss, feed) < before
