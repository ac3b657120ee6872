"""Listeners' answers as probabilities: the door that the measures of listening share."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint


def probabilities(values: np.ndarray, *, name: str, shapes: dict[int, str]) -> np.ndarray:
    """Return probabilities `[…, C]` as float64, refusing other shapes, negative numbers and sums other than 1.

    `shapes` names the shape that is meant for each number of axes.
    """
    chances = np.asarray(values, dtype=np.float64)
    if chances.ndim not in shapes or 0 in chances.shape:
        expected = f"shape {' or '.join(shapes.values())}, none of them 0"
        raise ConfigurationError(complaint(name, expected=expected, got=chances.shape))
    if not (chances.min() >= 0 and np.allclose(chances.sum(axis=-1), 1, atol=1e-4)):
        raise ConfigurationError(f"{name}: expected probabilities that sum to 1 over the last axis")
    return chances
