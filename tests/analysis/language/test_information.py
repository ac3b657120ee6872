import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import mutual_info_score

from hubbub.analysis.language.information import as_codes, entropies_bits, informations_bits


def test_entropies_by_hand() -> None:
    found = entropies_bits(np.array([[0, 1, 2, 3], [5, 5, 5, 5], [7, 0, 7, 7]]))
    assert found.tolist() == pytest.approx([2, 0, 2 - 0.75 * np.log2(3)])
    assert found[1] == 0
    assert entropies_bits(np.zeros((3, 2, 1), int)).tolist() == [[0, 0]] * 3
    assert entropies_bits(np.empty((0, 4), int)).shape == (0,)


def test_codes_are_equal_where_values_are() -> None:
    assert as_codes(np.array([["b", "a"], ["c", "a"]])).tolist() == [[1, 0], [2, 0]]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3)), min_size=1, max_size=30))
def test_mutual_information_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    left, right = np.array(pairs).T
    expected = mutual_info_score(left, right) / np.log(2)
    assert informations_bits(as_codes(left)[None], as_codes(right)[None])[0] == pytest.approx(expected, abs=1e-9)


def test_many_codes_do_not_run_into_each_other() -> None:
    left, right = np.arange(400), np.arange(400)[::-1]
    assert informations_bits(as_codes(left), as_codes(right)) == pytest.approx(np.log2(400))
