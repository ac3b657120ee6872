"""One call gives the same as the measures that it calls, with interval, null and grade."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hubbub.analysis.measure import Null
from hubbub.analysis.tails import fit_power_law
from hubbub.analysis.temporal import activity_from_events, avalanches, branching_ratio, crackling, dfa, measure_activity
from hubbub.analysis.temporal.grades import differs, grade_of_power_law
from hubbub.simulator.errors import ConfigurationError


def critical(n_bins: int = 8_000, m: float = 0.95, seed: int = 0) -> np.ndarray:
    """A branching process of ratio m, started again at random."""
    rng, counts, alive = np.random.default_rng(seed), [], 0
    for _ in range(n_bins):
        alive = int(rng.poisson(m * alive)) + int(rng.random() < 0.03)
        counts.append(alive)
    return np.array(counts)


def test_the_table_holds_what_the_measures_return() -> None:
    counts = critical()
    found = measure_activity(counts, surrogates=3)
    alone = avalanches(counts, threshold=0)
    relation = crackling(alone.sizes, alone.durations)
    assert found.active == "above 0"
    assert found.measures["avalanches"].value == len(alone)
    assert found.measures["τ, avalanche sizes"].value == relation.size.value
    assert found.measures["α, avalanche durations"].value == relation.duration.value
    assert found.measures["m, branching ratio"].value == branching_ratio(counts).value == pytest.approx(0.95, abs=0.05)
    assert found.measures["H, DFA"].value == dfa(counts, surrogates=0).value
    assert found.measures["active bins"].value == np.mean(counts > 0)
    assert found.grades["m, branching ratio"] == "strong"
    assert found.measures["m, branching ratio"].null.mean == 0  # type: ignore[union-attr]
    assert set(found.grades) == set(found.measures)
    for name, one in found.measures.items():
        if found.grades[name] in ("strong", "weak", "none"):
            assert one.interval is not None and one.interval[0] <= one.value <= one.interval[1], name
        if math.isnan(one.value):
            assert one.reason, name


def test_random_events_have_no_grade() -> None:
    rng = np.random.default_rng(1)
    times = rng.random(5000) * 500
    found = measure_activity(activity_from_events(times, bin=0.05), times=times, surrogates=5)
    for name in ("burstiness", "memory coefficient", "H, DFA", "β, spectral exponent"):
        assert found.grades[name] == "none", name
    assert found.grades["m, branching ratio"] == "undefined"
    assert found.time_unit == "s"
    assert found.measures["mean inter-event time"].value == pytest.approx(np.ptp(times) / 4999)


def test_the_choice_of_what_is_active_is_named() -> None:
    counts = critical(3000) + 5
    nothing = measure_activity(counts, surrogates=0)
    assert nothing.measures["avalanches"].value == 0
    assert nothing.grades["τ, avalanche sizes"] == "undefined"
    found = measure_activity(counts, threshold="mean", surrogates=0)
    assert found.active == f"at least {counts.mean():g} (mean)"
    assert found.measures["avalanches"].value == len(avalanches(counts))


@pytest.mark.parametrize("counts", [[], [0, 0, 0], [3]])
def test_records_that_say_nothing(counts: list[int]) -> None:
    found = measure_activity(np.array(counts, dtype=int))
    assert all(found.grades[name] in ("", "undefined") for name in found.grades)


def test_what_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="expected whole numbers"):
        measure_activity(np.array([0.5, 1]))
    with pytest.raises(ConfigurationError, match="masked"):
        measure_activity(np.ma.masked_equal([1, 2], 2))
    with pytest.raises(ConfigurationError, match="times: expected finite numbers"):
        measure_activity(np.array([1, 2]), times=np.array([np.nan]))


def test_grades() -> None:
    rng = np.random.default_rng(0)
    power_law = np.floor(rng.pareto(1.0, 3000) + 1)
    exponential = np.ceil(rng.exponential(20, 3000))
    fits = [(values, fit_power_law(values, discrete=True)) for values in (power_law, exponential)]
    grades = [grade_of_power_law(values, fit, rng)[0] for values, fit in fits]
    assert grades[0] == "strong" and grades[1] != "strong"
    null = Null(0.5, 0.03, 20, "shuffled")
    assert [differs(value, 0.04, null) for value in (0.5, 0.59, 0.61)] == ["none", "none", "strong"]
    assert differs(0.9, math.nan, null) == differs(0.9, 0.1, None) == "weak"
