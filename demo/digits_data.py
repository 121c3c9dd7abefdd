"""Scikit-learn's handwritten digits (1,797 real scans, 8 by 8 pixels), split once and for all: every fifth is for testing."""
import numpy as np
from sklearn.datasets import load_digits


def digits():
    """(training images, training labels), (test images, test labels): float32 [N,8,8,1] in 0..1 and int32 [N]."""
    bunch = load_digits()
    images = (bunch.images / 16.0).astype(np.float32)[..., np.newaxis]
    labels = bunch.target.astype(np.int32)
    test = np.arange(len(labels)) % 5 == 0
    return (images[~test], labels[~test]), (images[test], labels[test])


def batches(images, labels, epochs, seed, size=64):
    """Shuffled batches, the same for the same seed."""
    random = np.random.RandomState(seed)
    for _ in range(epochs):
        order = random.permutation(len(labels))
        for start in range(0, len(order), size):
            rows = order[start:start + size]
            yield images[rows], labels[rows]
