"""Couplings between the spins of a 2-body Hopfield memory, by three learning rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Float, Int, Num
from numpy.typing import NDArray

from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.topology import Topology

Rule: TypeAlias = Literal["hebb", "pseudo-inverse", "storkey"]


@dataclass(frozen=True, eq=False)
class Couplings:
    """J along directed links, for several sets of patterns.

    Attributes
    ----------
    first
        The links into spin i are `first[i] … first[i + 1] − 1`, `[D + 1]`.
    sources
        Spin at the start of each link, `[E]`.
    strengths
        J of each link for each set of patterns, `[sets, E]` float64.
    """

    first: Int[np.ndarray, " bounds"]
    sources: Int[np.ndarray, " E"]
    strengths: Float[np.ndarray, "sets E"]

    def matrix(self, number: int) -> Float[np.ndarray, "D D"]:
        """Return J of one set of patterns as a matrix `[D, D]`, row i the links into spin i."""
        n_spins = len(self.first) - 1
        matrix = np.zeros((n_spins, n_spins))
        matrix[np.repeat(np.arange(n_spins), np.diff(self.first)), self.sources] = self.strengths[number]
        return matrix


def couplings(sets: list[NDArray[np.int8]], rule: Rule, topology: Topology | None) -> Couplings:
    """Return the couplings that store each set of patterns `[K, D]`, along the edges of a topology or between all.

    No spin is coupled to itself. Couplings are scaled by D / (1 + mean number of links into a spin), which is 1 when
    all are linked, so that a temperature has the same effect on a sparse graph. Memory O(D²).
    """
    n_spins = sets[0].shape[1]
    sources, targets = _links(n_spins, topology)
    scale = n_spins / (1 + len(sources) / n_spins)
    strengths = np.stack([RULES[rule](patterns.astype(np.float64))[targets, sources] * scale for patterns in sets])
    return Couplings(np.searchsorted(targets, np.arange(n_spins + 1)), sources, strengths)


def hebb(patterns: Num[np.ndarray, "K D"]) -> Num[np.ndarray, "D D"]:
    """Return J = Σ_μ ξᵢ^μ ξⱼ^μ / D, `[D, D]` (Hopfield 1982)."""
    return patterns.T @ patterns / patterns.shape[1]


def pseudo_inverse(patterns: Float[np.ndarray, "K D"]) -> Float[np.ndarray, "D D"]:
    """Return J = Σ_μν ξᵢ^μ (C⁻¹)_μν ξⱼ^ν / D with C = ξ ξᵀ / D (Personnaz, Guyon & Dreyfus 1985)."""
    if np.linalg.matrix_rank(patterns) < len(patterns):
        raise ConfigurationError(
            "memory.rule: expected patterns that are linearly independent for 'pseudo-inverse', got "
            f"{len(patterns)} patterns of {patterns.shape[1]} spins that are not; store fewer, or use 'hebb'"
        )
    return np.linalg.pinv(patterns) @ patterns


def storkey(patterns: Float[np.ndarray, "K D"]) -> Float[np.ndarray, "D D"]:
    """Return J after storing one pattern after the other by the rule of Storkey (1997). O(K D²)."""
    n_spins = patterns.shape[1]
    matrix = np.zeros((n_spins, n_spins))
    for pattern in patterns:
        without_self = matrix @ pattern - np.diag(matrix) * pattern
        local = without_self[:, None] - matrix * pattern  # h_ij = Σ_{k ≠ i, j} J_ik ξ_k
        np.fill_diagonal(local, without_self)
        by_field = pattern[:, None] * local.T
        matrix = matrix + (np.outer(pattern, pattern) - by_field - by_field.T) / n_spins
    return matrix


RULES: dict[Rule, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "hebb": hebb,
    "pseudo-inverse": pseudo_inverse,
    "storkey": storkey,
}


def _links(n_spins: int, topology: Topology | None) -> tuple[Int[np.ndarray, " E"], Int[np.ndarray, " E"]]:
    """Return sources and targets of all links, sorted by target, then source."""
    if topology is None:
        sources, targets = np.nonzero(~np.eye(n_spins, dtype=bool))
        return targets, sources
    order = np.lexsort((topology.sources, topology.targets))
    return topology.sources[order], topology.targets[order]
