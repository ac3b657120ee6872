"""Message length: how many symbols a language takes."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.messages import checked, message_lengths
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure

ESTIMATOR = "mean over referents of the number of symbols, end symbol included"


def message_length(messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0) -> Measure:
    """Return the mean number of symbols of a message, the end symbol included.

    Permuted referents leave it as it is, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds every agent's own.
    lengths, end_symbol
        As in `topographic_similarity`.
    """
    spoken = checked(messages, ndim=(2, 3))
    said = message_lengths(spoken, lengths=lengths, end_symbol=end_symbol).reshape(-1, spoken.shape[-2])
    return measure_with_null(
        said.mean(axis=1)[None],
        unit="symbols",
        estimator=ESTIMATOR,
        n=said.shape[1],
        reason="",
        single_agent=spoken.ndim == 2,
    )
