"""Listener synchrony: do listeners give the same answer to the same message?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, Shaped

from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "mean over pairs of listeners and messages of equal answers"
NULL = "each listener's answers permuted over messages"


@validated()
def listener_synchrony(
    answers: Shaped[np.ndarray, "N M *A"], *, generator: np.random.Generator | None = None, permutations: int = 1000
) -> Measure:
    """Return the share of equal answers to the same message, over messages and pairs of listeners.

    The counterpart of `speaker_synchrony`, defined by hubbub. Two answers are equal when all their attributes are.

    Parameters
    ----------
    answers
        The most likely answers of N listeners to the same M messages, `[N, M]`, or `[N, M, A]` for answers of
        A attributes, of any type; values are compared for equality only.
    generator
        Draws the permutations; `np.random.default_rng(0)` when not given.
    permutations
        Size of the null, in which the answers of every listener are permuted over the messages; 0 for no null.

    `each` holds the share of every listener with the others. NaN with the reason for fewer than two listeners.
    O(N M) for each permutation.

    Raises
    ------
    ConfigurationError
        Another shape, or an axis of length 0.
    """
    given = np.asarray(answers)
    if given.ndim not in (2, 3) or 0 in given.shape:
        raise ConfigurationError(
            complaint("answers", expected="shape [N, M] or [N, M, A], none of them 0", got=given.shape)
        )
    n_listeners, n_messages = given.shape[:2]
    if n_listeners < 2:
        return undefined("fewer than 2 listeners", unit="1", estimator=ESTIMATOR, n=n_messages)
    rows = given.reshape(n_listeners * n_messages, -1)
    codes = np.unique(rows, axis=0, return_inverse=True)[1].reshape(n_listeners, n_messages)
    rng = generator or np.random.default_rng(0)
    values = np.empty((1 + permutations, n_listeners))
    values[0] = _shares(codes)
    for p in range(permutations):
        values[1 + p] = _shares(rng.permuted(codes, axis=1))
    return measure_with_null(
        values, unit="1", estimator=ESTIMATOR, n=n_messages, reason="", single_agent=False, model=NULL
    )


def _shares(codes: Int[np.ndarray, "N M"]) -> Float[np.ndarray, " N"]:
    n_listeners, n_messages = codes.shape
    places = codes * n_messages + np.arange(n_messages)
    equal = np.bincount(places.ravel())[places]
    return (equal - 1).sum(axis=1) / (n_messages * (n_listeners - 1))
