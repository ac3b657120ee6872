"""Integrated information decomposition: what two parts tell about their joint future, as sixteen atoms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Shaped

from hubbub.analysis.emergence.estimators import columns_of, estimator_named
from hubbub.analysis.emergence.psi_delta_gamma import past_and_future
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, estimated, future_shuffled
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

KINDS = ("redundant", "unique to 1", "unique to 2", "synergistic")
# The information in a set of parts is the sum of the atoms at or below it in the lattice {1}{2}, {1}, {2}, {12}.
BELOW = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]])


@dataclass(frozen=True)
class Decomposition:
    """Time-delayed mutual information of two parts, in bits.

    Attributes
    ----------
    total
        I(X_t; X_t') of both parts together.
    atoms
        Its sixteen atoms, by their kind in the past and their kind in the future; both are names in `KINDS`.
        `atoms["synergistic", "unique to 1"]` is the information that only both parts together hold in the past, and
        that only part 1 holds in the future. The atoms add up to the total.
    """

    total: Measure
    atoms: dict[tuple[str, str], Measure]


@validated()
def integrated_information_decomposition(
    first: Shaped[np.ndarray, "T ..."],
    second: Shaped[np.ndarray, "T ..."],
    *,
    estimator: str = "discrete",
    lag: int = 1,
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Decomposition:
    """Return the integrated information decomposition ΦID of two parts (Mediano et al. 2021).

    Redundancy is the minimum mutual information (Barrett 2015); the redundancy between both parts in the past and both
    in the future is the smallest of the four mutual informations. This is exact for one Gaussian target and a
    convention otherwise. The atoms are the Möbius inverse of the redundancies on the product of the lattices of past
    and future.

    Parameters
    ----------
    first, second
        The two parts, `[T]` or `[T, d]`, of any element type for the "discrete" estimator.
    estimator, lag, generator, shuffles
        As in `psi_delta_gamma`; NaN and errors as there.
    """
    chosen = estimator_named(estimator)
    columns = [columns_of(first, name="first"), columns_of(second, name="second")]
    if len(columns[0]) != len(columns[1]):
        raise ConfigurationError(
            complaint("second", expected=f"{len(columns[0])} steps, as first", got=len(columns[1]))
        )
    parts = [*columns, np.concatenate(columns, axis=1)]
    past, future = past_and_future([chosen.prepared(part) for part in parts], lag=lag)

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
