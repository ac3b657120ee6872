import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.language import positional_disentanglement
from hubbub.simulator.errors import ConfigurationError

REFERENTS = np.array(list(itertools.product(range(3), repeat=3)))
SQUARE = np.array(list(itertools.product(range(2), repeat=2)))


def bits(values: list) -> float:
    return -sum(n / len(values) * np.log2(n / len(values)) for n in Counter(values).values())


def brute_force(columns: list[list], attributes: np.ndarray) -> float:
    gaps = []
    for column in columns:
        if len(set(column)) > 1:
            shared = sorted(
                bits(column) + bits(a.tolist()) - bits(list(zip(column, a.tolist(), strict=True))) for a in attributes.T
            )
            gaps.append((shared[-1] - shared[-2]) / bits(column))
    return sum(gaps) / len(gaps) if gaps else np.nan


def test_one_attribute_for_each_position_has_one() -> None:
    found = positional_disentanglement(REFERENTS + 1, REFERENTS)
    assert found.value == pytest.approx(1)
    assert found.n == 27
    assert found.null is not None
    assert found.null.n == 200
    assert found.null.mean < 0.2
    assert found.p_value == pytest.approx(1 / 201)


def test_two_positions_by_hand() -> None:
    # Position 0 tells 1 bit of the first attribute, 0.5 of the second, and has 1.5; position 1 tells both as much.
    messages = np.array([[1, 1], [1, 1], [2, 1], [3, 2]])
    assert positional_disentanglement(messages, SQUARE).value == pytest.approx((0.5 / 1.5 + 0) / 2)


def test_a_position_that_does_not_vary_is_left_out() -> None:
    messages = np.stack([SQUARE[:, 0] + 1, np.ones(4, int), SQUARE[:, 1] + 1], axis=1)
    assert positional_disentanglement(messages, SQUARE).value == pytest.approx(1)


def test_after_the_end_a_position_holds_no_symbol() -> None:
    # The second position exists only where the first attribute is 1, and then tells the second one.
    messages = np.array([[0, 1], [0, 2], [1, 1], [1, 2]])
    column = ["none", "none", 1, 2]
    expected = (1 + brute_force([column], SQUARE)) / 2
    assert positional_disentanglement(messages, SQUARE).value == pytest.approx(expected)
    uncut = brute_force(messages.T.tolist(), SQUARE)
    assert uncut == pytest.approx(1)
    assert expected == pytest.approx(2 / 3)
    assert positional_disentanglement(messages, SQUARE, convention="egg").value == pytest.approx(uncut)
    assert positional_disentanglement(messages, SQUARE, end_symbol=None).value == pytest.approx(uncut)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12), st.integers(1, 4))
def test_it_is_the_definition(seed: int, n_referents: int, vocabulary: int) -> None:
    rng = np.random.default_rng(seed)
    messages = rng.integers(0, vocabulary, (2, n_referents, 3))
    referents = rng.integers(0, 3, (n_referents, 3))
    if not np.ptp(referents, axis=0).any():
        return
    found = positional_disentanglement(messages, referents, end_symbol=None, permutations=3)
    for own, rows in zip(found.each, messages, strict=True):
        expected = brute_force(rows.T.tolist(), referents)
        assert own.value == pytest.approx(expected, abs=1e-9, nan_ok=True)
        assert (own.reason == "") is not np.isnan(expected)


def test_a_silent_agent_is_left_out_of_the_mean() -> None:
    messages = np.stack([SQUARE + 1, np.ones((4, 2), int)])
    found = positional_disentanglement(messages, SQUARE, permutations=50)
    assert (found.value, found.n) == (pytest.approx(1), 1)
    assert found.reason == "1 of 2 agents left out: the messages do not vary"
    assert found.null == found.each[0].null


def test_what_cannot_be_told_apart_is_undefined() -> None:
    cases = [
        (np.ones((4, 2), int), SQUARE, "the messages do not vary"),
        (SQUARE + 1, SQUARE[:, :1], "fewer than 2 attributes"),
        (SQUARE + 1, np.ones((4, 2)), "no attribute varies"),
        (SQUARE[:1] + 1, SQUARE[:1], "no attribute varies"),
        (SQUARE + 1, np.empty((4, 0)), "fewer than 2 attributes"),
    ]
    for messages, referents, reason in cases:
        for spoken in (messages, messages[None]):
            found = positional_disentanglement(spoken, referents)
            assert np.isnan(found.value)
            assert found.reason == reason


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"referents: expected shape \[27, A\], got \(9, 3\)"):
        positional_disentanglement(REFERENTS, REFERENTS[:9])
    with pytest.raises(ConfigurationError, match="one of hubbub, egg, got 'eg'; did you mean 'egg'"):
        positional_disentanglement(REFERENTS, REFERENTS, convention="eg")
