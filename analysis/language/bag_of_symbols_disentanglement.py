"""Bag-of-symbols disentanglement: does each symbol, at whatever position, encode one attribute?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer, Shaped

from hubbub.analysis.language.disentanglement import disentanglement
from hubbub.analysis.language.messages import NO_SYMBOL, attributes, checked, counts_padding, cut
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated

ESTIMATOR = "mean over symbol counts that vary of the gap in mutual information / entropy"


@validated()
def bag_of_symbols_disentanglement(
    messages: Integer[np.ndarray, "*N R L"],
    referents: Shaped[np.ndarray, "R A"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
    convention: str = "hubbub",
    generator: np.random.Generator | None = None,
    permutations: int = 200,
) -> Measure:
    """Return how far the count of each symbol encodes one attribute only, between 0 and 1.

    As `positional_disentanglement`, with the number of times that a symbol occurs in a message in place of
    the symbol at a position (Chaabouni et al. 2020, "bosdis"). The end symbol is not counted.

    Parameters
    ----------
    messages, referents, lengths, end_symbol, generator, permutations
        As in `positional_disentanglement`.
    convention
        With "egg" padding counts as part of the message, and symbol 0 is never counted.

    Undefined for an agent with no symbol whose count varies, and for all agents with fewer than two attributes: NaN
    with the reason. O(N V A R log R · permutations), with V the number of symbols in use.

    Raises
    ------
    ConfigurationError
        Malformed messages, lengths or referents, or an unknown convention.
    """
    symbols = checked(messages, ndim=(2, 3))
    meanings = attributes(referents, n_referents=symbols.shape[-2])
    if counts_padding(convention):
        kept, end_symbol = symbols, 0
    else:
        kept = cut(symbols, lengths=lengths, end_symbol=end_symbol)
    kept = kept.reshape(-1, *kept.shape[-2:])
    counted = np.setdiff1d(kept, [NO_SYMBOL])
    counts = [(kept == symbol).sum(axis=2) for symbol in counted[counted != end_symbol]]
    return disentanglement(
        np.swapaxes(np.array(counts, dtype=np.int64).reshape(-1, *kept.shape[:2]), 0, 1),
        meanings,
        estimator=ESTIMATOR,
        single_agent=symbols.ndim == 2,
        generator=generator,
        permutations=permutations,
    )
