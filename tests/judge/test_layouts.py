"""Weights that the target lays out in another way than the model: recurrent cells, and axes on request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import legacy_cells
import other_keras
import thaw_tool
from strict_tf import tf, v1

STEPS, INPUTS, UNITS = legacy_cells.STEPS, legacy_cells.INPUTS, legacy_cells.UNITS


Frozen = Callable[[str], tuple[Path, np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    """A network's graph, and a question with its answer."""
    folder = tmp_path_factory.mktemp("cells")
    other_keras.run(legacy_cells.__file__, folder, legacy="1", seconds=300)

    def find(name: str) -> tuple[Path, np.ndarray, np.ndarray]:
        asked = np.load(folder / name / "asked.npz")
        return folder / name / "frozen.pb", asked["question"], asked["answer"]

    return find


def chain(*kinds: Any, dtype: str = "float32") -> Any:
    keras.utils.clear_session()
    return keras.Sequential([keras.Input((STEPS, INPUTS), dtype=dtype), *kinds])


def lstm(**options: Any) -> Any:
    return layers.LSTM(UNITS, return_sequences=True, **options)


def gru(**options: Any) -> Any:
    return layers.GRU(UNITS, return_sequences=True, **{"reset_after": False, **options})


NETS = {
    "basic_lstm": lambda: chain(lstm()),
    "basic_lstm_static": lambda: chain(lstm()),
    "lstm": lambda: chain(lstm()),
    "lstm_without_forget_bias": lambda: chain(lstm()),
    "lstm_double": lambda: chain(lstm(dtype="float64"), dtype="float64"),
    "stacked": lambda: chain(lstm(), lstm()),
    "gru": lambda: chain(gru()),
    "gru_static": lambda: chain(gru()),
}


def randomised(model: Any) -> Any:
    """Other numbers than zeros and ones, so that nothing is right by chance."""
    numbers = np.random.default_rng(9)
    model.set_weights([numbers.normal(size=w.shape).astype(w.dtype) for w in model.get_weights()])
    return model


def entries(made: thaw_tool.Thawed) -> dict[str, dict[str, Any]]:
    return {entry["key"]: entry for entry in made.report["entries"] if entry["origin"] == "weight"}


@pytest.mark.product
@pytest.mark.product
@pytest.mark.parametrize("ending", [".weights.h5", ".keras", ".h5", ""])
@pytest.mark.parametrize("name", NETS)
def test_cells_become_those_of_keras(name: str, ending: str, frozen: Frozen, tmp_path: Path) -> None:
    model, question, answer = frozen(name)
    target, out = tmp_path / ("target" + ending), tmp_path / "result" / ("out" + ending)
    own = randomised(NETS[name]())
    if ending == "":
        target = Path(tf.train.Checkpoint(model=own).save(str(target)))
    else:
        own.save_weights(target) if ending == ".weights.h5" else own.save(target)
    made = thaw_tool.transplant(model, target, out, "--verify", *(["--accept-order"] if name == "stacked" else []))
    assert made.exit == 0, made.error or made.report["findings"]
    loaded = randomised(NETS[name]())
    if ending == "":
        tf.train.Checkpoint(model=loaded).restore(str(out)).assert_consumed()
    elif ending == ".weights.h5":
        loaded.load_weights(out)
    else:
        loaded = keras.models.load_model(out)
    assert np.abs(loaded(question).numpy() - answer).max() < 1e-6
    rules = {entry["layout"]["rule"] for entry in entries(made).values()}
    assert rules == {"T2" if "gru" in name else "T1"}
    biases = [entry["layout"]["what"] for key, entry in entries(made).items() if "added" in entry["layout"]["what"]]
    raised = {"basic_lstm": 1, "lstm": 1, "lstm_double": 1, "basic_lstm_static": 1, "stacked": 2}
    assert len(biases) == raised.get(name, 0)


REFUSED = {
    "peepholes": (lambda: chain(lstm()), "not converted"),
    "relu": (lambda: chain(lstm()), "activation is Relu"),
    "gru": (lambda: chain(gru(reset_after=True)), "reset_after"),
    "lstm": (lambda: chain(lstm(use_bias=False)), "has no bias"),
}


@pytest.mark.parametrize("missing", ["error", "keep"])
@pytest.mark.parametrize("name", REFUSED)
def test_cells_that_are_not_sure_are_left_alone(name: str, missing: str, frozen: Frozen, tmp_path: Path) -> None:
    """Not even a bias goes into a cell of another layout, although nothing else has its shape."""
    make, why = REFUSED[name]
    model, _, _ = frozen(name)
    target = tmp_path / "target.weights.h5"
    make().save_weights(target)
    made = thaw_tool.transplant(model, target, tmp_path / "out.weights.h5", "--missing", missing)
    assert made.exit == 1
    assert any(why in warning for warning in made.report["warnings"]), made.report["warnings"]
    assert not entries(made)
    assert not made.prefix.exists()


def test_cells_of_keras_do_not_become_those_of_tensorflow_1(tmp_path: Path) -> None:
    from keras_nets import fill, freeze

    model = freeze(fill(chain(lstm()), 1), tmp_path / "frozen.pb")
    rows = INPUTS + UNITS
    target = tmp_path / "list.txt"
    scope = "rnn/basic_lstm_cell"
    target.write_text(f"{scope}/kernel float32 [{rows},{4 * UNITS}]\n{scope}/bias float32 [{4 * UNITS}]\n")
    made = thaw_tool.transplant(model, target, tmp_path / "out")
    assert made.exit == 1
    assert any("lay out their gates differently" in warning for warning in made.report["warnings"])
    assert not entries(made)


@pytest.fixture(scope="module")
def convolutions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, np.ndarray]]:
    """A frozen network with a kernel of each rank."""
    numbers = np.random.default_rng(2)
    shapes = {"conv1d": (3, 4, 5), "conv2d": (2, 3, 4, 5), "conv3d": (2, 3, 2, 4, 5), "dense": (4, 6)}
    kernels = {name: numbers.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    with tf.Graph().as_default() as graph:
        read = {name: tf.identity(tf.constant(k, name=f"{name}/kernel"), f"{name}/kernel/read") for name, k in kernels.items()}
        tf.nn.conv1d(v1.placeholder(tf.float32, [1, 9, 4]), read["conv1d"], 1, "SAME")
        tf.nn.conv2d(v1.placeholder(tf.float32, [1, 9, 9, 4]), read["conv2d"], 1, "SAME")
        tf.nn.conv3d(v1.placeholder(tf.float32, [1, 9, 9, 9, 4]), read["conv3d"], [1] * 5, "SAME")
        tf.matmul(v1.placeholder(tf.float32, [1, 4]), read["dense"])
    path = tmp_path_factory.mktemp("convolutions") / "frozen.pb"
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path, kernels


ORDERS = {
    "conv1d": ("OIW", (2, 1, 0)),
    "conv2d": ("OIHW", (3, 2, 0, 1)),
    "conv3d": ("OIDHW", (4, 3, 0, 1, 2)),
    "dense": ("OI", (1, 0)),
}


def test_axes_are_reordered_on_request(convolutions: Any, tmp_path: Path) -> None:
    """As other frameworks have them; and back again."""
    model, kernels = convolutions
    target = tmp_path / "list.txt"
    turned = {name: kernels[name].transpose(axes) for name, (_, axes) in ORDERS.items()}
    target.write_text("".join(f"net.{n}.weight float32 {list(k.shape)}\n" for n, k in turned.items()))
    rules = [word for name, (order, _) in ORDERS.items() for word in ("--layout", f"net.{name}.weight={order}")]
    names = ["--rename", r"(.*)/kernel=net.\1.weight"]
    refused = thaw_tool.transplant(model, target, tmp_path / "no" / "m", *names)
    assert refused.exit == 1
    assert "mismatch" in {f["kind"] for f in refused.report["findings"]}
    made = thaw_tool.transplant(model, target, tmp_path / "out" / "m", "--verify", *names, *rules)
    assert made.exit == 0, made.error or made.report["findings"]
    reader = tf.train.load_checkpoint(str(made.prefix))
    for name, kernel in turned.items():
        assert np.array_equal(reader.get_tensor(f"net.{name}.weight"), kernel)
        layout = entries(made)[f"net.{name}.weight"]["layout"]
        assert layout["rule"] == "T3"
        assert layout["what"].endswith("as " + ORDERS[name][0])


def test_what_the_model_lacks_stays_in_the_targets_order(convolutions: Any, tmp_path: Path) -> None:
    """The target's own value of an entry that a rule names is not touched."""
    model, kernels = convolutions
    own = {"conv2d/kernel": kernels["conv2d"].transpose(3, 2, 0, 1) + 1, "head/kernel": np.ones((7, 8, 2, 2), np.float32)}
    with tf.Graph().as_default() as graph, v1.Session(graph=graph) as opened:
        for name, value in own.items():
            v1.get_variable(name, initializer=np.ascontiguousarray(value), use_resource=False)
        opened.run(v1.global_variables_initializer())
        v1.train.Saver().save(opened, str(tmp_path / "target"))
    made = thaw_tool.transplant(
        model, tmp_path / "target", tmp_path / "result" / "out", "--missing", "keep", "--layout", ".*/kernel=OIHW"
    )
    assert made.exit == 0, made.error or made.report["findings"]
    reader = tf.train.load_checkpoint(str(made.prefix))
    assert np.array_equal(reader.get_tensor("conv2d/kernel"), kernels["conv2d"].transpose(3, 2, 0, 1))
    assert np.array_equal(reader.get_tensor("head/kernel"), own["head/kernel"])


@pytest.mark.parametrize("rule", ["conv2d/kernel", "conv2d/kernel=OIHX", "conv2d/kernel=OI", "nothing=OIHW", "=OI"])
def test_layouts_that_are_none(rule: str, convolutions: Any, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("conv2d/kernel float32 [5,4,2,3]\n")
    made = thaw_tool.transplant(convolutions[0], tmp_path / "list.txt", tmp_path / "out", "--layout", rule)
    assert made.exit == 2
    assert "--layout" in made.error
