"""Abbreviation: are frequent messages short?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hubbub.analysis.language.messages import as_texts, checked
from hubbub.analysis.language.permutation_null import measure_with_null, permutation_orders
from hubbub.analysis.measure import Measure
from hubbub.analysis.ranks import standard_ranks
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "Spearman correlation of the frequency and the length of distinct messages"
NULL = "lengths permuted over distinct messages"


def abbreviation(
    messages: np.ndarray,
    frequencies: np.ndarray | None = None,
    *,
    lengths: np.ndarray | None = None,
    end_symbol: int | None = 0,
    generator: np.random.Generator | None = None,
    permutations: int = 1000,
) -> Measure:
    """Return the rank correlation of the frequency of a message with its length: negative where Zipf's law holds.

    Over the distinct messages of an agent; the frequency of a message is that of the referents it names, the
    length its number of symbols, end symbol included (Zipf 1935; Chaabouni et al. 2019). The p-value is the
    share of null values at most as large, as the law says negative.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds every agent's own.
    frequencies
        How often each referent is talked about, `[R]`; equally often when not given.
    lengths, end_symbol
        As in `topographic_similarity`.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the lengths of an agent's distinct messages are permuted; 0 for no null.

    An agent whose distinct messages are all as long or all as frequent has none: NaN with the reason.
    """
    spoken = checked(messages, ndim=(2, 3))
    n_referents = spoken.shape[-2]
    often = np.ones(n_referents) if frequencies is None else np.asarray(frequencies, dtype=float)
    if often.shape != (n_referents,) or not (np.isfinite(often).all() and often.min() >= 0):
        raise ConfigurationError(
            complaint("frequencies", expected=f"numbers from 0 of shape ({n_referents},)", got=frequencies)
        )
    texts = as_texts(spoken, lengths=lengths, end_symbol=end_symbol).reshape(-1, n_referents)
    rng = generator or np.random.default_rng(0)
    brevities = np.stack([_brevities(row, often, permutations=permutations, generator=rng) for row in texts], axis=1)
    # Measures ask how many null values are at least as large; the law is about the other tail.
    brief = measure_with_null(
        brevities,
        unit="1",
        estimator=ESTIMATOR,
        n=n_referents,
        reason="the distinct messages are all as long or all as frequent",
        single_agent=spoken.ndim == 2,
        model=NULL,
    )
    return replace(_turned(brief), each=tuple(_turned(own) for own in brief.each))


def _brevities(
    texts: np.ndarray, often: np.ndarray, *, permutations: int, generator: np.random.Generator
) -> np.ndarray:
    distinct, index = np.unique(texts, return_inverse=True)
    frequency = standard_ranks(np.bincount(index, weights=often))
    brevity = standard_ranks(-np.char.str_len(distinct))
    return brevity[permutation_orders(len(distinct), permutations=permutations, generator=generator)] @ frequency


def _turned(measure: Measure) -> Measure:
    null = measure.null and replace(measure.null, mean=-measure.null.mean)
    return replace(measure, value=-measure.value, null=null)
