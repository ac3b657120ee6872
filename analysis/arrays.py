"""Validation of matrices and edge lists, once, where they enter a measure."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, Integer, Real, Shaped

from hubbub.analysis.validation import finite, numeric, whole, whole_number
from hubbub.simulator.errors import ConfigurationError, complaint


def square(matrix: Shaped[np.ndarray, "N N"], *, name: str = "matrix") -> Float[np.ndarray, "N N"]:
    """Return a square matrix `[N, N]` of finite numbers (bool, int or float) as float64.

    Raises
    ------
    ConfigurationError
        The matrix is not square, or holds NaN or infinity; `name` is what the message calls it.
    """
    values = numeric(matrix, name=name).astype(np.float64, copy=False)
    if values.ndim != 2 or values.shape[0] != values.shape[1]:
        raise ConfigurationError(complaint(name, expected="shape [N, N]", got=values.shape))
    return finite(values, name=name)


def edge_list(edges: Real[np.ndarray, "E 2"], n_agents: int) -> Int[np.ndarray, "E 2"]:
    """Return directed edges `[E, 2]` (source, target) between the agents 0 … N − 1, whole int or float, as int64.

    Raises
    ------
    ConfigurationError
        Another shape, fractions, or an agent outside 0 … N − 1.
    """
    whole_number(n_agents, name="n_agents")
    pairs = whole(numeric(edges, name="edges"), name="edges").astype(np.int64, copy=False)
    if pairs.shape == (0,):
        return pairs.reshape(0, 2)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ConfigurationError(complaint("edges", expected="shape [E, 2]", got=pairs.shape))
    wrong = pairs[(pairs < 0) | (pairs >= n_agents)]
    if len(wrong):
        raise ConfigurationError(complaint("edges", expected=f"agents 0 … {n_agents - 1}", got=int(wrong[0])))
    return pairs


def below(groups: Integer[np.ndarray, "*shape"], n_groups: int, *, name: str = "groups") -> Int[np.ndarray, "*shape"]:
    """Return the groups of items, `[…]`, as int64, all of them 0 … G − 1.

    Raises
    ------
    ConfigurationError
        Fractions, or a group outside of 0 … G − 1; `name` is what the message calls them.
    """
    whole_number(n_groups, name="n_groups")
    numbers = whole(numeric(groups, name=name), name=name).astype(np.int64, copy=False)
    wrong = (numbers < 0) | (numbers >= n_groups)
    if wrong.any():
        raise ConfigurationError(complaint(name, expected=f"0 … {n_groups - 1}", got=int(numbers[wrong][0])))
    return numbers


MOST_SQUARE = 20_000
"""Largest number of agents N for which a matrix `[N, N]` is made: 3.2 GB of float64."""


def check_square_fits(n_agents: int, *, name: str) -> None:
    """Refuse a number of agents for which a matrix `[N, N]` would be too large to be made.

    Raises
    ------
    ConfigurationError
        More than 20,000 agents; the message states the memory, and `name` is what it calls the matrix.
    """
    if n_agents > MOST_SQUARE:
        got = f"{n_agents:,}, which need {8 * n_agents**2 / 1e9:,.0f} GB"
        expected = f"at most {MOST_SQUARE:,} agents for a matrix [N, N]"
        raise ConfigurationError(f"{name}: expected {expected}, got {got}")
