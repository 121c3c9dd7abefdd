"""Models of TensorFlow 1 that still hold their variables: training graphs with checkpoints, SavedModels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from strict_tf import session, tf, v1

X = (np.arange(12, dtype=np.float32).reshape(3, 4) - 5) / 7
FEED = {"x:0": X, "labels:0": np.array([0, 2, 1], np.int64)}


def numbers(seed: int, *shape: int) -> np.ndarray:
    return np.asarray(np.random.default_rng(seed).normal(0.0, 0.4, size=shape), np.float32)


def variable(name: str, value: Any, resource: bool, trainable: bool = True) -> Any:
    return v1.get_variable(name, initializer=value, use_resource=resource, trainable=trainable)


def classifier(resource: bool) -> dict[str, Any]:
    """A net with a norm, a constant that is a weight, a shared matrix, and a branch."""
    x = v1.placeholder(tf.float32, [None, 4], name="x")
    labels = v1.placeholder(tf.int64, [None], name="labels")
    with v1.variable_scope("l1"):
        hidden = tf.matmul(x, variable("kernel", numbers(1, 4, 5), resource))
        hidden = tf.nn.bias_add(hidden, variable("bias", numbers(2, 5), resource))
    mean = variable("norm/moving_mean", numbers(3, 5), resource, trainable=False)
    hidden = tf.tanh(hidden - mean)
    hidden = tf.matmul(hidden, tf.constant(numbers(4, 5, 5), name="frozen/kernel"), name="frozen/MatMul")
    hidden = tf.cond(tf.reduce_sum(x) > 0, lambda: hidden * 2.0, lambda: hidden)
    logits = tf.identity(tf.matmul(hidden, variable("out/kernel", numbers(5, 5, 3), resource)), name="logits")
    tf.nn.softmax(logits, name="probabilities")
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits), name="loss")
    return {"loss": loss, "mean": mean, "hidden": hidden}


def looped(resource: bool) -> dict[str, Any]:
    """A loop of TensorFlow 1 with a weight inside."""
    x = v1.placeholder(tf.float32, [None, 4], name="x")
    v1.placeholder(tf.int64, [None], name="labels")
    w = variable("cell/kernel", numbers(6, 4, 4), resource)
    _, y = v1.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, w))), (0, x))
    y = tf.identity(y, name="y")
    return {"loss": tf.reduce_mean(tf.square(y), name="loss")}


def partitioned(resource: bool) -> dict[str, Any]:
    x = v1.placeholder(tf.float32, [None, 4], name="x")
    v1.placeholder(tf.int64, [None], name="labels")
    with v1.variable_scope("p", partitioner=v1.fixed_size_partitioner(2), use_resource=resource):
        w = v1.get_variable("w", [4, 6], initializer=v1.random_normal_initializer(seed=4))
    y = tf.matmul(x, tf.convert_to_tensor(w), name="y")
    return {"loss": tf.reduce_mean(tf.square(y), name="loss")}


MODELS: dict[str, Callable[[bool], dict[str, Any]]] = {
    "classifier": classifier,
    "looped": looped,
    "partitioned": partitioned,
}


def save_training_graph(name: str, resource: bool, prefix: Path) -> None:
    """As a training script leaves it: optimizer, step, summaries, two steps trained."""
    with tf.Graph().as_default() as graph:
        v1.set_random_seed(5)
        made = MODELS[name](resource)
        v1.summary.scalar("loss_now", made["loss"])
        v1.summary.merge_all()
        step = v1.train.get_or_create_global_step()
        updates = [v1.assign_sub(made["mean"], 0.1 * (made["mean"] - 0.5))] if "mean" in made else []
        with tf.control_dependencies(updates):
            train = v1.train.AdamOptimizer(0.05).minimize(made["loss"], global_step=step)
        saver = v1.train.Saver()
        with session(graph) as runs:
            runs.run(v1.global_variables_initializer())
            for _ in range(2):
                runs.run(train, FEED)
            saver.save(runs, str(prefix))


def save_v1_saved_model(folder: Path, tag_sets: list[list[str]], resource: bool) -> None:
    """Signatures: two complete ones, one that lacks an input; a table filled from an asset; tags."""
    builder = v1.saved_model.Builder(str(folder))
    words = folder.parent / "words.txt"
    words.write_text("a\nb\nc\n")
    with tf.Graph().as_default() as graph, session(graph) as runs:
        made = classifier(resource)
        file = tf.constant(str(words), name="words_file")
        v1.add_to_collection(v1.GraphKeys.ASSET_FILEPATHS, file)
        text = v1.placeholder(tf.string, [None], name="text")
        start = tf.lookup.TextFileInitializer(
            file, tf.string, tf.lookup.TextFileIndex.WHOLE_LINE, tf.int64, tf.lookup.TextFileIndex.LINE_NUMBER
        )
        found = tf.lookup.StaticHashTable(start, -1).lookup(text)
        rows = variable("rows", numbers(7, 4, 5), resource)
        by_text = tf.gather(rows, found + 1, name="by_text")
        tensor = graph.get_tensor_by_name
        info = v1.saved_model.build_tensor_info
        x, labels = info(tensor("x:0")), info(tensor("labels:0"))
        define = v1.saved_model.build_signature_def
        signatures = {
            "serving_default": define({"x": x}, {"p": info(tensor("probabilities:0"))}, "classify"),
            "text": define({"text": info(text)}, {"row": info(by_text)}, "look_up"),
            "lacking": define({"x": x}, {"loss": info(made["loss"])}, "train"),
            "whole": define({"x": x, "labels": labels}, {"loss": info(made["loss"])}, "train"),
        }
        runs.run([v1.global_variables_initializer(), v1.tables_initializer()])
        options: dict[str, Any] = {"signature_def_map": signatures, "main_op": v1.tables_initializer()}
        builder.add_meta_graph_and_variables(
            runs, tag_sets[0], assets_collection=v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS), **options
        )
        for tags in tag_sets[1:]:
            builder.add_meta_graph(tags, signature_def_map=signatures)  # the graph has its main op already
    builder.save()


def save_stateful(prefix: Path, resource: bool) -> None:
    """The graph changes one of its variables whenever it runs."""
    with tf.Graph().as_default() as graph:
        x = v1.placeholder(tf.float32, [None, 4], name="x")
        w = variable("w", numbers(8, 4, 4), resource)
        calls = variable("calls", np.float32(0), resource, trainable=False)
        counted = v1.assign_add(calls, 1.0)
        tf.add(tf.matmul(x, w), counted, name="y")
        saver = v1.train.Saver()
        with session(graph) as runs:
            runs.run(v1.global_variables_initializer())
            runs.run("y:0", {"x:0": X})
            saver.save(runs, str(prefix))


def module(training: bool) -> dict[str, Any]:
    """Features of a module of TensorFlow Hub: a norm that follows the batch or keeps to what it has seen, and rows by words."""
    x = v1.placeholder(tf.float32, [None, 4], name="x")
    words = v1.placeholder(tf.string, [None], name="words")
    with v1.variable_scope("net"):
        hidden = tf.matmul(x, variable("kernel", numbers(1, 4, 3), False))
        parts = [variable(f"norm/{name}", np.abs(numbers(i, 3)) + 0.5, False) for i, name in enumerate(("gamma", "beta"))]
        seen = [variable(f"norm/moving_{name}", np.abs(numbers(i, 3)), False, False) for i, name in enumerate(("mean", "variance"))]
        used = tf.nn.moments(hidden, [0]) if training else seen
        for kept, now in zip(seen, used, strict=True) if training else ():
            v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, v1.assign_sub(kept, 0.1 * (kept - now)).op)
        features = tf.identity(tf.nn.batch_normalization(hidden, *used, *reversed(parts), 1e-3), "features")
    rows = variable("rows", numbers(7, 4, 3), False)
    return {"x": x, "words": words, "features": features, "rows": rows}


def save_module(folder: Path) -> None:
    """Graphs tagged {} and {"train"}, signatures without methods; words are numbered by a table, in one filled from an asset."""
    builder = v1.saved_model.Builder(str(folder))
    file = folder.parent / "vocabulary.txt"
    file.write_text("a\nb\nc\n")
    for tags in ([], ["train"]):
        with tf.Graph().as_default() as graph, session(graph) as runs:
            made = module("train" in tags)
            start: Any = tf.lookup.KeyValueTensorInitializer(["a", "b", "c"], tf.constant([0, 1, 2], tf.int64))
            if not tags:
                name = tf.constant(str(file), name="file")
                v1.add_to_collection(v1.GraphKeys.ASSET_FILEPATHS, name)
                line, text = tf.lookup.TextFileIndex.LINE_NUMBER, tf.lookup.TextFileIndex.WHOLE_LINE
                start = tf.lookup.TextFileInitializer(name, tf.string, text, tf.int64, line)
            found = tf.lookup.StaticHashTable(start, -1).lookup(made["words"])
            by_word = tf.gather(made["rows"], found + 1, name="by_word")
            info = v1.saved_model.build_tensor_info
            x, words = info(made["x"]), info(made["words"])
            features = {"default": info(made["features"])}
            signatures = {
                "default": v1.saved_model.build_signature_def({"x": x}, features),
                "image_feature_vector": v1.saved_model.build_signature_def({"images": x}, features),
                "words": v1.saved_model.build_signature_def({"words": words}, {"default": info(by_word)}),
            }
            if tags:
                builder.add_meta_graph(tags, signature_def_map=signatures)
            else:
                runs.run(v1.global_variables_initializer())
                builder.add_meta_graph_and_variables(runs, tags, signature_def_map=signatures)
    builder.save()
    (folder / "tfhub_module.pb").write_bytes(b"\x08\x03")
