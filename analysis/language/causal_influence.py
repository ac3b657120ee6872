"""Causal influence of communication: how much replacing the message changes what a listener answers."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Shaped

from hubbub.analysis.language.answers import probabilities
from hubbub.analysis.language.permutation_null import measure_with_null
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import UNCHECKED, validated
from hubbub.simulator.errors import ConfigurationError, complaint

ESTIMATOR = "mutual information of intervened message and answer"


@validated(answers=UNCHECKED, message_probabilities=UNCHECKED)
def causal_influence(
    answers: Shaped[np.ndarray, "*N M C"], message_probabilities: Shaped[np.ndarray, " M"] | None = None
) -> Measure:
    """Return the mutual information, in bits, of a message set by intervention and the listener's answer.

    Σ_m p(m) · KL(p(answer | m) ‖ Σ_m′ p(m′) p(answer | m′)), all else equal (Lowe et al. 2019, "causal influence of
    communication"). Computed from the listener's own probabilities it is exact, and 0 for a listener that ignores
    messages, so it needs no null.

    Parameters
    ----------
    answers
        p(answer | message), bool, int or float: `[M, C]` for M messages and C possible answers, or `[N, M, C]` for N
        listeners: then the value is the mean over agents and `each` holds the measure of every agent. Where only the
        most likely answer is known, it has probability 1.
    message_probabilities
        p(m): relative frequencies of the messages that are sent; uniform when not given.

    At most log2 min(M, C). NaN with the reason for fewer than two messages. O(N M C).

    Raises
    ------
    ConfigurationError
        Other shapes, or numbers that are not probabilities.
    """
    given_message = probabilities(answers, name="answers", shapes={2: "[M, C]", 3: "[N, M, C]"})
    n_messages = given_message.shape[-2]
    if n_messages < 2:
        return undefined("fewer than 2 messages", unit="bits", estimator=ESTIMATOR, n=n_messages)
    uniform = np.full(n_messages, 1 / n_messages)
    sent = uniform if message_probabilities is None else np.asarray(message_probabilities)
    sent = probabilities(sent, name="message_probabilities", shapes={1: "[M]"})
    if len(sent) != n_messages:
        raise ConfigurationError(complaint("message_probabilities", expected=f"shape [{n_messages}]", got=sent.shape))
    agents = given_message.reshape(-1, *given_message.shape[-2:])
    bits = _entropies_bits(sent @ agents) - _entropies_bits(agents) @ sent
    return measure_with_null(
        np.maximum(bits, 0)[None],
        unit="bits",
        estimator=ESTIMATOR,
        n=n_messages,
        reason="",
        single_agent=given_message.ndim == 2,
    )


def _entropies_bits(chances: Float[np.ndarray, "*shape C"]) -> Float[np.ndarray, "*shape"]:
    return -(chances * np.log2(chances, out=np.zeros_like(chances), where=chances > 0)).sum(axis=-1)
