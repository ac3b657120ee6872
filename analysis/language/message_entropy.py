"""Message entropy: how many referents the messages of a language can tell apart."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.information import as_codes, entropies_bits
from hubbub.analysis.language.messages import as_texts, checked
from hubbub.analysis.measure import Measure, mean_over_agents

ESTIMATOR = "entropy of messages over equally likely referents"


def message_entropy(messages: np.ndarray, *, lengths: np.ndarray | None = None, end_symbol: int | None = 0) -> Measure:
    """Return the entropy, in bits, of the messages for equally likely referents.

    Between 0 (one message for all) and log2 R (every referent has its own); one greedy message per referent
    makes this exact, not an estimate. It has no null: permuted referents leave it as it is.

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
    entropies = entropies_bits(as_codes(texts))
    each = tuple(Measure(float(bits), "bits", ESTIMATOR, n_referents) for bits in entropies)
    return each[0] if spoken.ndim == 2 else mean_over_agents(each, np.empty((0, len(each))), model="none")
