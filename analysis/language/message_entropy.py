"""Message entropy: how many referents the messages of a language can tell apart."""

from __future__ import annotations

import numpy as np

from analysis.language.messages import as_texts, checked
from analysis.measure import Measure, mean_over_agents

ESTIMATOR = "entropy of messages over equally likely referents"


def message_entropy(messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0) -> Measure:
    """Return the entropy, in bits, of the messages for equally likely referents.

    Between 0 (one message for all) and log2 R (every referent has its own); one greedy message per referent
    makes this exact, not an estimate.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds every agent's own.
    lengths, end_symbol
        As in `topographic_similarity`.
    """
    spoken = checked(messages, ndim=(2, 3))
    n_referents = spoken.shape[-2]
    texts = as_texts(spoken, lengths=lengths, end_symbol=end_symbol).reshape(-1, n_referents)
    each = tuple(Measure(_entropy_bits(row), "bits", ESTIMATOR, n_referents) for row in texts)
    return each[0] if spoken.ndim == 2 else mean_over_agents(each, np.empty((0, len(each))), model="none")


def _entropy_bits(texts: np.ndarray) -> float:
    shares = np.unique(texts, return_counts=True)[1] / len(texts)
    return float(-(shares * np.log2(shares)).sum()) + 0.0
