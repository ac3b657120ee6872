import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.emergence import effective_rank, jensen_shannon_complexity, lmc_complexity, participation_ratio
from hubbub.simulator.errors import ConfigurationError

ORDERS = [[1, 0, 0, 0], [5, 5, 5, 5]]


def test_lmc_complexity_by_hand() -> None:
    assert lmc_complexity(np.array([0.7, 0.1, 0.1, 0.1])).value == pytest.approx(0.18317, abs=1e-5)
    assert lmc_complexity(np.array([7, 1, 1, 1])).value == pytest.approx(0.18317, abs=1e-5)


def test_jensen_shannon_complexity_by_the_published_normalisation() -> None:
    """Lamberti et al. (2004): Q0 = −2 / [(N + 1)/N ln(N + 1) − 2 ln 2N + ln N], all in nats."""
    p, n = np.array([0.7, 0.1, 0.1, 0.1]), 4

    def entropy(q: np.ndarray) -> float:
        return float(-(q * np.log(q)).sum())

    q0 = -2 / ((n + 1) / n * np.log(n + 1) - 2 * np.log(2 * n) + np.log(n))
    divergence = entropy((p + 0.25) / 2) - entropy(p) / 2 - np.log(n) / 2
    assert jensen_shannon_complexity(p).value == pytest.approx(q0 * divergence * entropy(p) / np.log(n))


@pytest.mark.parametrize("complexity", [lmc_complexity, jensen_shannon_complexity])
def test_order_and_disorder_are_simple(complexity) -> None:
    assert [complexity(np.array(weights)).value for weights in ORDERS] == pytest.approx([0, 0], abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=9))
def test_complexity_is_between_0_and_1_whatever_the_order(weights: list[float]) -> None:
    for complexity in (lmc_complexity, jensen_shannon_complexity):
        value = complexity(np.array(weights)).value
        assert -1e-12 <= value <= 1
        assert complexity(np.array(weights[::-1])).value == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("wrong", [[1], [0, 0], [-1, 2], [np.nan, 1], [[1, 2], [3, 4]]])
def test_what_is_no_distribution_is_refused(wrong: list) -> None:
    with pytest.raises(ConfigurationError, match="weights: expected"):
        lmc_complexity(np.array(wrong))


def test_dimensions_of_activity() -> None:
    rng = np.random.default_rng(0)
    isotropic = rng.standard_normal((20_000, 8))
    line = np.outer(rng.standard_normal(50), [1.0, -2, 3])
    for dimension in (participation_ratio, effective_rank):
        assert dimension(isotropic).value == pytest.approx(8, abs=0.02)
        assert dimension(line).value == pytest.approx(1)
        assert dimension(isotropic + 100).value == pytest.approx(dimension(isotropic).value)
        assert dimension(isotropic).unit == "dimensions"


def test_dimensions_from_known_variances() -> None:
    """Columns that are exactly orthogonal, with variances 4, 1 and 1."""
    record = np.array([[2, 1, 1], [2, -1, -1], [-2, 1, -1], [-2, -1, 1]])
    shares = np.array([4, 1, 1]) / 6
    assert participation_ratio(record).value == pytest.approx(2)
    assert effective_rank(record).value == pytest.approx(np.exp(-(shares * np.log(shares)).sum()))


def test_few_samples_make_the_participation_ratio_small() -> None:
    record = np.random.default_rng(0).standard_normal((100, 100))
    assert participation_ratio(record).value == pytest.approx(50, rel=0.03)


def test_bad_activations() -> None:
    assert participation_ratio(np.ones((1, 3))).reason == "1 samples, at least 2 needed"
    assert effective_rank(np.ones((5, 3))).reason == "no unit varies"
    with pytest.raises(ConfigurationError, match=r"activations: expected shape \[T, d\]"):
        participation_ratio(np.ones(5))
    with pytest.raises(ConfigurationError, match="activations: expected finite numbers, got 6 others"):
        participation_ratio(np.full((3, 2), np.nan))
