"""Message length: the mean number of symbols of a message."""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer

from hubbub.analysis.language.messages import checked, message_lengths
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated

ESTIMATOR = "mean over referents of the number of symbols, end symbol included"


@validated()
def message_length(
    messages: Integer[np.ndarray, "*N R L"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
) -> Measure:
    """Return the mean number of symbols of a message, the end symbol included.

    Permuting the referents does not change it, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds the measure of every agent.
    lengths, end_symbol
        As in `topographic_similarity`.

    O(N R L).

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths.
    """
    symbols = checked(messages, ndim=(2, 3))
    n_symbols = message_lengths(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, symbols.shape[-2])
    return measure_with_null(
        n_symbols.mean(axis=1)[None],
        unit="symbols",
        estimator=ESTIMATOR,
        n=n_symbols.shape[1],
        reason="",
        single_agent=symbols.ndim == 2,
    )
