"""Positive listening: does a message change what a listener answers, compared with no message?"""

from __future__ import annotations

import numpy as np
from jaxtyping import Shaped

from hubbub.analysis.language.answers import probabilities
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import UNCHECKED, validated
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "mean over messages of the total variation distance to the answer to no message"


@validated(answers=UNCHECKED, silent=UNCHECKED)
def positive_listening(answers: Shaped[np.ndarray, "*N M C"], silent: Shaped[np.ndarray, "*N C"]) -> Measure:
    """Return how far the answers to messages are from the answer to no message, between 0 and 1.

    A listener listens positively when some message changes what it does, compared with none (Lowe et al.
    2019). The distance of two answers is their total variation distance, ½ Σ_C |p(answer | message) − p(answer | no
    message)|; the value is the mean over messages. Computed from the listener's own probabilities it is exact, and 0
    for a listener that ignores messages, so it needs no null.

    Parameters
    ----------
    answers
        p(answer | message), bool, int or float: `[M, C]` for M messages and C possible answers, or `[N, M, C]` for N
        listeners: then the value is the mean over agents and `each` holds the measure of every agent.
    silent
        p(answer | no message): `[C]`, or `[N, C]`.

    O(N M C).

    Raises
    ------
    ConfigurationError
        Other shapes, or numbers that are not probabilities.
    """
    with_message = probabilities(answers, name="answers", shapes={2: "[M, C]", 3: "[N, M, C]"})
    single_agent = with_message.ndim == 2
    without = probabilities(silent, name="silent", shapes={1: "[C]"} if single_agent else {2: "[N, C]"})
    expected = (*with_message.shape[:-2], with_message.shape[-1])
    if without.shape != expected:
        raise ConfigurationError(complaint("silent", expected=f"shape {expected}", got=without.shape))
    distances = np.abs(with_message - without[..., None, :]).sum(axis=-1) / 2
    return measure_with_null(
        distances.mean(axis=-1).reshape(1, -1),
        unit="1",
        estimator=ESTIMATOR,
        n=with_message.shape[-2],
        reason="",
        single_agent=single_agent,
    )
