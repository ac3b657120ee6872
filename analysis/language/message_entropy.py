"""Message entropy: how many referents the messages of a language can tell apart, in bits."""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer

from hubbub.analysis.language.information import as_codes, entropies_bits
from hubbub.analysis.language.messages import as_texts, checked
from hubbub.analysis.measure import Measure, mean_over_agents
from hubbub.analysis.validation import validated

ESTIMATOR = "entropy of messages over equally likely referents"


@validated()
def message_entropy(
    messages: Integer[np.ndarray, "*N R L"],
    *,
    lengths: Integer[np.ndarray, "*N R"] | None = None,
    end_symbol: int | None = 0,
) -> Measure:
    """Return the entropy, in bits, of the messages for equally likely referents.

    Between 0 (the same message for all) and log2 R (every referent has its own). With one greedy message per referent
    this is exact, not an estimate. Permuting the referents does not change it, so it has no null.

    Parameters
    ----------
    messages
        `[R, L]`, or `[N, R, L]`: then the value is the mean over agents and `each` holds the measure of every agent.
    lengths, end_symbol
        As in `topographic_similarity`.

    O(N R L log (N R)).

    Raises
    ------
    ConfigurationError
        Malformed messages or lengths.
    """
    symbols = checked(messages, ndim=(2, 3))
    n_referents = symbols.shape[-2]
    texts = as_texts(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, n_referents)
    entropies = entropies_bits(as_codes(texts))
    each = tuple(Measure(float(bits), "bits", ESTIMATOR, n_referents) for bits in entropies)
    return each[0] if symbols.ndim == 2 else mean_over_agents(each, np.empty((0, len(each))), model="none")
