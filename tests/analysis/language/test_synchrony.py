import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.language import listener_synchrony, similarity, speaker_synchrony
from hubbub.simulator.errors import ConfigurationError


def test_speakers_by_hand() -> None:
    # Pairs: 0-1 alike; 0-2 and 1-2: [1, 2, 0] and [1, 0] are one edit in three apart, [3, 0] and [3, 0] none.
    messages = np.array([[[1, 2, 0], [3, 0, 0]], [[1, 2, 0], [3, 0, 5]], [[1, 0, 4], [3, 0, 0]]])
    found = speaker_synchrony(messages)
    pair = (2 / 3 + 1) / 2
    assert found.value == pytest.approx((1 + 2 * pair) / 3)
    assert [each.value for each in found.each] == pytest.approx([(1 + pair) / 2] * 2 + [pair])
    assert np.mean([each.value for each in found.each]) == pytest.approx(found.value)
    assert found.null is not None
    assert found.null == similarity(messages).mean.null
    assert found.null.mean < found.value


def test_one_speaker_has_none() -> None:
    found = speaker_synchrony(np.ones((1, 4, 2), int))
    assert np.isnan(found.value)
    assert found.reason == "fewer than 2 agents"


def test_listeners_by_hand() -> None:
    found = listener_synchrony(np.array([[0, 1, 2, 3], [0, 1, 2, 0], [0, 0, 0, 3]]))
    # Equal: 3 of 4 between 0 and 1, 2 of 4 between 0 and 2, 1 of 4 between 1 and 2.
    assert found.value == pytest.approx((3 + 2 + 1) / 12)
    assert [each.value for each in found.each] == pytest.approx([5 / 8, 4 / 8, 3 / 8])
    assert found.n == 3


def test_an_answer_of_several_attributes_is_equal_when_all_are() -> None:
    answers = np.array([[[0, 1], [1, 1]], [[0, 1], [1, 2]]])
    assert listener_synchrony(answers).value == pytest.approx(0.5)


def test_listeners_who_agree_are_beyond_chance() -> None:
    answers = np.tile(np.arange(50), (4, 1))
    found = listener_synchrony(answers, permutations=200)
    assert found.value == 1
    assert found.null is not None
    assert found.null.mean == pytest.approx(1 / 50, abs=0.01)
    assert found.p_value == pytest.approx(1 / 201)
    same = listener_synchrony(np.full((3, 7), 4))
    assert (same.value, same.p_value) == (1, 1)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(1, 6))
def test_it_is_the_definition(seed: int, n_listeners: int, n_messages: int) -> None:
    answers = np.random.default_rng(seed).integers(0, 3, (n_listeners, n_messages, 2))
    equal = [(a == b).all(axis=1).mean() for a, b in itertools.combinations(answers, 2)]
    assert listener_synchrony(answers, permutations=0).value == pytest.approx(np.mean(equal))


def test_one_listener_has_none_and_wrong_shapes_are_refused() -> None:
    alone = listener_synchrony(np.ones((1, 4)))
    assert np.isnan(alone.value)
    assert alone.reason == "fewer than 2 listeners"
    with pytest.raises(ConfigurationError, match=r"answers: expected shape \[N, M\] or \[N, M, A\]"):
        listener_synchrony(np.ones(4))
