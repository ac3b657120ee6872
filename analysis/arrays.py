"""The door for arrays: shapes are checked once, where they enter a measure."""

from __future__ import annotations

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint


def square(matrix: np.ndarray, *, name: str = "matrix") -> np.ndarray:
    """Return a finite matrix `[N, N]` as float64."""
    values = np.asarray(matrix, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise ConfigurationError(complaint(name, expected="shape [N, N]", got=values.shape))
    if not np.isfinite(values).all():
        raise ConfigurationError(
            f"{name}: expected finite numbers, got {np.count_nonzero(~np.isfinite(values))} others"
        )
    return values


def edge_list(edges: np.ndarray, n_agents: int) -> np.ndarray:
    """Return directed edges `[E, 2]` (source, target) between the agents 0 … N − 1 as int64."""
    pairs = np.asarray(edges, dtype=np.int64)
    if pairs.size == 0:
        return pairs.reshape(0, 2)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ConfigurationError(complaint("edges", expected="shape [E, 2]", got=pairs.shape))
    if pairs.min() < 0 or pairs.max() >= n_agents:
        wrong = pairs[(pairs < 0) | (pairs >= n_agents)][0]
        raise ConfigurationError(complaint("edges", expected=f"agents 0 … {n_agents - 1}", got=int(wrong)))
    return pairs
