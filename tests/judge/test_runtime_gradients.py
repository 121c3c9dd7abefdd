"""What calls may hold and stay calls: the runtime differentiates it as Python does."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from tensorflow.python.framework import ops

import thaw_tool
from strict_tf import session, tf, v1

RAW = tf.raw_ops
TABLE = thaw_tool.REPOSITORY / "src" / "ops" / "runtime_gradients.cc"


def numbers(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0.2, 0.8, shape).astype(np.float32)


A, B, V, M = numbers(1, 3, 4), numbers(2, 3, 4), numbers(3, 4), numbers(4, 4, 5)
T, U, IMAGE = numbers(5, 2, 3, 4), numbers(6, 2, 4, 3), numbers(7, 2, 3, 4, 5)
UNARY = (
    "Acos Asin Atan Atanh Cos Cosh Exp Expm1 Inv Log Log1p Neg Reciprocal Rsqrt Sigmoid Sign Sin Sinh Sqrt Square Tan "
    "Tanh Abs"
).split()
BINARY = (
    "Add AddV2 Div DivNoNan Maximum Minimum Mul MulNoNan Pow RealDiv SquaredDifference Sub Xdivy Xlog1py Xlogy"
).split()
CASES: dict[str, tuple[Any, list[np.ndarray]]] = {
    "transpose": (lambda x: tf.transpose(x, [2, 0, 1]) * T.transpose(2, 0, 1), [T]),
    "bias": (tf.nn.bias_add, [A, V]),
    "bias_of_images": (lambda x, y: RAW.BiasAdd(value=x, bias=y, data_format="NCHW"), [IMAGE, numbers(8, 3)]),
    "relu": (lambda x: RAW.Relu(features=x - 0.5) + RAW.Relu6(features=x * 10), [A]),
    "softmax": (lambda x: RAW.Softmax(logits=x) + RAW.LogSoftmax(logits=x), [A]),
    "identity": (lambda x: RAW.Identity(input=x) ** 2, [A]),
    "concat": (lambda x, y: tf.concat([x, y, x], -1) * tf.concat([x, y, x], 1), [A, B]),
    "concat_of_old": (lambda x, y: RAW.Concat(concat_dim=1, values=[x, y]) ** 2, [A, B]),
    "stack": (lambda x, y: tf.stack([x, y], -1) ** 2, [A, B]),
    "unstack": (lambda x: tf.unstack(x, axis=-1)[1] * tf.unstack(x, axis=1)[3], [A]),
    "split": (lambda x: tf.split(x, 2, -1)[1] * tf.split(x, 2, 1)[0], [A]),
    "split_sizes": (lambda x: tf.split(x, [1, -1], -1)[1] * tf.split(x, [3, 1], 1)[0], [A]),
    "rows": (lambda x: x[1] * x[-1, ...], [T]),
    "columns": (lambda x: x[:, tf.newaxis, 1:] * x[::-1, None, ::-1][..., :3], [A]),
    "gather": (lambda x: tf.gather_nd(x, [[0, 1], [2, 3], [0, 1]]) ** 2, [A]),
    "broadcast": (lambda x: tf.broadcast_to(x, [2, 3, 4]) * T, [A[:, :1]]),
    "reverse": (lambda x: tf.reverse(x, [-1]) * RAW.Reverse(tensor=x, dims=[True, False]), [A]),
    "fill": (lambda x: tf.fill([2, 2], x) * 3.0, [np.float32(0.3)]),
    "squeeze": (lambda x: tf.squeeze(tf.expand_dims(x, 0)) * tf.squeeze(tf.expand_dims(x, -1), [-1]), [A]),
    "reshape": (lambda x: tf.reshape(x, [4, -1]) ** 2, [A]),
    "select": (lambda x, y: RAW.Select(condition=tf.greater(x, 0.5), x=x, y=y) ** 2, [A, B]),
    "select_rows": (lambda x, y: RAW.Select(condition=tf.constant([True, False, True]), x=x, y=y), [A, B]),
    "stops": (lambda x: tf.stop_gradient(x) * x + tf.floor(x * 5) * x + (x // 0.3) * x + tf.zeros_like(x), [A]),
    "whole": (lambda x: x * tf.cast(RAW.TruncateDiv(x=tf.shape(x)[0], y=2), x.dtype), [A]),
    "equal_numbers": (lambda x, y: tf.maximum(x, y) * tf.minimum(x, y), [A, A]),
    "power_of_zero": (lambda x, y: x**y, [np.zeros((3, 4), np.float32), B]),
    "product_of_batches": (lambda x, y: RAW.BatchMatMul(x=x, y=y), [T, U]),
    "product_with_one": (lambda x, y: RAW.BatchMatMulV2(x=x, y=y), [T, M]),
}
for _op in UNARY:
    CASES[_op] = (lambda x, op=_op: getattr(RAW, op)(x=x), [A])
for _op in BINARY:
    CASES[_op] = (lambda x, y, op=_op: getattr(RAW, op)(x=x, y=y), [A, B])
    CASES[_op + "_row"] = (lambda x, y, op=_op: getattr(RAW, op)(x=x, y=y), [A, V])
    CASES["row_" + _op] = (lambda x, y, op=_op: getattr(RAW, op)(x=x, y=y), [V, A])
for _a in (False, True):
    for _b in (False, True):
        CASES[f"product_{_a}_{_b}"] = (
            lambda x, y, a=_a, b=_b: tf.matmul(x, y, transpose_a=a, transpose_b=b),
            [A.T if _a else A, M.T if _b else M],
        )


def loss(y: Any) -> Any:
    """Each element counts in another way."""
    y = tf.reshape(tf.cast(y, tf.float32), [-1])
    return tf.reduce_sum(y * tf.cos(tf.cast(tf.range(tf.size(y)), tf.float32)))


def call_of(name: str) -> Any:
    """The case as a call in a graph."""
    build, values = CASES[name]
    with tf.Graph().as_default() as graph:
        fed = [v1.placeholder(tf.float32, value.shape, name=f"x{k}") for k, value in enumerate(values)]
        tf.identity(tf.function(build, autograph=False)(*fed), name="y")
    return graph.as_graph_def()


def gradients(y: Any, fed: list[Any], values: list[np.ndarray]) -> list[np.ndarray]:
    found = [tf.convert_to_tensor(g) for g in v1.gradients(loss(y), fed)]
    with session(y.graph) as runs:
        return runs.run(found, dict(zip(fed, values, strict=True)))


@pytest.mark.parametrize("name", CASES)
def test_equal_to_python(name: str) -> None:
    build, values = CASES[name]
    with tf.Graph().as_default() as graph:
        v1.import_graph_def(call_of(name), name="")
        fed = [graph.get_tensor_by_name(f"x{k}:0") for k in range(len(values))]
        seen = gradients(graph.get_tensor_by_name("y:0"), fed, values)
    with tf.Graph().as_default():
        fed = [v1.placeholder(tf.float32, value.shape) for value in values]
        expected = gradients(build(*fed), fed, values)
    for a, b in zip(seen, expected, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-6)


def test_every_operation_of_the_table_is_tried() -> None:
    """But for those that have no gradient."""
    tried = {node.op for name in CASES for f in call_of(name).library.function for node in f.node_def}
    table = set(re.findall(r'"(\w+)"', TABLE.read_text().split("kKnown")[1]))
    untried = {op for op in table - tried if op != "NoOp" and ops._gradient_registry.lookup(op) is not None}
    assert not untried
