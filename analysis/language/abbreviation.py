"""Abbreviation: are frequent messages short?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Integer, Real, Shaped

from hubbub.analysis.language.messages import as_texts, checked
from hubbub.analysis.language.permutation_null import measure_with_null, permutation_orders
from hubbub.analysis.measure import Measure
from hubbub.analysis.ranks import standard_ranks
from hubbub.analysis.validation import UNCHECKED, validated
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "Spearman correlation of the frequency and the length of distinct messages"
NULL = "lengths permuted over distinct messages"


@validated(frequencies=UNCHECKED)
def abbreviation(
    messages: Integer[np.ndarray, "*N R L"],
    frequencies: Real[np.ndarray, " R"] | None = None,
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
    generator: np.random.Generator | None = None,
    permutations: int = 1000,
) -> Measure:
    """Return the rank correlation of the frequency of messages with their length: negative where Zipf's law holds.

    The correlation is over the distinct messages of an agent. The frequency of a message is that of the referents it
    names; its length is its number of symbols, end symbol included (Zipf 1935; Chaabouni et al. 2019). The p-value is
    the share of null values at most as large, because the law predicts a negative correlation.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds the measure of every agent.
    frequencies
        How often each referent is named, integers or floats ≥ 0; equally often when not given.
    lengths, end_symbol
        As in `topographic_similarity`.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the lengths of an agent's distinct messages are permuted; 0 for no null.

    Undefined for an agent whose distinct messages all have the same length or the same frequency: NaN with the reason.
    O(N R (log R + permutations)).

    Raises
    ------
    ConfigurationError
        Malformed messages, lengths or frequencies.
    """
    symbols = checked(messages, ndim=(2, 3))
    n_referents = symbols.shape[-2]
    weights = np.ones(n_referents) if frequencies is None else np.asarray(frequencies, dtype=float)
    if weights.shape != (n_referents,) or not (np.isfinite(weights).all() and weights.min() >= 0):
        raise ConfigurationError(
            complaint("frequencies", expected=f"numbers from 0 of shape ({n_referents},)", got=frequencies)
        )
    texts = as_texts(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, n_referents)
    rng = generator or np.random.default_rng(0)
    negated = np.stack(
        [_negated_correlations(row, weights, permutations=permutations, generator=rng) for row in texts], axis=1
    )
    # The p-value of a measure counts null values at least as large; this law is about the other tail.
    measure = measure_with_null(
        negated,
        unit="1",
        estimator=ESTIMATOR,
        n=n_referents,
        reason="the distinct messages all have the same length or the same frequency",
        single_agent=symbols.ndim == 2,
        model=NULL,
    )
    return replace(_negated(measure), each=tuple(_negated(own) for own in measure.each))


def _negated_correlations(
    texts: Shaped[np.ndarray, " R"],
    weights: Float[np.ndarray, " R"],
    *,
    permutations: int,
    generator: np.random.Generator,
) -> Float[np.ndarray, " orders"]:
    distinct, index = np.unique(texts, return_inverse=True)
    frequency = standard_ranks(np.bincount(index, weights=weights))
    shortness = standard_ranks(-np.char.str_len(distinct))
    return shortness[permutation_orders(len(distinct), permutations=permutations, generator=generator)] @ frequency


def _negated(measure: Measure) -> Measure:
    null = measure.null and replace(measure.null, mean=-measure.null.mean)
    return replace(measure, value=-measure.value, null=null)
