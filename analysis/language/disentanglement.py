"""The gap in mutual information between the attribute that a column of a language encodes best and the second best."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int, Shaped

from hubbub.analysis.language.information import as_codes, entropies_bits, informations_bits
from hubbub.analysis.language.permutation_null import measure_with_null, permutation_orders
from hubbub.analysis.measure import Measure, undefined


def disentanglement(
    columns: Int[np.ndarray, "N J R"],
    meanings: Shaped[np.ndarray, "R A"],
    *,
    estimator: str,
    single_agent: bool,
    generator: np.random.Generator | None,
    permutations: int,
) -> Measure:
    """Return the disentanglement of J columns per agent with respect to the attributes of R referents.

    The mean, over the columns of an agent that vary, of (largest − second largest mutual information with an
    attribute) / entropy of the column. O(N J A R log R · permutations).
    """
    n_agents, n_columns, n_referents = columns.shape
    coded = np.stack([as_codes(attribute) for attribute in meanings.T]) if meanings.size else meanings.T
    if len(coded) < 2 or not coded.any():
        reason = "fewer than 2 attributes" if len(coded) < 2 else "no attribute varies"
        return undefined(reason, unit="1", estimator=estimator, n=n_referents)
    flat = as_codes(columns).reshape(-1, 1, n_referents)
    entropies = entropies_bits(flat[:, 0])
    varies = entropies > 0
    orders = permutation_orders(n_referents, permutations=permutations, generator=generator)
    gaps = np.zeros((len(orders), len(flat)))
    for p, order in enumerate(orders):
        most = np.sort(informations_bits(flat[varies], coded[:, order]), axis=1) if varies.any() else np.empty((0, 2))
        gaps[p, varies] = (most[:, -1] - most[:, -2]) / entropies[varies]
    n_varying = varies.reshape(n_agents, n_columns).sum(axis=1)
    sums = gaps.reshape(len(gaps), n_agents, n_columns).sum(axis=2)
    values = np.where(n_varying, sums / np.maximum(n_varying, 1), np.nan)
    return measure_with_null(
        values,
        unit="1",
        estimator=estimator,
        n=n_referents,
        reason="the messages do not vary",
        single_agent=single_agent,
    )
