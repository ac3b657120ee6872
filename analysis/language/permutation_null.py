"""The permutation null of a language: the same measure with the referents permuted over the messages."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.measure import Measure, against_null, mean_over_agents, undefined

NULL = "referents permuted over messages"


def permutation_orders(n_referents: int, *, permutations: int, generator: np.random.Generator | None) -> np.ndarray:
    """Return permutation_orders `[1 + P, R]` of the referents: first as they are, then P permutations."""
    as_they_are = np.tile(np.arange(n_referents), (1 + permutations, 1))
    as_they_are[1:] = (generator or np.random.default_rng(0)).permuted(as_they_are[1:], axis=1)
    return as_they_are


def measure_with_null(
    values: np.ndarray, *, unit: str, estimator: str, n: int, reason: str, single_agent: bool, model: str = NULL
) -> Measure:
    """Return the measure of values `[1 + P, N]`: first the measured ones, then those under the null.

    The mean over agents with every agent's own, or the one agent's own with `single_agent`. An agent whose value is
    NaN is undefined for the `reason`.
    """
    each = tuple(
        undefined(reason, unit=unit, estimator=estimator, n=n)
        if np.isnan(value)
        else against_null(float(value), null, unit=unit, estimator=estimator, n=n, model=model)
        for value, null in zip(values[0], values[1:].T, strict=True)
    )
    return each[0] if single_agent else mean_over_agents(each, values[1:], model=model)
