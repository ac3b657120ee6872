"""Positional disentanglement: does each position of the messages speak of one attribute?"""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.disentanglement import disentanglement
from hubbub.analysis.language.messages import attributes, checked, counts_padding, cut
from hubbub.analysis.measure import Measure

ESTIMATOR = "mean over positions that vary of the gap in mutual information / entropy"


def positional_disentanglement(
    messages: np.ndarray,
    referents: np.ndarray,
    *,
    lengths: np.ndarray | None = None,
    end_symbol: int | None = 0,
    convention: str = "hubbub",
    generator: np.random.Generator | None = None,
    permutations: int = 200,
) -> Measure:
    """Return how far each position of the messages tells about one attribute only, between 0 and 1.

    For each position, (largest − second largest mutual information with an attribute) / entropy of the
    position; the mean over the positions that vary (Chaabouni et al. 2020, "posdis"). Where a message has
    ended, its position holds one further value, "no symbol".

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds every agent's own.
    referents
        Attributes `[R, A]` of what the messages name; values are compared for equality only.
    lengths, end_symbol
        As in `topographic_similarity`.
    convention
        "egg" does not cut: what follows the end symbol counts as written.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the referents are permuted, alike for all agents; 0 for no null.

    An agent with no position that varies has none: NaN with the reason. So has everyone with fewer than two
    attributes. O(N L A R log R · permutations).
    """
    spoken = checked(messages, ndim=(2, 3))
    meanings = attributes(referents, n_referents=spoken.shape[-2])
    said = spoken if counts_padding(convention) else cut(spoken, lengths=lengths, end_symbol=end_symbol)
    return disentanglement(
        np.swapaxes(said.reshape(-1, *said.shape[-2:]), 1, 2),
        meanings,
        estimator=ESTIMATOR,
        single_agent=spoken.ndim == 2,
        generator=generator,
        permutations=permutations,
    )
