import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis.temporal import avalanches, threshold_sweep
from hubbub.simulator.errors import ConfigurationError

ACTIVITY = np.array([5, 0, 3, 4, 0, 0, 2, 1, 7, 0, 9])


def test_avalanches_by_hand() -> None:
    found = avalanches(ACTIVITY, threshold=2)
    assert found.births.tolist() == [2, 6, 8]  # the first and the last run touch an end of the record
    assert found.deaths.tolist() == [4, 7, 9]
    assert found.sizes.tolist() == [7, 2, 7]
    assert found.durations.tolist() == [2, 1, 1]
    assert found.quiescences.tolist() == [2, 1]
    assert found.transitions.tolist() == [2, 4, 6, 7, 8, 9]
    assert (len(found), found.threshold, found.n_steps, found.bin_steps) == (3, 2, 11, 1)


@pytest.mark.parametrize(
    ("threshold", "deviations", "level", "rule"),
    [
        ("mean", 0, ACTIVITY.mean(), "mean"),
        ("median", 0, 2, "median"),
        ("mean", 1.5, ACTIVITY.mean() + 1.5 * ACTIVITY.std(), "mean + 1.5 sd"),
        (3, 0, 3, "3"),
        (3, 1, 3 + ACTIVITY.std(), "3 + 1 sd"),
    ],
)
def test_threshold_rules(threshold: str | float, deviations: float, level: float, rule: str) -> None:
    found = avalanches(ACTIVITY, threshold=threshold, deviations=deviations)
    assert found.threshold == pytest.approx(level)
    assert found.rule == rule
    assert (found.sizes >= level).all()


def test_bins_add_their_steps_and_times_stay_in_steps() -> None:
    found = avalanches(ACTIVITY, threshold=4, bin_steps=2)  # bins 5 7 0 3 7, the last step left out
    assert found.births.tolist() == []
    found = avalanches(np.array([0, 0, 3, 1, 5, 5, 1, 0, 9]), threshold=4, bin_steps=2)  # bins 0 4 10 1
    assert (found.births.tolist(), found.deaths.tolist(), found.sizes.tolist()) == ([2], [6], [14])
    assert (found.n_steps, found.bin_steps) == (8, 2)


@settings(max_examples=60, deadline=None)
@given(activity=st.lists(st.integers(0, 3), min_size=1, max_size=40), threshold=st.integers(1, 3))
def test_they_are_the_maximal_runs(activity: list[int], threshold: int) -> None:
    found = avalanches(np.array(activity), threshold=threshold)
    runs, start = [], None
    for step, value in enumerate(activity):
        if value >= threshold and start is None:
            start = step
        if value < threshold and start is not None:
            if start > 0:
                runs.append((start, step, sum(activity[start:step])))
            start = None
    assert list(zip(found.births.tolist(), found.deaths.tolist(), found.sizes.tolist(), strict=True)) == runs


@pytest.mark.parametrize("activity", [np.empty(0), np.zeros(50), np.full(50, 0.1), np.ones(1)])
def test_a_constant_record_has_no_avalanches(activity: np.ndarray) -> None:
    found = avalanches(activity)
    assert len(found) == 0
    assert len(found.durations) == len(found.quiescences) == len(found.sizes) == len(found.transitions) == 0


def test_a_sweep_shows_exponents_at_every_threshold_and_refuses_where_few_are_left() -> None:
    activity = np.random.default_rng(0).standard_exponential(2000)
    low, high = threshold_sweep(activity, shares=(0.5, 0.995))
    assert low.avalanches.threshold == pytest.approx(np.median(activity))
    assert low.sizes.n == low.durations.n == len(low.avalanches) == low.births.n + 1
    assert not low.durations.discrete or low.durations.cutoff % 1 == 0
    assert not low.sizes.discrete
    assert low.durations.discrete
    assert "at least 50 needed" in high.sizes.reason
    assert high.share == 0.995
    binned = threshold_sweep(activity, shares=(0.5,), bin_steps=4)[0]
    assert binned.avalanches.bin_steps == 4
    assert binned.avalanches.threshold == pytest.approx(np.median(activity.reshape(-1, 4).sum(axis=1)))


def test_the_door_of_the_sweep() -> None:
    with pytest.raises(ConfigurationError, match=r"shares: expected numbers from 0 to 1, got \(0.5, 2\)"):
        threshold_sweep(ACTIVITY, shares=(0.5, 2))
    with pytest.raises(ConfigurationError, match="activity: expected at least 20 steps, got 11"):
        threshold_sweep(ACTIVITY, bin_steps=20)
    with pytest.raises(ConfigurationError, match="bin_steps: expected a whole number ≥ 1, got 0"):
        threshold_sweep(ACTIVITY, bin_steps=0)


@pytest.mark.parametrize(
    ("activity", "options", "message"),
    [
        (ACTIVITY, {"threshold": "average"}, "threshold: expected a number or one of mean, median, got 'average'"),
        (ACTIVITY, {"threshold": "meen"}, "did you mean 'mean'"),
        (ACTIVITY, {"bin_steps": 0}, "bin_steps: expected a whole number ≥ 1, got 0"),
        (np.array([1, np.nan]), {}, "activity: expected finite numbers, got 1 others"),
        (np.ones((2, 2)), {}, r"activity: expected shape \[T\], got \(2, 2\)"),
    ],
)
def test_the_door_of_avalanches(activity: np.ndarray, options: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        avalanches(activity, **options)


def test_a_threshold_of_0_means_above_0():
    """The usual rule for spikes (Beggs & Plenz 2003): an avalanche is a run of bins that are not empty."""
    activity = np.array([0, 2, 1, 0, 0, 3, 0, 1])
    for threshold in (0, 0.0):
        found = avalanches(activity, threshold=threshold)
        assert (found.births.tolist(), found.deaths.tolist(), found.sizes.tolist()) == ([1, 5], [3, 6], [3, 3])
        assert found.rule == "above 0"
    quiet = avalanches(np.array([0, 0, 0, 1, 0, 0, 2, 2, 0]), threshold="median")
    assert (quiet.births.tolist(), quiet.rule) == ([3, 6], "median, above it")
    assert avalanches(activity, threshold=1).births.tolist() == [1, 5]
