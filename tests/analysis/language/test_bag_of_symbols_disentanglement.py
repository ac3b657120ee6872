import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import mutual_info_score

from hubbub.analysis.language import bag_of_symbols_disentanglement, positional_disentanglement

SQUARE = np.array(list(itertools.product(range(2), repeat=2)))


def test_free_word_order_has_one_by_symbols_and_not_by_position() -> None:
    # Symbols 1, 2 name the first attribute, 3, 4 the second, in one order or the other.
    messages = np.array([[1, 3], [4, 1], [3, 2], [2, 4]])
    assert bag_of_symbols_disentanglement(messages, SQUARE).value == pytest.approx(1)
    assert positional_disentanglement(messages, SQUARE).value < 0.9


def test_counts_by_hand() -> None:
    # Symbol 1 occurs 0, 0, 1, 2 times: 1 bit of the first attribute, 0.5 of the second, entropy 1.5.
    # Symbol 2 occurs 2, 2, 1, 0 times: the same.
    messages = np.array([[2, 2], [2, 2], [1, 2], [1, 1]])
    assert bag_of_symbols_disentanglement(messages, SQUARE).value == pytest.approx(0.5 / 1.5)


def test_the_end_symbol_is_not_counted() -> None:
    messages = np.array([[0, 3, 3], [1, 0, 2], [2, 0, 1], [1, 2, 0]])  # says nothing, 1, 2, 1 2
    assert bag_of_symbols_disentanglement(messages, SQUARE).value == pytest.approx(1)
    # Not cut: 1 and 2 occur in all but the first, 3 only there.
    assert bag_of_symbols_disentanglement(messages, SQUARE, convention="egg").value == pytest.approx(0, abs=1e-12)
    told = np.array([[0, 1], [0, 1], [0, 0], [0, 0]])
    assert bag_of_symbols_disentanglement(told, SQUARE, end_symbol=None).value == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 12), st.sampled_from(["cut", "egg", "no end symbol"]))
def test_it_is_the_definition(seed: int, n_referents: int, how: str) -> None:
    rng = np.random.default_rng(seed)
    messages, referents = rng.integers(0, 4, (n_referents, 4)), rng.integers(0, 3, (n_referents, 3))
    if not np.ptp(referents, axis=0).any():
        return
    rows = messages.tolist()
    said = [list(itertools.takewhile(bool, row)) for row in rows] if how == "cut" else rows
    gaps = []
    for symbol in range(0 if how == "no end symbol" else 1, 4):
        counts = [row.count(symbol) for row in said]
        if len(set(counts)) > 1:
            shared = sorted(mutual_info_score(counts, attribute) for attribute in referents.T)
            gaps.append((shared[-1] - shared[-2]) / mutual_info_score(counts, counts))
    options = {"cut": {}, "egg": {"convention": "egg"}, "no end symbol": {"end_symbol": None}}[how]
    found = bag_of_symbols_disentanglement(messages, referents, permutations=0, **options)
    assert found.value == pytest.approx(np.mean(gaps) if gaps else np.nan, abs=1e-9, nan_ok=True)


def test_it_has_a_null_and_the_mean_over_agents() -> None:
    referents = np.array(list(itertools.product(range(3), repeat=3)))
    perfect = referents + 1 + 3 * np.arange(3)
    rng = np.random.default_rng(0)
    found = bag_of_symbols_disentanglement(np.stack([perfect, rng.integers(1, 10, (27, 3))]), referents)
    alone = bag_of_symbols_disentanglement(perfect, referents)
    assert alone.value == pytest.approx(1)
    assert alone.p_value == pytest.approx(1 / 201)
    assert found.value == pytest.approx((1 + found.each[1].value) / 2)
    assert found.each[0] == alone
    assert found.each[1].p_value > 0.01


def test_no_symbol_to_count_is_undefined() -> None:
    for messages in (np.zeros((4, 2), int), np.ones((4, 2), int), np.zeros((3, 4, 2), int)):
        found = bag_of_symbols_disentanglement(messages, SQUARE)
        assert np.isnan(found.value)
        assert found.reason == "the messages do not vary"
    assert bag_of_symbols_disentanglement(SQUARE, SQUARE[:, :1]).reason == "fewer than 2 attributes"
