import numpy as np
import pytest

from hubbub.analysis.language import message_entropy, positive_signalling
from hubbub.simulator.errors import ConfigurationError


def test_mutual_information_by_hand() -> None:
    # The message tells whether the referent is "c", and nothing else.
    messages = np.array([[1, 0, 4], [1, 0, 5], [2, 0, 0], [2, 0, 1]])
    assert positive_signalling(messages, np.array(["a", "b", "c", "c"])).value == pytest.approx(1)
    assert positive_signalling(messages, np.array([[0, 1], [0, 2], [1, 1], [1, 1]])).value == pytest.approx(1)
    assert positive_signalling(messages, np.array(["a", "b", "a", "b"])).value == pytest.approx(0, abs=1e-12)


def test_a_speaker_that_does_not_look_is_at_its_null() -> None:
    rng = np.random.default_rng(0)
    referents = rng.integers(0, 8, 300)
    blind = rng.integers(1, 9, (300, 1))
    seeing = np.where(rng.random((300, 1)) < 0.3, referents[:, None] + 1, blind)
    found = positive_signalling(np.stack([blind, seeing]), referents)
    assert found.each[0].value > 0.05  # the bias of a sample, which the null has as well
    assert abs(found.each[0].z_score) < 3
    assert found.each[1].p_value == pytest.approx(1 / 201)
    assert found.value == pytest.approx((found.each[0].value + found.each[1].value) / 2)


def test_one_message_for_each_referent_is_the_message_entropy() -> None:
    messages = np.array([[1, 1], [1, 2], [1, 1], [2, 2]])
    found = positive_signalling(messages, np.arange(4))
    assert found.value == pytest.approx(message_entropy(messages).value)
    assert found.p_value == 1


def test_what_does_not_vary() -> None:
    assert positive_signalling(np.ones((4, 2), int), np.arange(4)).value == 0
    one = positive_signalling(np.arange(1, 5)[:, None], np.full(4, 3))
    assert np.isnan(one.value)
    assert one.reason == "only one referent was seen"
    with pytest.raises(ConfigurationError, match=r"referents: expected shape \[4\] or \[4, A\], got \(3,\)"):
        positive_signalling(np.ones((4, 2), int), np.arange(3))
