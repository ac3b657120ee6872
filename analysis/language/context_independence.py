"""Context independence: does each concept have a symbol of its own, whatever the other symbols of the message?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer, Shaped

from hubbub.analysis.language.messages import NO_SYMBOL, attributes, checked, cut
from hubbub.analysis.language.permutation_null import measure_with_null, permutation_orders
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated

ESTIMATOR = "mean over concepts of p(symbol | concept) p(concept | symbol), shares of messages that have the symbol"


@validated()
def context_independence(
    messages: Integer[np.ndarray, "*N R L"],
    referents: Shaped[np.ndarray, "R A"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
    generator: np.random.Generator | None = None,
    permutations: int = 200,
) -> Measure:
    """Return how far each concept has a symbol of its own, between 0 and 1.

    The mean over concepts c of p(v | c) · p(c | v), where v is the symbol with the largest p(v | c) (Bogin et
    al. 2018). A concept is one value of one attribute; p(v | c) is the share of the messages for c that contain
    v, p(c | v) the share of the messages with v that are for c. (Bogin et al. estimate the two with an alignment
    model; shares of messages need none.) Among symbols with the same p(v | c) the one with the largest p(c | v) is
    taken. The end symbol is not counted, nor is an attribute that does not vary.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds the measure of every agent.
    referents
        Attributes of what the messages name, of any type; values are compared for equality only.
    lengths, end_symbol
        As in `topographic_similarity`.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the referents are permuted, alike for all agents; 0 for no null.

    Chance is above 0: a symbol in every message has p(v | c) = 1 and p(c | v) = the share of c. Undefined for an agent
    whose messages hold no symbol, and for all agents where no attribute varies: NaN with the reason.
    O(N V C R · permutations) for C concepts and V symbols in use.

    Raises
    ------
    ConfigurationError
        Malformed messages, lengths or referents.
    """
    symbols = checked(messages, ndim=(2, 3))
    n_referents = symbols.shape[-2]
    meanings = attributes(referents, n_referents=n_referents)
    attributes_that_vary = [column for column in meanings.T if len(np.unique(column)) > 1]
    if not attributes_that_vary:
        return undefined("no attribute varies", unit="1", estimator=ESTIMATOR, n=n_referents)
    concepts = np.concatenate([np.unique(column)[:, None] == column for column in attributes_that_vary])  # [C, R]

    kept = cut(symbols, lengths=lengths, end_symbol=end_symbol)
    kept = kept.reshape(-1, n_referents, kept.shape[-1])
    in_use = np.setdiff1d(kept, [NO_SYMBOL])
    in_use = in_use[in_use != end_symbol]
    has = [(kept == symbol).any(axis=2) for symbol in in_use]
    occurs = np.array(has, dtype=np.float32).reshape(-1, len(kept), n_referents)  # float32: exact counts, fast products
    n_for, n_with = concepts.sum(axis=1), np.maximum(occurs.sum(axis=2, dtype=np.float64), 1)[..., None]

    orders = permutation_orders(n_referents, permutations=permutations, generator=generator)
    values = np.full((len(orders), len(kept)), np.nan)
    not_empty = occurs.any(axis=(0, 2))
    for p, order in enumerate(orders if not_empty.any() else []):
        both = occurs @ concepts[:, order].T.astype(np.float32)
        own = np.where(both == both.max(axis=0), both / n_for * (both / n_with), 0).max(axis=0)
        values[p, not_empty] = own.mean(axis=1)[not_empty]
    return measure_with_null(
        values,
        unit="1",
        estimator=ESTIMATOR,
        n=n_referents,
        reason="the messages hold no symbol but the end symbol",
        single_agent=symbols.ndim == 2,
    )
