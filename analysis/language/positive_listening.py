"""Positive listening: does a listener answer otherwise than it would without a message?"""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.answers import probabilities
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "mean over messages of the total variation distance to the answer to no message"


def positive_listening(answers: np.ndarray, silent: np.ndarray) -> Measure:
    """Return how far the answers to messages are from the answer to no message, between 0 and 1.

    A listener listens positively when some message changes what it does, compared with none (Lowe et al.
    2019). The distance of two answers is half the sum over C of |p(answer | message) − p(answer | no message)|;
    the mean is over messages. From the listener's own probabilities it is exact, and 0 for a listener that
    does not listen, so it needs no null.

    Parameters
    ----------
    answers
        p(answer | message): `[M, C]` for M messages and C possible answers, or `[N, M, C]` for N listeners:
        then the value is the mean over agents and `each` holds every agent's own.
    silent
        p(answer | no message): `[C]`, or `[N, C]`.
    """
    heard = probabilities(answers, name="answers", shapes={2: "[M, C]", 3: "[N, M, C]"})
    single_agent = heard.ndim == 2
    unheard = probabilities(silent, name="silent", shapes={1: "[C]"} if single_agent else {2: "[N, C]"})
    expected = (*heard.shape[:-2], heard.shape[-1])
    if unheard.shape != expected:
        raise ConfigurationError(complaint("silent", expected=f"shape {expected}", got=unheard.shape))
    distances = np.abs(heard - unheard[..., None, :]).sum(axis=-1) / 2
    return measure_with_null(
        distances.mean(axis=-1).reshape(1, -1),
        unit="1",
        estimator=ESTIMATOR,
        n=heard.shape[-2],
        reason="",
        single_agent=single_agent,
    )
