"""Distinct messages: the share of referents with a message of their own."""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer

from hubbub.analysis.language.messages import as_texts, checked
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated

ESTIMATOR = "distinct messages / R"


@validated()
def distinct_messages(
    messages: Integer[np.ndarray, "*N R L"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
) -> Measure:
    """Return the number of distinct messages divided by the number of referents, between 1 / R and 1.

    Permuting the referents does not change it, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds the measure of every agent.
    lengths, end_symbol
        As in `topographic_similarity`.

    O(N R L log R).

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths.
    """
    symbols = checked(messages, ndim=(2, 3))
    texts = as_texts(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, symbols.shape[-2])
    shares = [len(np.unique(row)) / len(row) for row in texts]
    return measure_with_null(
        np.array([shares]),
        unit="1",
        estimator=ESTIMATOR,
        n=texts.shape[1],
        reason="",
        single_agent=symbols.ndim == 2,
    )
