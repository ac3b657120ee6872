"""Symbol entropy: how evenly a language uses its symbols."""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer

from hubbub.analysis.language.information import entropies_bits
from hubbub.analysis.language.messages import NO_SYMBOL, checked, cut
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated

ESTIMATOR = "entropy of symbols over all places in all messages"


@validated()
def symbol_entropy(
    messages: Integer[np.ndarray, "*N R L"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
) -> Measure:
    """Return the entropy, in bits, of the symbols in use, end symbols included, over equally likely referents.

    Between 0 (one symbol only) and log2 V. Permuting the referents does not change it, so it has no null. Undefined
    for an agent whose messages all have length 0: NaN with the reason.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds the measure of every agent.
    lengths, end_symbol
        As in `topographic_similarity`.

    O(N R L log (R L)).

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths.
    """
    symbols = checked(messages, ndim=(2, 3))
    kept = cut(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, symbols.shape[-2] * symbols.shape[-1])
    bits = [entropies_bits(row[row != NO_SYMBOL]) if (row != NO_SYMBOL).any() else np.nan for row in kept]
    return measure_with_null(
        np.array([bits]),
        unit="bits",
        estimator=ESTIMATOR,
        n=symbols.shape[-2],
        reason="all messages are empty",
        single_agent=symbols.ndim == 2,
    )
