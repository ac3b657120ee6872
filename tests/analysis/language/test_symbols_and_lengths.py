import numpy as np
import pytest

from hubbub.analysis.language import distinct_messages, message_length, position_entropy, symbol_entropy, vocabulary_use
from hubbub.simulator.errors import ConfigurationError

MESSAGES = np.array([[1, 0, 5], [1, 2, 0], [2, 1, 2], [0, 4, 4]])  # 1 0, 1 2 0, 2 1 2, 0
NOBODY = np.zeros(4, int)


def test_symbol_entropy_by_hand() -> None:
    # 1 three times, 2 three times, 0 three times.
    assert symbol_entropy(MESSAGES).value == pytest.approx(np.log2(3))
    assert symbol_entropy(MESSAGES).unit == "bits"
    assert symbol_entropy(np.array([[1, 1, 1, 2]]), end_symbol=None).value == pytest.approx(2 - 0.75 * np.log2(3))
    assert symbol_entropy(np.full((5, 2), 3)).value == 0


def test_position_entropy_by_hand() -> None:
    # Positions: 1 1 2 0; 0 2 1 -; - 0 2 -, where - is no symbol.
    found = position_entropy(MESSAGES)
    assert [measure.value for measure in found] == pytest.approx([1.5, 2, 1.5])
    assert [measure.estimator.split(" over")[0] for measure in found][2] == "entropy of the symbol at position 2"
    both = position_entropy(np.stack([MESSAGES, np.ones((4, 3), int)]))
    assert [measure.value for measure in both] == pytest.approx([0.75, 1, 0.75])
    assert [measure.each[1].value for measure in both] == [0, 0, 0]


def test_vocabulary_use_by_hand() -> None:
    assert vocabulary_use(MESSAGES, 6).value == pytest.approx(3 / 6)
    assert vocabulary_use(MESSAGES, 6, end_symbol=None).value == pytest.approx(5 / 6)
    both = vocabulary_use(np.stack([MESSAGES, np.ones((4, 3), int)]), 6)
    assert (both.value, both.n) == (pytest.approx(2 / 6), 2)
    with pytest.raises(ConfigurationError, match="messages: expected symbols below 2, got 2"):
        vocabulary_use(MESSAGES, 2)
    assert vocabulary_use(MESSAGES, 3).value == 1  # padding is not looked at


def test_distinct_messages_by_hand() -> None:
    assert distinct_messages(MESSAGES).value == 1
    assert distinct_messages(np.array([[1, 0, 2], [1, 0, 3], [2, 0, 0], [2, 1, 0]])).value == pytest.approx(3 / 4)
    assert distinct_messages(np.array([[1], [2], [1]])).value == pytest.approx(2 / 3)
    both = distinct_messages(np.stack([MESSAGES, np.ones((4, 3), int)]))
    assert [each.value for each in both.each] == [1, 0.25]


def test_message_length_by_hand() -> None:
    found = message_length(MESSAGES)
    assert (found.value, found.unit) == (pytest.approx((2 + 3 + 3 + 1) / 4), "symbols")
    assert message_length(MESSAGES, end_symbol=None).value == 3
    assert message_length(np.stack([MESSAGES, MESSAGES]), lengths=np.array([[1] * 4, [2] * 4])).value == 1.5


def test_none_of_them_has_a_null_and_empty_messages_are_told() -> None:
    for found in (symbol_entropy(MESSAGES), message_length(MESSAGES), *position_entropy(MESSAGES)):
        assert found.null is None
        assert np.isnan(found.p_value)
    empty = symbol_entropy(MESSAGES, lengths=NOBODY)
    assert np.isnan(empty.value)
    assert empty.reason == "all messages are empty"
    assert message_length(MESSAGES, lengths=NOBODY).value == 0
    assert vocabulary_use(MESSAGES, 6, lengths=NOBODY).value == 0
