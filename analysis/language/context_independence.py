"""Context independence: does each concept have a symbol of its own, whatever else is said?"""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.messages import NO_SYMBOL, attributes, checked, cut
from hubbub.analysis.language.permutation_null import measure_with_null, permutation_orders
from hubbub.analysis.measure import Measure, undefined

ESTIMATOR = "mean over concepts of p(symbol | concept) p(concept | symbol), shares of messages that have the symbol"


def context_independence(
    messages: np.ndarray,
    referents: np.ndarray,
    *,
    lengths: np.ndarray | None = None,
    end_symbol: int | None = 0,
    generator: np.random.Generator | None = None,
    permutations: int = 200,
) -> Measure:
    """Return how far each concept has a symbol of its own, between 0 and 1.

    The mean over concepts c of p(v | c) · p(c | v), where v is the symbol with the largest p(v | c) (Bogin et
    al. 2018). A concept is one value of one attribute; p(v | c) is the share of the messages for c that have
    v in them, p(c | v) the share of the messages with v that are for c. (Bogin et al. estimate the two with
    an alignment model; counted shares need none.) Among symbols with the same p(v | c) the one with the largest
    p(c | v) is taken. The end symbol is not counted, nor is an attribute that does not vary.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds every agent's own.
    referents
        Attributes `[R, A]` of what the messages name; values are compared for equality only.
    lengths, end_symbol
        As in `topographic_similarity`.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the referents are permuted, alike for all agents; 0 for no null.

    Chance is not 0: the symbols that everyone uses all the time count for 1 / values. NaN with the reason for
    an agent whose messages hold no symbol, and for everyone when no attribute varies. O(N V C R · permutations)
    for C concepts and V symbols in use.
    """
    spoken = checked(messages, ndim=(2, 3))
    n_referents = spoken.shape[-2]
    meanings = attributes(referents, n_referents=n_referents)
    attributes_that_vary = [column for column in meanings.T if len(np.unique(column)) > 1]
    if not attributes_that_vary:
        return undefined("no attribute varies", unit="1", estimator=ESTIMATOR, n=n_referents)
    concepts = np.concatenate([np.unique(column)[:, None] == column for column in attributes_that_vary])  # [C, R]

    said = cut(spoken, lengths=lengths, end_symbol=end_symbol)
    said = said.reshape(-1, n_referents, said.shape[-1])
    symbols = np.setdiff1d(said, [NO_SYMBOL])
    symbols = symbols[symbols != end_symbol]
    has = [(said == symbol).any(axis=2) for symbol in symbols]
    occurs = np.array(has, dtype=np.float32).reshape(-1, len(said), n_referents)  # float32: exact counts, fast products
    n_for, n_with = concepts.sum(axis=1), np.maximum(occurs.sum(axis=2, dtype=np.float64), 1)[..., None]

    every_order = permutation_orders(n_referents, permutations=permutations, generator=generator)
    values = np.full((len(every_order), len(said)), np.nan)
    speaks = occurs.any(axis=(0, 2))
    for p, order in enumerate(every_order if speaks.any() else []):
        both = occurs @ concepts[:, order].T.astype(np.float32)
        own = np.where(both == both.max(axis=0), both / n_for * (both / n_with), 0).max(axis=0)
        values[p, speaks] = own.mean(axis=1)[speaks]
    return measure_with_null(
        values,
        unit="1",
        estimator=ESTIMATOR,
        n=n_referents,
        reason="the messages hold no symbol but the end symbol",
        single_agent=spoken.ndim == 2,
    )
