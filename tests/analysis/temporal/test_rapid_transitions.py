import numpy as np
import pytest

from hubbub.analysis.temporal import rapid_transition_events
from hubbub.simulator.errors import ConfigurationError


def test_jumps_of_the_amplitude_are_found() -> None:
    step = np.arange(4000)
    amplitude = np.where(step // 1000 % 2, 3.0, 1.0)
    found = rapid_transition_events(amplitude * np.sin(2 * np.pi * step / 10), quantile=0.99)
    inside = found[(found > 100) & (found < 3900)]
    nearest = np.round(inside / 1000) * 1000
    assert set(nearest) == {1000, 2000, 3000}
    assert np.abs(inside - nearest).max() <= 10


def test_events_are_the_first_steps_of_a_tenth_of_the_record() -> None:
    record = np.random.default_rng(0).standard_normal(5000)
    found = rapid_transition_events(record)
    assert 100 < len(found) < 500
    assert (np.diff(found) > 1).all()
    np.testing.assert_array_equal(found, rapid_transition_events(3 * record + 7))


def test_the_change_is_the_difference_of_means_before_and_after() -> None:
    record = np.random.default_rng(1).standard_normal(60)
    from scipy.signal import hilbert

    envelope = np.abs(hilbert(record - record.mean()))
    places = range(2, 58)
    change = np.array([abs(envelope[t + 1 : t + 3].mean() - envelope[t - 2 : t].mean()) for t in places])
    fast = change > np.quantile(change, 0.8)
    expected = [t for i, t in enumerate(places) if fast[i] and not (i and fast[i - 1])]
    assert rapid_transition_events(record, reach=2, quantile=0.8).tolist() == expected


def test_records_without_change_have_none() -> None:
    assert len(rapid_transition_events(np.ones(100))) == 0
    assert len(rapid_transition_events(np.arange(11.0))) == 0
    with pytest.raises(ConfigurationError, match="reach: expected a whole number ≥ 1, got 0"):
        rapid_transition_events(np.arange(50.0), reach=0)
    with pytest.raises(ConfigurationError, match="quantile: expected a number between 0 and 1, got 90"):
        rapid_transition_events(np.arange(50.0), quantile=90)
    with pytest.raises(ConfigurationError, match="record: expected finite numbers, got 1 others"):
        rapid_transition_events(np.array([1, np.inf]))
