import math
from collections.abc import Callable

import numpy as np
import pytest

from hubbub.analysis.memories import Phases, WaitingTimes, copy_statistics, last_of_copies, recorded_signal
from hubbub.analysis.tails import compare, fit_power_law
from hubbub.analysis.temporal import critical_interval, dfa, recorded_events, recorded_series
from hubbub.simulator.errors import StoreError
from hubbub.simulator.store import Run


def test_statistics_are_those_of_the_record_after_the_burn_in(memory_run: Run) -> None:
    copies = copy_statistics(memory_run)
    assert [(copy.noise, copy.load, copy.repetition) for copy in copies[:3]] == [(0.1, 2, 0), (0.1, 2, 1), (0.1, 10, 0)]
    record = recorded_series(memory_run, "overlap")
    for number in (0, 4):
        assert copies[number].h.value == dfa(record[number, 200:], surrogates=0).value
        times = recorded_events(memory_run, "coincidence")[number]
        np.testing.assert_array_equal(copies[number].coincidences.times, np.diff(times))
        assert copies[number].walk.h.n == 1000
    assert copies[0].h.value == pytest.approx(0.5, abs=0.15)
    assert copies[4].h.value == pytest.approx(1.5, abs=0.3)
    assert copies[4].mean_overlap == pytest.approx(1 - 2 * 0.3)
    assert copies[0].row()["coincidences"] == len(recorded_events(memory_run, "coincidence")[0])


def test_without_patterns_the_activity_is_the_signal(make_memory_run: Callable[..., Run]) -> None:
    run = make_memory_run(patterns=False)
    name, signal = recorded_signal(run)
    assert name == "activity"
    np.testing.assert_array_equal(signal, recorded_series(run, "activity")[:, 200:])
    assert math.isnan(copy_statistics(run)[0].overlap)
    assert np.isnan(last_of_copies(run, "overlap")).all()


def test_without_series_there_is_no_h_and_it_says_why(make_memory_run: Callable[..., Run]) -> None:
    copies = copy_statistics(make_memory_run(series_every=0))
    assert math.isnan(copies[0].h.value)
    assert "250 steps, got 0" in copies[0].h.reason
    assert copies[0].n_avalanches > 0


def test_waiting_times_are_weighed_against_an_exponential() -> None:
    rng = np.random.default_rng(1)
    exponential, heavy = rng.geometric(0.1, 3000), np.floor(rng.pareto(1.5, 3000) + 1)
    assert WaitingTimes.of(exponential).ratio_of_all.normalised < -5
    assert WaitingTimes.of(heavy).ratio_of_all.normalised > 3
    tail = fit_power_law(heavy, discrete=True)
    assert WaitingTimes.of(heavy).ratio == compare(heavy, tail)["exponential"]
    assert "at least 50 needed" in WaitingTimes.of(np.array([3, 4])).fit.reason


def test_phases_average_over_repetitions_and_leave_out_what_is_not_defined() -> None:
    rows = [
        {"noise": noise, "load": load, "h": h, "h_error": 0.1}
        for noise, load, h in [
            (0.2, 1, 0.5), (0.2, 1, math.nan), (0.3, 1, 0.8), (0.3, 1, 1.0),
            (0.2, 5, math.nan), (0.2, 5, math.nan), (0.3, 5, 0.5), (0.3, 5, 0.7),
        ]
    ]  # fmt: skip
    phases = Phases.of(rows)
    np.testing.assert_allclose(phases.mean("h"), [[0.5, 0.9], [math.nan, 0.6]])
    expected = critical_interval(phases.noise, phases.mean("h"), np.full((2, 2), 0.1 / math.sqrt(2)))
    np.testing.assert_allclose(phases.critical.lower, expected.lower)
    assert math.isnan(phases.critical.lower[1])


def test_a_run_that_is_not_of_memories_is_refused(karate_run: Run) -> None:

    with pytest.raises(StoreError, match=r"copies\.parquet"):
        copy_statistics(karate_run)
