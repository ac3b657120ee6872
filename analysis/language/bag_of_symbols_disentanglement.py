"""Bag-of-symbols disentanglement: does each symbol, wherever it stands, speak of one attribute?"""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.disentanglement import disentanglement
from hubbub.analysis.language.messages import NO_SYMBOL, attributes, checked, counts_padding, cut
from hubbub.analysis.measure import Measure

ESTIMATOR = "mean over symbol counts that vary of the gap in mutual information / entropy"


def bag_of_symbols_disentanglement(
    messages: np.ndarray,
    referents: np.ndarray,
    *,
    lengths: np.ndarray | None = None,
    end_symbol: int | None = 0,
    convention: str = "hubbub",
    generator: np.random.Generator | None = None,
    permutations: int = 200,
) -> Measure:
    """Return how far the count of each symbol tells about one attribute only, between 0 and 1.

    As `positional_disentanglement`, with the number of times that a symbol occurs in a message in place of
    the symbol at a position (Chaabouni et al. 2020, "bosdis"). The end symbol is not counted.

    Parameters
    ----------
    messages, referents, lengths, end_symbol, generator, permutations
        As in `positional_disentanglement`.
    convention
        "egg" does not cut, and symbol 0 is never counted.

    An agent with no symbol whose count varies has none: NaN with the reason. O(N V A R log R · permutations),
    with V the symbols in use.
    """
    spoken = checked(messages, ndim=(2, 3))
    meanings = attributes(referents, n_referents=spoken.shape[-2])
    if counts_padding(convention):
        said, end_symbol = spoken, 0
    else:
        said = cut(spoken, lengths=lengths, end_symbol=end_symbol)
    said = said.reshape(-1, *said.shape[-2:])
    counted = np.setdiff1d(said, [NO_SYMBOL])
    counts = [(said == symbol).sum(axis=2) for symbol in counted[counted != end_symbol]]
    return disentanglement(
        np.swapaxes(np.array(counts, dtype=np.int64).reshape(-1, *said.shape[:2]), 0, 1),
        meanings,
        estimator=ESTIMATOR,
        single_agent=spoken.ndim == 2,
        generator=generator,
        permutations=permutations,
    )
