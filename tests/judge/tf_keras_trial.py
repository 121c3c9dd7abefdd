"""Networks of tf_keras, frozen and saved in every way it has, and the results loaded again.

    tf_keras_trial.py make FOLDER     FOLDER/NET/{frozen.pb, asked.npz, KIND/...}
    tf_keras_trial.py check FOLDER    of FOLDER/NET/out/KIND..., prints {"NET KIND": what is wrong, or ""}

In a process of its own: TensorFlow has one Keras.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["TF_USE_LEGACY_KERAS"] = "1"

import numpy as np
from keras_nets import NETS, fill, freeze, keras, question

from strict_tf import first_line, tf

KINDS = [".weights.h5", ".h5", ".model.h5", "checkpoint", "weights", "list"]


def built(name: str, seed: int) -> Any:
    keras.backend.clear_session()
    return fill(NETS[name](), seed)


def save(model: Any, kind: str, folder: Path) -> None:
    folder.mkdir()
    if kind == "list":
        lines = [f"{w.name} {w.dtype.name} {list(w.shape)}\n" for w in model.weights]
        (folder / "list.txt").write_text("".join(lines))
    elif kind == "checkpoint":
        tf.train.Checkpoint(model=model).save(str(folder / "ckpt"))
    elif kind == "weights":
        model.save_weights(str(folder / "ckpt"))
    elif kind == ".model.h5":
        model.save(str(folder / "file.h5"))
    else:
        model.save_weights(str(folder / ("file" + kind)))


def load(name: str, kind: str, folder: Path) -> Any:
    model = built(name, 3)
    if kind == "checkpoint":
        tf.train.Checkpoint(model=model).restore(str(folder / "ckpt")).assert_consumed()
    elif kind == "weights":
        model.load_weights(str(folder / "ckpt")).assert_consumed()
    elif kind == "list":
        model.load_weights(str(folder / "file.h5"))
    elif kind == ".model.h5":
        model = keras.models.load_model(str(folder / "file.h5"))
    else:
        model.load_weights(str(folder / ("file" + kind)))
    return model


def make(folder: Path) -> None:
    for name in NETS:
        (folder / name).mkdir()
        author = built(name, 1)
        freeze(author, folder / name / "frozen.pb")
        asked = question(author)
        np.savez(folder / name / "asked.npz", asked=asked.numpy(), answer=author(asked).numpy())
        keras.backend.clear_session()
        keras.layers.Dense(2), keras.layers.LSTM(2), keras.layers.Conv2D(2, 2)  # other numbers in later names
        own = fill(NETS[name](), 2)
        for kind in KINDS:
            save(own, kind, folder / name / kind)


def check(folder: Path) -> None:
    faults = {}
    for name in NETS:
        asked = np.load(folder / name / "asked.npz")
        for kind in KINDS:
            try:
                model = load(name, kind, folder / name / "out" / kind)
                same = np.array_equal(model(tf.constant(asked["asked"])).numpy(), asked["answer"])
                faults[f"{name} {kind}"] = "" if same else "predicts something else"
            except Exception as error:
                faults[f"{name} {kind}"] = first_line(error)
    print(json.dumps(faults))


def main(step: Callable[[Path], None], folder: str) -> None:
    step(Path(folder))


if __name__ == "__main__":
    main({"make": make, "check": check}[sys.argv[1]], sys.argv[2])
