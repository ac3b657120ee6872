"""Positional disentanglement: does each position of the messages encode one attribute?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer, Shaped

from hubbub.analysis.language.disentanglement import disentanglement
from hubbub.analysis.language.messages import attributes, checked, counts_padding, cut
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated

ESTIMATOR = "mean over positions that vary of the gap in mutual information / entropy"


@validated()
def positional_disentanglement(
    messages: Integer[np.ndarray, "*N R L"],
    referents: Shaped[np.ndarray, "R A"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
    convention: str = "hubbub",
    generator: np.random.Generator | None = None,
    permutations: int = 200,
) -> Measure:
    """Return how far each position of the messages encodes one attribute only, between 0 and 1.

    For each position, (largest − second largest mutual information with an attribute) / entropy of the
    position; the mean over the positions that vary (Chaabouni et al. 2020, "posdis"). After the end of a message,
    a position holds one further value, "no symbol".

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds the measure of every agent.
    referents
        Attributes of what the messages name, of any type; values are compared for equality only.
    lengths, end_symbol
        As in `topographic_similarity`.
    convention
        With "egg" padding counts as part of the message: symbols after the end symbol are taken as they are.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the referents are permuted, alike for all agents; 0 for no null.

    Undefined for an agent with no position that varies, and for all agents with fewer than two attributes: NaN with
    the reason. O(N L A R log R · permutations).

    Raises
    ------
    ConfigurationError
        Malformed messages, lengths or referents, or an unknown convention.
    """
    symbols = checked(messages, ndim=(2, 3))
    meanings = attributes(referents, n_referents=symbols.shape[-2])
    kept = symbols if counts_padding(convention) else cut(symbols, lengths=lengths, end_symbol=end_symbol)
    return disentanglement(
        np.swapaxes(kept.reshape(-1, *kept.shape[-2:]), 1, 2),
        meanings,
        estimator=ESTIMATOR,
        single_agent=symbols.ndim == 2,
        generator=generator,
        permutations=permutations,
    )
