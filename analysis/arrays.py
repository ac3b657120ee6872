"""Validation of matrices and edge lists, once, where they enter a measure."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, Real, Shaped

from hubbub.simulator.errors import ConfigurationError, complaint


def square(matrix: Shaped[np.ndarray, "N N"], *, name: str = "matrix") -> Float[np.ndarray, "N N"]:
    """Return a square matrix `[N, N]` of finite numbers (bool, int or float) as float64.

    Raises
    ------
    ConfigurationError
        The matrix is not square, or holds NaN or infinity; `name` is what the message calls it.
    """
    values = np.asarray(matrix, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise ConfigurationError(complaint(name, expected="shape [N, N]", got=values.shape))
    if not np.isfinite(values).all():
        raise ConfigurationError(
            f"{name}: expected finite numbers, got {np.count_nonzero(~np.isfinite(values))} others"
        )
    return values


def edge_list(edges: Real[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, "E 2"]:
    """Return directed edges `[E, 2]` (source, target) between the agents 0 … N − 1, whole int or float, as int64.

    Raises
    ------
    ConfigurationError
        Another shape, fractions, or an agent outside 0 … N − 1.
    """
    given = np.asarray(edges)
    pairs = given.astype(np.int64)
    if (pairs != given).any():
        raise ConfigurationError(complaint("edges", expected="whole numbers", got=float(given[pairs != given][0])))
    if pairs.size == 0:
        return pairs.reshape(0, 2)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ConfigurationError(complaint("edges", expected="shape [E, 2]", got=pairs.shape))
    if pairs.min() < 0 or pairs.max() >= n_agents:
        wrong = pairs[(pairs < 0) | (pairs >= n_agents)][0]
        raise ConfigurationError(complaint("edges", expected=f"agents 0 … {n_agents - 1}", got=int(wrong)))
    return pairs
