"""Small networks that classify images `[M, 1, height, width]`."""

from __future__ import annotations

from collections import OrderedDict
from itertools import pairwise

from torch import nn


def dense_network(side: int, hidden: tuple[int, ...], n_classes: int) -> nn.Module:
    """Return dense layers of ReLU units on the pixels of a square image, and a dense layer of the classes."""
    layers: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
    sizes = (side * side, *hidden)
    for number, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
        layers[f"dense{number}"] = nn.Linear(inputs, outputs)
        layers[f"relu{number}"] = nn.ReLU()
    layers["classes"] = nn.Linear(sizes[-1], n_classes)
    return nn.Sequential(layers)


def convolution_network(side: int, channels: tuple[int, ...], n_classes: int) -> nn.Module:
    """Return 3 × 3 convolutions of ReLU units, each followed by 2 × 2 max-pooling, and a dense layer of the classes."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for number, (inputs, outputs) in enumerate(pairwise((1, *channels)), start=1):
        layers[f"convolution{number}"] = nn.Conv2d(inputs, outputs, 3, padding=1)
        layers[f"relu{number}"] = nn.ReLU()
        layers[f"pool{number}"] = nn.MaxPool2d(2)
        side //= 2
    layers["flatten"] = nn.Flatten()
    layers["classes"] = nn.Linear(channels[-1] * side * side, n_classes)
    return nn.Sequential(layers)
