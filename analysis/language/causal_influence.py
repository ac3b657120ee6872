"""Causal influence of communication: how much an intervened message changes what a listener answers."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.language.answers import probabilities
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure, undefined
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "mutual information of intervened message and answer"


def causal_influence(answers: np.ndarray, message_probabilities: np.ndarray | None = None) -> Measure:
    """Return the mutual information, in bits, of a message that is put in by hand and the listener's answer.

    sum over messages m of p(m) · KL(p(answer | m) ‖ sum over m′ of p(m′) p(answer | m′)) (Lowe et al. 2019, "causal
    influence of communication"), all else the same. From the listener's own probabilities it is exact, and 0
    for a listener that does not listen, so it needs no null.

    Parameters
    ----------
    answers
        p(answer | message): `[M, C]` for M messages and C possible answers, or `[N, M, C]` for N listeners:
        then the value is the mean over agents and `each` holds every agent's own. A most likely answer alone
        is a 1 among zeros.
    message_probabilities
        p(m), `[M]`: the shares of the messages among those that are sent; all alike when not given.

    NaN with the reason for fewer than two messages. At most log2 min(M, C).
    """
    chances = probabilities(answers, name="answers", shapes={2: "[M, C]", 3: "[N, M, C]"})
    n_messages = chances.shape[-2]
    if n_messages < 2:
        return undefined("fewer than 2 messages", unit="bits", estimator=ESTIMATOR, n=n_messages)
    uniform = np.full(n_messages, 1 / n_messages)
    sent = uniform if message_probabilities is None else np.asarray(message_probabilities)
    sent = probabilities(sent, name="message_probabilities", shapes={1: "[M]"})
    if len(sent) != n_messages:
        raise ConfigurationError(complaint("message_probabilities", expected=f"shape [{n_messages}]", got=sent.shape))
    given = chances.reshape(-1, *chances.shape[-2:])
    bits = _entropies_bits(sent @ given) - _entropies_bits(given) @ sent
    return measure_with_null(
        np.maximum(bits, 0)[None],
        unit="bits",
        estimator=ESTIMATOR,
        n=n_messages,
        reason="",
        single_agent=chances.ndim == 2,
    )


def _entropies_bits(chances: np.ndarray) -> np.ndarray:
    return -(chances * np.log2(chances, out=np.zeros_like(chances), where=chances > 0)).sum(axis=-1)
