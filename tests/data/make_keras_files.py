#!/usr/bin/env python3
"""Writes tests/data/keras: small files as Keras saves them, and some as it does not. Needs keras and h5py."""
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py
import keras
import numpy as np

FOLDER = pathlib.Path(__file__).parent / "keras"
LAYERS = "layers/dense/vars"


def numbers(shape, first):
    return np.arange(first, first + int(np.prod(shape)), dtype=np.float32).reshape(shape)


def model():
    layers = [keras.layers.Dense(2, name="stem"), keras.layers.Dense(2, name="head")]
    built = keras.Sequential([keras.Input((3,)), *layers], name="sequential")
    built.set_weights([numbers(weight.shape, 10 * i) for i, weight in enumerate(built.get_weights())])
    return built


def one(name, **options):
    """A file with one kernel, stored in some other way."""
    with h5py.File(FOLDER / name, "w", libver=options.pop("libver", None)) as file:
        dtype = options.pop("dtype", np.float32)
        file.create_dataset(f"{LAYERS}/0", data=numbers((4, 3), 1).astype(dtype), **options)
        file[LAYERS].attrs["name"] = "stem"


def main():
    FOLDER.mkdir(exist_ok=True)
    model().save_weights(FOLDER / "dense.weights.h5")
    model().save(FOLDER / "dense.keras")
    with h5py.File(FOLDER / "older.h5", "w") as file:  # as tf_keras and Keras 2 save weights
        file.attrs["layer_names"] = np.array([b"stem", b"head"])
        file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.21.0"
        for at, layer in enumerate(["stem", "head"]):
            group = file.create_group(layer)
            names = [f"{layer}/kernel:0", f"{layer}/bias:0"]
            group.attrs["weight_names"] = np.array([name.encode() for name in names])
            group.create_dataset(names[0], data=numbers((3 - at, 2), at))
            group.create_dataset(names[1], data=numbers((2,), at))
    one("chunked.weights.h5", chunks=(2, 3))
    one("compressed.weights.h5", compression="gzip")
    one("big_endian.weights.h5", dtype=">f4")
    one("newer.weights.h5", libver="latest")
    with h5py.File(FOLDER / "other.h5", "w") as file:
        file["picture"] = numbers((2, 2), 0)


if __name__ == "__main__":
    sys.exit(main())
