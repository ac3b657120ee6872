"""Distinct messages: how many of the referents get a message of their own."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.messages import as_texts, checked
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure

ESTIMATOR = "distinct messages / R"


def distinct_messages(
    messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0
) -> Measure:
    """Return the number of distinct messages divided by the number of referents, between 1 / R and 1.

    Permuted referents leave it as it is, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds every agent's own.
    lengths, end_symbol
        As in `topographic_similarity`.
    """
    spoken = checked(messages, ndim=(2, 3))
    texts = as_texts(spoken, lengths=lengths, end_symbol=end_symbol).reshape(-1, spoken.shape[-2])
    shares = [len(np.unique(row)) / len(row) for row in texts]
    return measure_with_null(
        np.array([shares]), unit="1", estimator=ESTIMATOR, n=texts.shape[1], reason="", single_agent=spoken.ndim == 2
    )
