import numpy as np
import pytest
from scipy.stats import spearmanr

from hubbub.analysis.ranks import rank_correlation


def test_it_is_spearman_with_ties() -> None:
    rng = np.random.default_rng(0)
    left, right = rng.integers(0, 4, 30), rng.integers(0, 4, 30)
    assert rank_correlation(left, right).value == pytest.approx(spearmanr(left, right).statistic)


def test_null_and_reason() -> None:
    rising = rank_correlation(np.arange(12), np.arange(12) ** 2)
    assert rising.value == pytest.approx(1)
    assert rising.p_value == pytest.approx(1 / 1001)
    assert rank_correlation(np.ones(5), np.arange(5)).reason == "one of the columns does not vary"
