import numpy as np
import pytest

from hubbub.analysis.temporal import critical_interval
from hubbub.simulator.errors import ConfigurationError

NOISE = np.array([0.1, 0.2, 0.3, 0.4, 0.5])


def test_an_interval_by_hand() -> None:
    found = critical_interval(NOISE, np.array([0.5, 0.55, 1.0, 0.8, 0.5]), np.full(5, 0.05))
    # H less its error: .45 .5 .95 .75 .45
    assert found.lower[0] == pytest.approx(0.2 + 0.1 * (0.6 - 0.5) / 0.45)
    assert found.upper[0] == pytest.approx(0.4 + 0.1 * (0.75 - 0.6) / 0.3)
    assert found.width[0] == pytest.approx(found.upper[0] - found.lower[0])
    assert (found.peak[0], found.h_peak[0], found.error[0]) == (0.3, 1.0, 0.05)
    assert not found.open[0]


def test_every_load_has_its_own_and_some_have_none() -> None:
    h = np.array([[0.5, 0.9, 0.5, 0.5, 0.5], [0.5] * 5, [0.5, 0.5, 0.7, 0.9, 1.2], [np.nan] * 5])
    found = critical_interval(NOISE, h, np.zeros((4, 5)))
    assert found.peak[0] == 0.2
    assert found.width[0] == pytest.approx(0.1 * 0.3 / 0.4 * 2)
    for values in (found.lower, found.upper, found.width, found.peak, found.h_peak, found.error):
        assert np.isnan(values[[1, 3]]).all()
    assert found.open.tolist() == [False, False, True, False]
    assert found.upper[2] == 0.5


def test_a_large_error_and_a_missing_value_end_the_interval() -> None:
    h = np.array([0.5, 0.9, 0.9, 0.9, np.nan])
    wide = critical_interval(NOISE, h, np.array([0, 0, 0, 0.4, 0]))
    assert wide.upper[0] == pytest.approx(0.3 + 0.1 * 0.3 / 0.4)
    last = critical_interval(NOISE, h, np.zeros(5))
    assert last.upper[0] == 0.4
    strict = critical_interval(NOISE, h, np.full(5, 0.1), errors=2)
    assert strict.lower[0] > critical_interval(NOISE, h, np.full(5, 0.1)).lower[0]
    assert strict.errors == 2


def test_only_the_run_around_the_peak_counts() -> None:
    found = critical_interval(NOISE, np.array([0.7, 0.5, 0.9, 0.5, 0.7]), np.zeros(5))
    assert 0.2 < found.lower[0] < 0.3 < found.upper[0] < 0.4


@pytest.mark.parametrize(
    ("noise", "h", "error", "message"),
    [
        (NOISE[::-1], np.zeros(5), np.zeros(5), "noise: expected at least 2 ascending levels"),
        (NOISE, np.zeros(4), np.zeros(4), r"h: expected shape \[K, 5\] or \[5\], the same for both, got \(4,\)"),
        (NOISE, np.zeros(5), np.zeros((1, 5)), r"h_error: expected shape .* got \(1, 5\)"),
    ],
)
def test_the_door_of_the_critical_interval(noise: np.ndarray, h: np.ndarray, error: np.ndarray, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        critical_interval(noise, h, error)
