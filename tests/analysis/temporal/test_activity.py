"""Activity from spike trains: counts by hand, properties, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.temporal import activity_from_counts, activity_from_events, activity_from_raster, mean_interval
from hubbub.simulator.errors import ConfigurationError


def test_events_are_counted_in_bins_that_begin_at_0():
    times = [0.0, 0.4, 1.0, 1.0, 2.999, 3.0]
    found = activity_from_events(times, [3, 3, 3, 5, 3, 5], bin=1, unit="s")
    assert found.counts.tolist() == [2, 2, 1, 1]
    assert (found.n_channels, found.n_events, found.duration) == (2, 6, 4.0)
    assert found.rule == "events in bins of 1 s from 0 s"
    by_channel = activity_from_events(times, list("aaabab"), bin=1, counted="channels")
    assert by_channel.counts.tolist() == [1, 2, 1, 1]


def test_times_on_a_grid_fall_into_their_own_bins_in_every_unit():
    steps = np.arange(1000)
    for scale, unit in ((0.1, "s"), (1e-3, "s"), (0.7, "ms"), (1, "step")):
        assert activity_from_events(steps * scale, bin=scale, unit=unit).counts.tolist() == [1] * 1000


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 500), max_size=60), st.integers(1, 40), st.sampled_from([1, 0.1, 1e-3, 3]))
def test_counts_are_those_of_whole_times_whatever_the_unit(times, bin_length, scale):
    expected = np.bincount(np.array(times, dtype=int) // bin_length) if times else []
    shuffled = np.random.default_rng(0).permutation(np.array(times, dtype=float)) * scale
    found = activity_from_events(shuffled, bin=bin_length * scale, start=0)
    assert found.counts.tolist() == list(expected)
    assert found.counts.sum() == found.n_events == len(times)


def test_a_part_of_a_record():
    found = activity_from_events([-1.0, 5.0, 6.5, 9.0, 9.9, 10.0], bin=2, start=5, stop=10)
    assert found.counts.tolist() == [2, 0]
    assert found.rule.endswith("4 of 6 events outside left out")
    assert activity_from_events([], bin=1, stop=3).counts.tolist() == [0, 0, 0]


def test_rasters_in_both_orientations():
    raster = np.random.default_rng(0).random((5, 200)) < 0.1
    by_hand = raster.sum(axis=0)
    for given_raster, axis in ((raster, 1), (raster, None), (raster.T, 0), (raster.T, None), (raster.astype(float), 1)):
        found = activity_from_raster(given_raster, time_axis=axis)
        assert found.counts.tolist() == by_hand.tolist()
        assert found.n_channels == 5
    assert "channels × time" in activity_from_raster(raster).rule
    in_bins = activity_from_raster(raster, bin_steps=3, step=2.0, unit="ms")
    assert in_bins.counts.tolist() == by_hand[:198].reshape(66, 3).sum(axis=1).tolist()
    assert (in_bins.bin, in_bins.unit) == (6.0, "ms")
    channels = activity_from_raster(raster, bin_steps=100, counted="channels")
    assert channels.counts.tolist() == [int(raster[:, :100].any(1).sum()), int(raster[:, 100:].any(1).sum())]
    spins = np.where(raster, 1, -1)
    found = activity_from_raster(spins, threshold=0)
    assert (found.counts.tolist(), "active above 0" in found.rule) == (by_hand.tolist(), True)


def test_the_usual_bin():
    assert mean_interval([3.0, 1.0, 2.0, 5.0]) == pytest.approx(4 / 3)
    with pytest.raises(ConfigurationError, match="at least two different times, got 1"):
        mean_interval([1.0, 1.0])


REFUSED = [
    (
        lambda: activity_from_events([1, np.nan], bin=1),
        r"times: expected finite numbers, got 1 others, the first at \(1,\)",
    ),
    (
        lambda: activity_from_events(np.ma.masked_equal([1, 2], 2), bin=1),
        r"1 masked; leave these out \(values.compressed",
    ),
    (lambda: activity_from_events(np.zeros((3, 2)), bin=1), "activity_from_raster takes a raster"),
    (lambda: activity_from_events([1, 2], [1], bin=1), "channels: expected one for each of the 2 events"),
    (lambda: activity_from_events([1, 2], [1, np.nan], bin=1), "channels: expected numbers or names, got NaN"),
    (lambda: activity_from_events([1, 2], bin=0), "bin: expected a length above 0, got 0"),
    (lambda: activity_from_events([1, 2], bin=np.nan), "bin: expected a length above 0, got nan"),
    (lambda: activity_from_events([1, 2], bin=1, unit="sec"), "unit: expected one of s, ms, us, step, got 'sec'"),
    (lambda: activity_from_events([1.6e9, 1.6e9 + 50], bin=1), "start: expected the time at which the record begins"),
    (lambda: activity_from_events([-3, 5], bin=1), "start: expected the time"),
    (lambda: activity_from_events([1, 1e12], bin=1), "expected at most 1,000,000,000 bins"),
    (lambda: activity_from_events([1, 2], bin=1, counted="channels"), "to count channels, got none"),
    (lambda: activity_from_events(["a"], bin=1), "times: expected numbers"),
    (lambda: activity_from_raster(np.zeros((20, 30))), r"time_axis: expected 0 \(time × channels\) or 1"),
    (lambda: activity_from_raster(np.zeros(30)), r"raster: expected shape \[time, channels\]"),
    (lambda: activity_from_raster(np.full((2, 30), 0.5)), "threshold=0 makes a channel active"),
    (lambda: activity_from_raster(np.full((2, 30), -1)), "threshold=0 makes a channel active"),
    (lambda: activity_from_raster(np.full((2, 30), np.nan)), "raster: expected finite numbers, got 60 others"),
    (lambda: activity_from_raster(np.ma.masked_less(np.zeros((2, 30)), 1)), "60 masked"),
    (lambda: activity_from_counts([1, -2]), "counts: expected whole numbers ≥ 0, got -2"),
    (lambda: activity_from_counts([1, 0.5]), "counts: expected whole numbers ≥ 0, got 0.5"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_is_refused(call, message):
    with pytest.raises(ConfigurationError, match=message):
        call()
