#!/usr/bin/env python3
"""Moves a frozen model's weights into a PyTorch module. No TensorFlow takes part.

    to_pytorch.py demo/digits.pb digits.pt

What differs between the two: TensorFlow's convolutions have kernels [height, width, in, out] and images [N, H, W, C], PyTorch's
[out, in, height, width] and [N, C, H, W]; dense kernels are transposed; what is flattened was in another order.
"""

from __future__ import annotations

import argparse

import numpy as np
import tfthaw
import torch
from torch import nn


class Digits(nn.Module):
    """The network of demo/digits.pb. Takes images [N, 1, 8, 8]; gives probabilities [N, 10]."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16, eps=1e-3)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32, eps=1e-3)
        self.hidden = nn.Linear(128, 256)
        self.digits = nn.Linear(256, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 2)
        x = nn.functional.max_pool2d(torch.relu(self.bn2(self.conv2(x))), 2)
        x = x.permute(0, 2, 3, 1).flatten(1)  # as TensorFlow flattens: channels last
        return torch.softmax(self.digits(torch.relu(self.hidden(x))), 1)


NAMES = {  # what PyTorch calls the weights of a layer
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
    "kernel": "weight",
    "bias": "bias",
}


def to_torch(array: np.ndarray, name: str) -> torch.Tensor:
    if name.endswith("/kernel"):
        array = array.transpose(3, 2, 0, 1) if array.ndim == 4 else array.T
    return torch.from_numpy(np.array(array))  # a copy: PyTorch may write to it


def state_of(weights: tfthaw.Weights) -> dict[str, torch.Tensor]:
    """A state dict: layer/kind becomes layer.kind."""
    state = {}
    for name, array in weights.items():
        layer, kind = name.rsplit("/", 1)
        state[f"{layer.replace('/', '.')}.{NAMES[kind]}"] = to_torch(array, name)
    return state


def converted(path: str) -> Digits:
    """The module with the model's weights, ready to answer or to be trained."""
    module = Digits()
    with tfthaw.load(path) as model:
        missing, unexpected = module.load_state_dict(state_of(model.weights), strict=False)
    odd = [name for name in missing if not name.endswith("num_batches_tracked")] + list(unexpected)
    if odd:
        raise SystemExit(f"the networks are not the same: {', '.join(odd)}")
    return module.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", help="the frozen .pb of this network")
    parser.add_argument("output", help="a file for torch.load: the state dict")
    words = parser.parse_args()
    module = converted(words.model)
    torch.save(module.state_dict(), words.output)
    print(f"{sum(weight.numel() for weight in module.parameters()):,} parameters in {words.output}")


if __name__ == "__main__":
    main()
