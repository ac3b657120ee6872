"""The permutation null of a language: the same measure with the referents permuted over the messages."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.measure import Measure, against_null, mean_over_agents, undefined

NULL = "referents permuted over messages"


def permutation_orders(
    n_referents: int, *, permutations: int, generator: np.random.Generator | None
) -> Int[np.ndarray, "orders R"]:
    """Return 1 + P orders of the R referents: first the given one, then P random permutations."""
    orders = np.tile(np.arange(n_referents), (1 + permutations, 1))
    orders[1:] = (generator or np.random.default_rng(0)).permuted(orders[1:], axis=1)
    return orders


def measure_with_null(
    values: Float[np.ndarray, "orders N"],
    *,
    unit: str,
    estimator: str,
    n: int,
    reason: str,
    single_agent: bool,
    model: str = NULL,
) -> Measure:
    """Return the measure of N agents whose values are `[1 + P, N]`: first the measured ones, then P under the null.

    The measure of the one agent with `single_agent`, else the mean over agents with the measure of every agent in
    `each`. An agent whose value is NaN is undefined for the `reason`.
    """
    each = tuple(
        undefined(reason, unit=unit, estimator=estimator, n=n)
        if np.isnan(value)
        else against_null(float(value), null, unit=unit, estimator=estimator, n=n, model=model)
        for value, null in zip(values[0], values[1:].T, strict=True)
    )
    return each[0] if single_agent else mean_over_agents(each, values[1:], model=model)
