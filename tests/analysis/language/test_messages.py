import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.language.messages import as_texts, checked, edit_distances, message_lengths
from hubbub.simulator.errors import ConfigurationError


def levenshtein(a: list[int], b: list[int]) -> int:
    """Plain dynamic programming, the textbook way."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def test_a_message_goes_up_to_and_including_its_first_end_symbol() -> None:
    messages = np.array([[3, 0, 5], [0, 0, 0], [1, 2, 3], [4, 4, 0]])
    assert message_lengths(messages).tolist() == [2, 1, 3, 3]
    assert message_lengths(messages, end_symbol=None).tolist() == [3, 3, 3, 3]
    assert message_lengths(messages, lengths=np.array([1, 2, 3, 0])).tolist() == [1, 2, 3, 0]
    assert message_lengths(messages, end_symbol=4).tolist() == [3, 3, 3, 1]


def test_what_follows_the_end_symbol_is_not_seen() -> None:
    texts = as_texts(np.array([[3, 0, 5], [3, 0, 0], [3, 0, 1]]))
    assert len(set(texts.tolist())) == 1
    assert np.char.str_len(texts).tolist() == [2, 2, 2]
    whole = as_texts(np.array([[3, 0, 5], [3, 0, 0], [3, 0, 1]]), end_symbol=None)
    assert len(set(whole.tolist())) == 3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1, max_size=6))
def test_distances_are_those_of_the_textbook(rows: list[list[int]]) -> None:
    messages = np.array(rows)
    lengths = message_lengths(messages)
    cut = [row[:n] for row, n in zip(rows, lengths, strict=True)]
    expected = [[levenshtein(a, b) / max(len(a), len(b)) for b in cut] for a in cut]
    np.testing.assert_array_equal(edit_distances(as_texts(messages)), expected)


def test_large_symbols_and_empty_messages() -> None:
    texts = as_texts(np.array([[40000, 1], [40000, 2], [7, 7]]), lengths=np.array([2, 2, 0]))
    np.testing.assert_array_equal(edit_distances(texts), [[0, 0.5, 1], [0.5, 0, 1], [1, 1, 0]])


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        (np.zeros(3), r"expected shape \[N, R, L\], none of them 0, got \(3,\)"),
        (np.zeros((2, 0, 3)), r"none of them 0, got \(2, 0, 3\)"),
        (np.full((2, 2, 2), 0.5), "fractions or negative"),
        (np.full((2, 2, 2), -1), "fractions or negative"),
    ],
)
def test_the_door_refuses(messages: np.ndarray, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        checked(messages, ndim=(3,))


def test_wrong_lengths_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"lengths: expected shape \(2,\), got \(3,\)"):
        message_lengths(np.ones((2, 4)), lengths=np.ones(3))
    with pytest.raises(ConfigurationError, match=r"lengths: expected 0 … 4, got \(1, 5\)"):
        message_lengths(np.ones((2, 4)), lengths=np.array([1, 5]))
