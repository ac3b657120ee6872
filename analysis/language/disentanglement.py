"""The gap between the attribute that a column of a language tells most about and the next one."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.information import as_codes, entropies_bits, informations_bits
from hubbub.analysis.language.permutation_null import measure_with_null, permutation_orders
from hubbub.analysis.measure import Measure, undefined


def disentanglement(
    columns: np.ndarray,
    meanings: np.ndarray,
    *,
    estimator: str,
    single_agent: bool,
    generator: np.random.Generator | None,
    permutations: int,
) -> Measure:
    """Return, for columns `[N, J, R]` and attributes `[R, A]`, the mean over an agent's columns that vary of
    (largest − second largest mutual information with an attribute) / entropy of the column.
    """
    n_agents, n_columns, n_referents = columns.shape
    coded = np.stack([as_codes(attribute) for attribute in meanings.T]) if meanings.size else meanings.T
    if len(coded) < 2 or not coded.any():
        reason = "fewer than 2 attributes" if len(coded) < 2 else "no attribute varies"
        return undefined(reason, unit="1", estimator=estimator, n=n_referents)
    flat = as_codes(columns).reshape(-1, 1, n_referents)
    entropies = entropies_bits(flat[:, 0])
    varies = entropies > 0
    every_order = permutation_orders(n_referents, permutations=permutations, generator=generator)
    gaps = np.zeros((len(every_order), len(flat)))
    for p, order in enumerate(every_order):
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
