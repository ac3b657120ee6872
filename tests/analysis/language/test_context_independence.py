import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.language import context_independence

SQUARE = np.array(list(itertools.product(range(2), repeat=2)))


def brute_force(messages: np.ndarray, referents: np.ndarray) -> float:
    said = [set(itertools.takewhile(lambda s: s != 0, row)) for row in messages.tolist()]
    symbols = set().union(*said)
    if not symbols:
        return np.nan
    found = []
    for column in referents.T:
        for value in set(column.tolist()) if len(set(column.tolist())) > 1 else ():
            mine = [s for s, is_mine in zip(said, column == value, strict=True) if is_mine]
            shares = {
                v: (sum(v in s for s in mine) / len(mine), sum(v in s for s in mine) / sum(v in s for s in said))
                for v in symbols
            }
            there, back = max(shares.values())  # largest p(v | c), then largest p(c | v)
            found.append(there * back)
    return float(np.mean(found))


def test_a_symbol_for_each_concept_has_one_in_any_order() -> None:
    messages = np.array([[1, 3], [4, 1], [3, 2], [2, 4]])
    found = context_independence(messages, SQUARE)
    assert found.value == pytest.approx(1)
    assert found.n == 4
    assert found.null is not None
    assert found.null.mean < 0.9


def test_the_same_message_for_all_is_at_chance() -> None:
    found = context_independence(np.full((4, 2), 3), SQUARE)
    assert found.value == pytest.approx(0.5)
    assert found.p_value == 1


def test_holistic_messages_by_hand() -> None:
    # Every referent has a symbol of its own: p(v | c) = 1/2, p(c | v) = 1.
    assert context_independence(np.arange(1, 5)[:, None], SQUARE).value == pytest.approx(0.5)


def test_an_attribute_that_does_not_vary_is_left_out() -> None:
    wide = np.concatenate([SQUARE, np.full((4, 1), 7)], axis=1)
    messages = np.array([[1, 1], [1, 2], [3, 3], [1, 1]])
    assert context_independence(messages, wide).value == context_independence(messages, SQUARE).value


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 10), st.integers(1, 5))
def test_it_is_the_definition(seed: int, n_referents: int, vocabulary: int) -> None:
    rng = np.random.default_rng(seed)
    messages = rng.integers(0, vocabulary, (2, n_referents, 3))
    referents = rng.integers(0, 3, (n_referents, 2))
    if not np.ptp(referents, axis=0).any():
        return
    found = context_independence(messages, referents, permutations=2)
    for own, rows in zip(found.each, messages, strict=True):
        assert own.value == pytest.approx(brute_force(rows, referents), nan_ok=True)


def test_silence_and_one_referent_are_undefined() -> None:
    silent = context_independence(np.zeros((2, 4, 3), int), SQUARE)
    assert np.isnan(silent.value)
    assert silent.reason == "the messages hold no symbol but the end symbol"
    half = context_independence(np.stack([np.zeros((4, 1), int), np.arange(1, 5)[:, None]]), SQUARE)
    assert (half.value, half.n) == (pytest.approx(0.5), 1)
    assert context_independence(SQUARE[:1] + 1, SQUARE[:1]).reason == "no attribute varies"
