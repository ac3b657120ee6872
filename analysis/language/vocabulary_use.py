"""Vocabulary use: how much of the vocabulary a language needs."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.messages import NO_SYMBOL, checked, cut
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "distinct symbols said / V"


def vocabulary_use(
    messages: np.ndarray, vocabulary: int, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0
) -> Measure:
    """Return the share of the `vocabulary` of V symbols, end symbol included, that occurs in the messages.

    Permuted referents leave it as it is, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds every agent's own.
    lengths, end_symbol
        As in `topographic_similarity`.
    """
    spoken = checked(messages, ndim=(2, 3))
    said = cut(spoken, lengths=lengths, end_symbol=end_symbol).reshape(-1, spoken.shape[-2] * spoken.shape[-1])
    if said.max() >= vocabulary:
        raise ConfigurationError(complaint("messages", expected=f"symbols below {vocabulary}", got=int(said.max())))
    used = [len(np.setdiff1d(row, [NO_SYMBOL])) / vocabulary for row in said]
    return measure_with_null(
        np.array([used]), unit="1", estimator=ESTIMATOR, n=spoken.shape[-2], reason="", single_agent=spoken.ndim == 2
    )
