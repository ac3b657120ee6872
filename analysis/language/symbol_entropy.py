"""Symbol entropy: how evenly a language uses its symbols."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.information import entropies_bits
from hubbub.analysis.language.messages import NO_SYMBOL, checked, cut
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure

ESTIMATOR = "entropy of symbols over all places in all messages"


def symbol_entropy(messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0) -> Measure:
    """Return the entropy, in bits, of the symbols said, end symbols among them, over equally likely referents.

    Between 0 (one symbol only) and log2 V. Permuted referents leave it as it is, so it has no null. An agent
    whose messages all have length 0 has none: NaN with the reason.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds every agent's own.
    lengths, end_symbol
        As in `topographic_similarity`.
    """
    spoken = checked(messages, ndim=(2, 3))
    said = cut(spoken, lengths=lengths, end_symbol=end_symbol).reshape(-1, spoken.shape[-2] * spoken.shape[-1])
    bits = [entropies_bits(row[row != NO_SYMBOL]) if (row != NO_SYMBOL).any() else np.nan for row in said]
    return measure_with_null(
        np.array([bits]),
        unit="bits",
        estimator=ESTIMATOR,
        n=spoken.shape[-2],
        reason="all messages are empty",
        single_agent=spoken.ndim == 2,
    )
