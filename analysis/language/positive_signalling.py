"""Positive signalling: do the messages of a speaker depend on what it sees?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Integer, Shaped

from hubbub.analysis.language.information import as_codes, informations_bits
from hubbub.analysis.language.messages import as_texts, checked
from hubbub.analysis.language.permutation_null import measure_with_null, permutation_orders
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "mutual information of referent and message, from shares of games"


@validated()
def positive_signalling(
    messages: Integer[np.ndarray, "*N M L"],
    referents: Shaped[np.ndarray, " M *A"],
    *,
    lengths: Integer[np.ndarray, "*N M"] | None = None,
    end_symbol: int | None = 0,
    generator: np.random.Generator | None = None,
    permutations: int = 200,
) -> Measure:
    """Return the mutual information, in bits, of what a speaker sees and what it says over M games.

    A speaker signals positively when its messages depend on what it observes (Lowe et al. 2019). Messages are
    compared as wholes. The plug-in estimate from sampled messages is too large; the null, referents permuted over
    games, has the same bias, so compare with it. With one message for each of M different referents the measure is
    the message entropy, and all its null values are the same number.

    Parameters
    ----------
    messages
        `[M, L]`, or `[N, M, L]` for N speakers that saw the same referents: then the value is the mean over
        agents and `each` holds the measure of every agent.
    referents
        What was seen in the M games, of any type: numbers or names `[M]`, or attributes `[M, A]`.
    lengths, end_symbol
        As in `topographic_similarity`.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null; 0 for no null.

    0 for a speaker that always says the same; NaN with the reason when only one referent was seen.
    O(N M log M) for each permutation.

    Raises
    ------
    ConfigurationError
        Malformed messages, lengths or referents.
    """
    symbols = checked(messages, ndim=(2, 3))
    n_games = symbols.shape[-2]
    seen = np.asarray(referents)
    if seen.ndim not in (1, 2) or len(seen) != n_games:
        raise ConfigurationError(
            complaint("referents", expected=f"shape [{n_games}] or [{n_games}, A]", got=seen.shape)
        )
    which = np.unique(seen, axis=0, return_inverse=True)[1].reshape(n_games)
    if not which.any():
        return undefined("only one referent was seen", unit="bits", estimator=ESTIMATOR, n=n_games)
    texts = as_texts(symbols, lengths=lengths, end_symbol=end_symbol).reshape(-1, n_games)
    codes, which = np.stack([as_codes(row) for row in texts]), as_codes(which)
    orders = permutation_orders(n_games, permutations=permutations, generator=generator)
    values = np.stack([informations_bits(codes, which[order]) for order in orders])
    return measure_with_null(
        values, unit="bits", estimator=ESTIMATOR, n=n_games, reason="", single_agent=symbols.ndim == 2
    )
