import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.emergence import dual_total_correlation, o_information, total_correlation
from hubbub.simulator.errors import ConfigurationError

# Every joint state as often as any other, so that shares are probabilities.
COINS = np.array(np.meshgrid([0, 1], [0, 1])).reshape(2, -1).T.repeat(50, axis=0)
XOR = np.column_stack([COINS, COINS[:, 0] ^ COINS[:, 1]])
COPIES = COINS[:, [0, 0, 0]]


def test_combinations_and_copies() -> None:
    for record, total, dual in ((XOR, 1, 2), (COPIES, 2, 1), (COINS, 0, 0)):
        assert total_correlation(record, shuffles=0).value == pytest.approx(total, abs=1e-12)
        assert dual_total_correlation(record, shuffles=0).value == pytest.approx(dual, abs=1e-12)
        assert o_information(record, shuffles=0).value == pytest.approx(total - dual, abs=1e-12)


def test_the_null_is_independence_with_the_bias_of_few_samples() -> None:
    record = np.random.default_rng(0).integers(0, 3, (90, 3))
    found = total_correlation(record, shuffles=200)
    assert found.null is not None
    assert found.null.model == "time shuffled"
    degrees = 27 - 1 - 3 * 2  # degrees of freedom, joint minus single variables (Miller 1955)
    assert found.null.mean == pytest.approx(degrees / (2 * 90 * math.log(2)), rel=0.2)
    assert 0.02 < found.p_value < 0.98


def test_gaussian_variables() -> None:
    """A chain X1 → X2 → X3 with correlation r: TC and DTC in closed form."""
    r, rng = 0.7, np.random.default_rng(0)
    chain = [rng.standard_normal(50_000)]
    for _ in range(2):
        chain.append(r * chain[-1] + math.sqrt(1 - r**2) * rng.standard_normal(50_000))
    record = np.column_stack(chain)
    link = -0.5 * math.log2(1 - r**2)
    ends = -0.5 * math.log2(1 - r**4)
    assert total_correlation(record, estimator="gaussian", shuffles=5).value == pytest.approx(2 * link, abs=0.02)
    omega = o_information(record, estimator="gaussian", shuffles=5)
    assert omega.value == pytest.approx(ends, abs=0.02)  # Ω of a chain is what its ends share
    assert omega.p_value == pytest.approx(1 / 6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 99), st.permutations(range(3)))
def test_neither_order_nor_names_matter(seed: int, order: list[int]) -> None:
    record = np.random.default_rng(seed).integers(0, 3, (60, 3))
    names = np.array(["x", "y", "z"])[record[:, order]]
    assert o_information(names, shuffles=0).value == pytest.approx(o_information(record, shuffles=0).value)
    assert total_correlation(record, shuffles=0).value >= -1e-12
    assert dual_total_correlation(record, shuffles=0).value >= -1e-12


def test_bad_records() -> None:
    short = o_information(np.random.default_rng(0).integers(0, 2, (30, 5)))
    assert short.reason == "30 samples, at least 32 needed"
    one = np.random.default_rng(0).random((30, 1))
    fixed = total_correlation(np.hstack([one, one]), estimator="gaussian")
    assert np.isnan(fixed.value)
    with pytest.raises(ConfigurationError, match=r"record: expected shape \[T, N\]"):
        o_information(np.ones(5))
    with pytest.raises(ConfigurationError, match="record: expected two variables or more, got 1"):
        o_information(one)
    with pytest.raises(ConfigurationError, match="record: expected finite numbers, got 5 others"):
        total_correlation(np.full((5, 2), np.inf))
