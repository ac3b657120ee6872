import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.language import causal_influence, positive_listening
from hubbub.simulator.errors import ConfigurationError


def test_a_listener_that_obeys_has_the_entropy_of_the_messages() -> None:
    assert causal_influence(np.eye(4)).value == pytest.approx(2)
    found = causal_influence(np.eye(4), np.array([0.5, 0.25, 0.25, 0]))
    assert (found.value, found.unit) == (pytest.approx(1.5), "bits")


def test_a_listener_that_does_not_listen_has_zero() -> None:
    deaf = np.tile([0.1, 0.2, 0.7], (5, 1))
    assert causal_influence(deaf).value == pytest.approx(0, abs=1e-12)
    assert positive_listening(deaf, deaf[0]).value == pytest.approx(0, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6), st.integers(1, 5))
def test_influence_is_the_mean_divergence_from_the_mean_answer(seed: int, n_messages: int, n_answers: int) -> None:
    rng = np.random.default_rng(seed)
    answers = rng.dirichlet(np.ones(n_answers), (2, n_messages))
    sent = rng.dirichlet(np.ones(n_messages))
    found = causal_influence(answers, sent)
    expected = [
        sum(
            p * q * np.log2(q / (sent @ given)[c])
            for p, row in zip(sent, given, strict=True)
            for c, q in enumerate(row)
            if q > 0
        )
        for given in answers
    ]
    assert [each.value for each in found.each] == pytest.approx(expected, abs=1e-9)
    assert found.value == pytest.approx(np.mean(expected), abs=1e-9)
    assert 0 <= found.value <= np.log2(min(n_messages, n_answers)) + 1e-9


def test_listening_by_hand() -> None:
    silent = np.array([0.5, 0.5])
    answers = np.array([[1, 0], [0.5, 0.5], [0.25, 0.75]])
    assert positive_listening(answers, silent).value == pytest.approx((0.5 + 0 + 0.25) / 3)
    both = positive_listening(np.stack([answers, np.tile(silent, (3, 1))]), np.stack([silent, silent]))
    assert [each.value for each in both.each] == pytest.approx([0.25, 0])
    assert (both.value, both.null) == (pytest.approx(0.125), None)
    assert positive_listening(np.array([[1, 0]]), np.array([0, 1])).value == 1


def test_one_message_cannot_influence() -> None:
    one = causal_influence(np.ones((3, 1, 1)))
    assert np.isnan(one.value)
    assert one.reason == "fewer than 2 messages"
    assert causal_influence(np.ones((2, 1))).value == 0


def test_wrong_input_is_refused() -> None:
    half = np.full((2, 2), 0.5)
    with pytest.raises(ConfigurationError, match="answers: expected probabilities that sum to 1 over the last axis"):
        causal_influence(np.array([[0.5, 0.6], [0.5, 0.5]]))
    with pytest.raises(ConfigurationError, match="answers: expected probabilities"):
        positive_listening(np.array([[1.5, -0.5]]), half[0])
    with pytest.raises(ConfigurationError, match="answers: expected probabilities"):
        causal_influence(np.full((2, 2), np.nan))
    with pytest.raises(ConfigurationError, match=r"answers: expected shape \[M, C\] or \[N, M, C\]"):
        causal_influence(np.ones(2))
    with pytest.raises(ConfigurationError, match=r"message_probabilities: expected shape \[2\], got \(1,\)"):
        causal_influence(half, np.ones(1))
    with pytest.raises(ConfigurationError, match=r"silent: expected shape \(2,\), got \(4,\)"):
        positive_listening(half, np.full(4, 0.25))
    with pytest.raises(ConfigurationError, match=r"silent: expected shape \[N, C\]"):
        positive_listening(half[None], half[0])
