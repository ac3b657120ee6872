"""What two parts tell of their joint future, split into sixteen atoms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hubbub.analysis.emergence.estimators import columns_of, estimator_named
from hubbub.analysis.emergence.psi_delta_gamma import before_and_after
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, estimated, future_shuffled
from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError, complaint

KINDS = ("redundant", "unique to 1", "unique to 2", "synergistic")
# Information that a set of parts holds is the sum of the atoms at or below it: {1}{2}, {1}, {2}, {12}.
BELOW = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]])


@dataclass(frozen=True)
class Decomposition:
    """Time-delayed mutual information of two parts, in bits.

    Attributes
    ----------
    total
        I(X_t; X_t') of both parts.
    atoms
        Its sixteen parts, by how the past holds them and how the future does: `atoms["synergistic", "unique to 1"]`
        is what only both parts together tell, and what is then found in part 1 alone. They add up to the total.
    """

    total: Measure
    atoms: dict[tuple[str, str], Measure]


def integrated_information_decomposition(
    first: np.ndarray,
    second: np.ndarray,
    *,
    estimator: str = "discrete",
    lag: int = 1,
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Decomposition:
    """Return the integrated information decomposition ΦID of two parts (Mediano et al. 2021).

    Redundancy is the minimum mutual information (Barrett 2015; double redundancy the least over all four pairs), exact
    for Gaussian variables with one target and a convention elsewhere. The atoms are the Möbius inverse of the
    redundancies on the product of the lattices of past and future.

    Parameters
    ----------
    first, second
        The two parts, `[T]` or `[T, d]`.
    estimator, lag, generator, shuffles
        As in `psi_delta_gamma`; refused as there.
    """
    chosen = estimator_named(estimator)
    columns = [columns_of(first, name="first"), columns_of(second, name="second")]
    if len(columns[0]) != len(columns[1]):
        raise ConfigurationError(
            complaint("second", expected=f"{len(columns[0])} steps, as first", got=len(columns[1]))
        )
    parts = [*columns, np.concatenate(columns, axis=1)]
    past, future = before_and_after([chosen.prepared(part) for part in parts], lag=lag)

    def total_and_atoms(future: Variables) -> np.ndarray:
        bits = chosen.informations(past, future)
        to_any = np.vstack([bits[:2].min(axis=0), bits])
        redundancies = np.column_stack([to_any[:, :2].min(axis=1), to_any])
        below = np.linalg.inv(BELOW)
        return np.append(bits[2, 2], below @ redundancies @ below.T)

    total, *atoms = estimated(
        total_and_atoms,
        future,
        n_values=1 + len(KINDS) ** 2,
        shuffle=future_shuffled,
        estimator=f"{chosen.name}, minimum mutual information, lag {lag}",
        samples_needed=chosen.samples_needed([past[2], future[2]]),
        generator=generator,
        shuffles=shuffles,
    )
    names = [(before, after) for before in KINDS for after in KINDS]
    return Decomposition(total, dict(zip(names, atoms, strict=True)))
