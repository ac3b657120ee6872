import numpy as np
import pytest

from hubbub.analysis.temporal import phase_randomised, shuffled, shuffled_intervals, surrogate_null


@pytest.mark.parametrize("n", [1000, 1001])
def test_random_phases_keep_mean_and_spectrum(n: int) -> None:
    record = np.cumsum(np.random.default_rng(0).standard_exponential(n))
    other = phase_randomised(record, np.random.default_rng(1))
    np.testing.assert_allclose(np.abs(np.fft.rfft(other)), np.abs(np.fft.rfft(record)), rtol=1e-9, atol=1e-6)
    assert other.mean() == pytest.approx(record.mean())
    assert np.abs(other - record).max() > 1


def test_shuffles_keep_values_and_intervals() -> None:
    rng = np.random.default_rng(2)
    times = np.array([3, 4, 8, 20])
    other = shuffled_intervals(times, rng)
    assert (other[0], other[-1]) == (3, 20)
    assert sorted(np.diff(other)) == [1, 4, 12]
    assert len({tuple(shuffled_intervals(times, rng)) for _ in range(50)}) == 6
    assert sorted(shuffled(times, rng)) == times.tolist()
    assert len(shuffled_intervals(np.empty(0), rng)) == 0


def test_any_statistic_has_a_null() -> None:
    bursts = np.repeat(np.random.default_rng(3).pareto(1.5, 400), 10)
    null = surrogate_null(
        lambda record: float(record.max()),
        bursts,
        surrogate=phase_randomised,
        generator=np.random.default_rng(4),
        surrogates=30,
    )
    assert null is not None
    assert (null.n, null.model) == (30, "phase randomised")
    assert bursts.max() > null.mean + 3 * null.sd
    assert surrogate_null(float, bursts, surrogate=shuffled, generator=np.random.default_rng(4), surrogates=0) is None
