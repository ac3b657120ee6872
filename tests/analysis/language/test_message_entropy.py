import numpy as np
import pytest

from hubbub.analysis.language import message_entropy


def test_entropy_by_hand() -> None:
    assert message_entropy(np.arange(1, 9)[:, None]).value == pytest.approx(3)
    assert message_entropy(np.ones((8, 2), int)).value == 0
    assert message_entropy(np.array([[1, 0, 2], [1, 0, 3], [2, 0, 0], [3, 0, 0]])).value == pytest.approx(1.5)


def test_a_population_gets_the_mean() -> None:
    found = message_entropy(np.stack([np.arange(1, 5)[:, None], np.ones((4, 1), int)]))
    assert (found.value, found.unit, found.n) == (pytest.approx(1), "bits", 2)
    assert [each.value for each in found.each] == [pytest.approx(2), 0]
