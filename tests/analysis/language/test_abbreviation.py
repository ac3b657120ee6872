import numpy as np
import pytest
from scipy.stats import spearmanr

from hubbub.analysis.language import abbreviation
from hubbub.analysis.language.permutation_null import permutation_orders
from hubbub.simulator.errors import ConfigurationError

MESSAGES = np.array([[1, 0, 0, 0], [1, 0, 9, 9], [1, 0, 0, 0], [2, 3, 0, 0], [2, 3, 0, 0], [4, 4, 4, 0]])


def test_frequent_messages_that_are_short_give_minus_one() -> None:
    found = abbreviation(MESSAGES)  # 3, 2 and 1 referents; 2, 3 and 4 symbols
    assert found.value == pytest.approx(-1)
    assert found.null is not None
    # Of six orders one is as negative; the null has a mean of 0 and sd 1/√2.
    assert found.p_value == pytest.approx(1 / 6, abs=0.05)
    assert found.null.mean == pytest.approx(0, abs=0.1)
    assert found.z_score == pytest.approx(-np.sqrt(2), abs=0.2)


def test_frequencies_of_referents_are_added() -> None:
    frequencies = np.array([1, 1, 1, 2, 2, 9])  # messages 3, 4, 9: the longer the more frequent
    found = abbreviation(MESSAGES, frequencies)
    assert found.value == pytest.approx(1)
    assert found.p_value > 0.9


def test_it_is_the_spearman_correlation_of_scipy() -> None:
    rng = np.random.default_rng(0)
    messages, frequencies = rng.integers(0, 3, (60, 5)), rng.random(60)
    total: dict[tuple, float] = {}
    for row, often in zip(messages.tolist(), frequencies, strict=True):
        said = tuple(row[: row.index(0) + 1] if 0 in row else row)
        total[said] = total.get(said, 0) + often
    expected = spearmanr(list(total.values()), [len(said) for said in total]).statistic
    found = abbreviation(np.stack([messages, messages]), frequencies, permutations=10)
    assert found.value == pytest.approx(expected)
    assert [each.value for each in found.each] == pytest.approx([expected] * 2)


def test_the_null_has_the_sign_of_the_value() -> None:
    found = abbreviation(MESSAGES, permutations=3)
    three = [
        -1 * np.corrcoef([1, 2, 3], order)[0, 1] for order in permutation_orders(3, permutations=3, generator=None)[1:]
    ]
    assert found.null is not None
    assert found.null.mean == pytest.approx(np.mean(three))
    assert np.mean(three) != 0
    assert found.p_value == pytest.approx((1 + sum(value < -0.999 for value in three)) / 4)


def test_what_does_not_vary_is_undefined() -> None:
    for messages in (np.ones((4, 3), int), np.arange(1, 5)[:, None], np.array([[1, 2]]), MESSAGES[[0, 3, 5]]):
        found = abbreviation(messages)
        assert np.isnan(found.value)
        assert found.reason == "the distinct messages all have the same length or the same frequency"
    mixed = abbreviation(np.stack([MESSAGES, np.ones((6, 4), int)]))
    assert (mixed.value, mixed.n) == (pytest.approx(-1), 1)


@pytest.mark.parametrize("frequencies", [np.ones(5), np.full(6, -1), np.full(6, np.nan)])
def test_wrong_frequencies_are_refused(frequencies: np.ndarray) -> None:
    with pytest.raises(ConfigurationError, match=r"frequencies: expected numbers from 0 of shape \(6,\)"):
        abbreviation(MESSAGES, frequencies)
