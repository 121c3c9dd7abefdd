"""What versions.py has other TensorFlows read, with what to expect of it; and what Thaw makes of what they write."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import cases
import thaw_tool
from strict_tf import session, tf, v1

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python"))

import tfthaw  # noqa: E402

# Dense; convolution and batch norm, fused and written out; recurrent; strings and tables; partitioned; in half the bits.
OWN = "mlp lenet batch_norm_arithmetic mobilenet dynamic_lstm text_cnn partitioned half keras_cnn transformer".split()
SMALL = ("loop", "functional", "partitioned")
FEW = ("mlp", "small_loop", "small_functional")
RUNS = 3  # rows of a batch, where it is open


def models(own: Path, few: bool) -> list[tuple[str, Path, dict[str, Any]]]:
    """Name, frozen graph, and what is known of it."""
    small = cases.REPOSITORY / "tests" / "data" / "small_models"
    found = [(one.path.parent.name, one.path, one.truth) for one in cases.own(own) if one.path.parent.name in OWN]
    found += [(f"small_{name}", small / f"{name}.pb", {}) for name in SMALL]
    return [one for one in found if not few or one[0] in FEW]


def made(folder: Path, own: Path, few: bool, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Thaws the models below `folder`; a case for each of them, as versions_reader.py takes it."""
    found = []
    for name, path, truth in models(own, few):
        place = folder / name
        place.mkdir(parents=True)
        words = ["--saved-model", str(place / "saved_model"), *options]
        done = thaw_tool.thaw(path, place / "model.ckpt", *words)
        if done.exit not in (0, 1):
            found.append({"name": name, "refused": done.error.splitlines()[0]})
            continue
        found.append({"name": name, **case_of(path, done, truth, place)})
    return found


def case_of(path: Path, done: thaw_tool.Thawed, truth: dict[str, Any], place: Path) -> dict[str, Any]:
    graph_def = v1.GraphDef.FromString(path.read_bytes())
    feeds = fed(path, graph_def, truth)
    names = [name if ":" in name else f"{name}:0" for name in truth.get("outputs") or ends(graph_def)]
    with tf.Graph().as_default() as graph, session(graph) as runs:
        tf.graph_util.import_graph_def(graph_def, name="")
        for name in truth.get("init_ops", []):
            runs.run(name)
        expected = dict(zip(names, runs.run(names, feeds), strict=True))
        floats = {name for name in names if graph.get_tensor_by_name(name).dtype.is_floating}
    reader = tf.train.load_checkpoint(str(done.prefix))
    weights = {name: reader.get_tensor(name) for name in reader.get_variable_to_shape_map()}
    for kind, arrays in (("feeds", feeds), ("expected", expected), ("weights", weights)):
        with (place / f"{kind}.npz").open("wb") as file:
            np.savez(file, allow_pickle=True, **{name: np.asarray(value) for name, value in arrays.items()})
    told = signature(place / "saved_model")
    return {
        "prefix": str(done.prefix),
        "saved_model": str(place / "saved_model"),
        "init_ops": truth.get("init_ops", []),
        "trains": bool(floats and weights),
        "saved_model_trains": bool(weights and floats & {*told["outputs"].values()}),
        "signature": told,
        **{kind: str(place / f"{kind}.npz") for kind in ("feeds", "expected", "weights")},
    }


def fed(path: Path, graph_def: Any, truth: dict[str, Any]) -> dict[str, Any]:
    if truth.get("feeds"):
        with np.load(path.with_name("feed.npz"), allow_pickle=True) as stored:
            return {f"{name}:0": stored[name] for name in stored.files}
    draw, feeds = np.random.default_rng(5), {}
    for node in graph_def.node:
        if node.op == "Placeholder":
            shape = [RUNS if dim.size < 0 else dim.size for dim in node.attr["shape"].shape.dim]
            dtype = tf.as_dtype(node.attr["dtype"].type)
            whole = draw.integers(0, 2, shape)
            feeds[f"{node.name}:0"] = (draw.normal(size=shape) if dtype.is_floating else whole).astype(dtype.as_numpy_dtype)
    return feeds


def ends(graph_def: Any) -> list[str]:
    taken = {name.lstrip("^").split(":")[0] for node in graph_def.node for name in node.input}
    return [node.name for node in graph_def.node if node.name not in taken and node.op not in ("Const", "NoOp", "Placeholder")]


def signature(folder: Path) -> dict[str, Any]:
    from tensorflow.core.protobuf import saved_model_pb2

    found = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    told = found.meta_graphs[0].signature_def["serving_default"]
    return {side: {name: info.name for name, info in getattr(told, side).items()} for side in ("inputs", "outputs")}


# -- what the others write


def missing(wanted: list[Any], found: list[Any]) -> str:
    """How many of the arrays are not there, bit for bit."""
    bits = {(str(array.dtype), array.shape, array.tobytes()) for array in found}
    lost = [array for array in wanted if (str(array.dtype), array.shape, array.tobytes()) not in bits]
    return f"{len(lost)} of {len(wanted)} values are not there" if lost else "ok"


def values_of(prefix: Path) -> list[Any]:
    reader = tfthaw.load_checkpoint(prefix)
    arrays = [np.asarray(reader.get_tensor(name)) for name in reader]
    return [array for array in arrays if array.dtype != object]


def judged(folder: Path, scratch: Path) -> dict[str, str]:
    """Name of what was written -> "ok", or what Thaw cannot do with it."""
    written = json.loads((folder / "written.json").read_text())["written"]
    verdicts = {}
    for name, kind in written.items():
        if kind.startswith("not written"):
            verdicts[name] = kind
            continue
        try:
            verdicts[name] = judge(folder / name, kind, scratch / name)
        except tfthaw.Error as error:
            verdicts[name] = f"{type(error).__name__}: {error}".replace("\n", " ")
    return verdicts


def judge(path: Path, kind: str, scratch: Path) -> str:
    with np.load(f"{path}.npz", allow_pickle=True) as stored:
        wanted = [np.asarray(stored[name]) for name in stored.files]
    if kind == "checkpoint":
        if not tfthaw.verify(path):
            return "verify finds problems"
        return missing(wanted, values_of(path))
    report = tfthaw.thaw(path, scratch / "model.ckpt", verify=True, sync=False)
    told = missing(wanted, values_of(Path(report.prefix)))
    if told == "ok" and kind == "saved_model":
        tfthaw.freeze(path, scratch / "frozen.pb", sync=False)
    return told
