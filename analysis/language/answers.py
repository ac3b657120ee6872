"""Validation of listeners' answers as probabilities, shared by the measures of listening."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Shaped

from hubbub.simulator.errors import ConfigurationError, complaint


def probabilities(
    values: Shaped[np.ndarray, "*shape C"], *, name: str, shapes: dict[int, str]
) -> Float[np.ndarray, "*shape C"]:
    """Return probabilities over the last axis (bool, int or float) as float64.

    `shapes` names the expected shape for each allowed number of axes.

    Raises
    ------
    ConfigurationError
        Another shape, an axis of length 0, negative numbers, or sums other than 1; `name` is what the message calls
        the array.
    """
    given = np.asarray(values, dtype=np.float64)
    if given.ndim not in shapes or 0 in given.shape:
        expected = f"shape {' or '.join(shapes.values())}, none of them 0"
        raise ConfigurationError(complaint(name, expected=expected, got=given.shape))
    if not (given.min() >= 0 and np.allclose(given.sum(axis=-1), 1, atol=1e-4)):
        raise ConfigurationError(f"{name}: expected probabilities that sum to 1 over the last axis")
    return given
