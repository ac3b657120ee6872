"""Vocabulary use: the share of the vocabulary that a language uses."""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer

from hubbub.analysis.language.messages import NO_SYMBOL, checked, cut
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import AT_LEAST_1, validated
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "distinct symbols said / V"


@validated(vocabulary=AT_LEAST_1)
def vocabulary_use(
    messages: Integer[np.ndarray, "*N R L"],
    vocabulary: int,
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
) -> Measure:
    """Return the share of the `vocabulary` of V symbols, end symbol included, that occurs in the messages.

    Permuting the referents does not change it, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds the measure of every agent.
    vocabulary
        Number of symbols V.
    lengths, end_symbol
        As in `topographic_similarity`.

    O(N R L log (R L)).

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths, or a symbol that is not below V.
    """
    symbols = checked(messages, ndim=(2, 3))
    kept = cut(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, symbols.shape[-2] * symbols.shape[-1])
    if kept.max() >= vocabulary:
        raise ConfigurationError(complaint("messages", expected=f"symbols below {vocabulary}", got=int(kept.max())))
    used = [len(np.setdiff1d(row, [NO_SYMBOL])) / vocabulary for row in kept]
    return measure_with_null(
        np.array([used]), unit="1", estimator=ESTIMATOR, n=symbols.shape[-2], reason="", single_agent=symbols.ndim == 2
    )
