"""Burstiness and memory coefficient of a series of inter-event times."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.grid import varies
from hubbub.analysis.measure import Measure, against_null, undefined
from hubbub.analysis.temporal.record import intervals, too_few_events
from hubbub.analysis.validation import UNCHECKED, validated

INTERVALS_NEEDED = 10
SHUFFLED = "shuffled intervals"
POISSON = "Poisson process"


@validated(times_between=UNCHECKED)
def burstiness(
    times_between: Real[np.ndarray, " n"],
    *,
    finite_size: bool = False,
    generator: np.random.Generator | None = None,
    samples: int = 1000,
) -> Measure:
    """Return the burstiness B = (σ − m) / (σ + m) of n inter-event times with mean m and sd σ (Goh & Barabási 2008).

    −1 for a regular series, 0 for Poisson events, near 1 for extreme bursts. The largest value that n intervals can
    have is (√(n−1) − 1) / (√(n−1) + 1); with `finite_size` B is that of Kim & Jo (2016), which has the limits −1 and 1
    for every n. `times_between` are int or float.

    The null is from `samples` Poisson processes with n intervals, the 95 % interval from a bootstrap of the intervals
    with as many samples. Of heavy-tailed intervals it is too narrow and too low: for 300 lognormal ones with σ = 0.8 it
    holds the true value in 76 % of samples. `generator` draws both, `np.random.default_rng(0)` when not given. Below 10
    intervals, and where all are 0, NaN with the reason. O(n · samples).

    Raises
    ------
    ConfigurationError
        Intervals that are not one row of finite numbers ≥ 0.
    """
    values = intervals(times_between)
    estimator = "burstiness, Kim & Jo" if finite_size else "burstiness, Goh & Barabási"
    n = len(values)
    reason = too_few_events(n, needed=INTERVALS_NEEDED, name="intervals")
    if not reason and not values.any():
        reason = f"intervals: expected some above 0, got {n} times 0"
    if reason:
        return undefined(reason, unit="1", estimator=estimator, n=n)
    generator = generator or np.random.default_rng(0)
    null = [_burstiness(generator.standard_exponential(n), finite_size) for _ in range(samples)]
    replicates = [_burstiness(values[generator.integers(n, size=n)], finite_size) for _ in range(samples)]
    value = _burstiness(values, finite_size)
    return _with_interval(value, np.array(null), np.array(replicates), estimator=estimator, n=n, model=POISSON)


@validated(times_between=UNCHECKED)
def memory_coefficient(
    times_between: Real[np.ndarray, " n"], *, generator: np.random.Generator | None = None, samples: int = 1000
) -> Measure:
    """Return the memory coefficient M of inter-event times: the correlation of neighbours (Goh & Barabási 2008).

    Above 0 where long times follow long ones and short times follow short ones. `times_between` are int or float. The
    null is from `samples` permutations of them, the 95 % interval from a bootstrap of the pairs of neighbours with as
    many samples. `generator` draws both, `np.random.default_rng(0)` when not given. Below 10 intervals, and where all
    are equal, NaN with the reason. O(n · samples).

    Raises
    ------
    ConfigurationError
        Intervals that are not one row of finite numbers ≥ 0.
    """
    values = intervals(times_between)
    estimator = "memory coefficient: Pearson correlation of neighbouring inter-event times"
    n = len(values)
    reason = too_few_events(n, needed=INTERVALS_NEEDED, name="intervals")
    if not reason and not (varies(values[:-1]) and varies(values[1:])):
        reason = f"intervals: expected times that vary, got {n} times {values[0]:g}"
    if reason:
        return undefined(reason, unit="1", estimator=estimator, n=n)
    generator = generator or np.random.default_rng(0)
    null = []
    for _ in range(samples):
        other = generator.permutation(values)
        null.append(_correlation(other[:-1], other[1:]))
    replicates = []
    for _ in range(samples):
        chosen = generator.integers(n - 1, size=n - 1)
        replicates.append(_correlation(values[chosen], values[chosen + 1]))
    value = _correlation(values[:-1], values[1:])
    return _with_interval(value, np.array(null), np.array(replicates), estimator=estimator, n=n - 1, model=SHUFFLED)


def _burstiness(values: Float[np.ndarray, " n"], finite_size: bool) -> float:
    mean, spread = float(values.mean()), float(values.std())
    if not mean:
        return math.nan
    if not finite_size:
        return (spread - mean) / (spread + mean)
    # Kim & Jo's n counts the intervals, because they close the series to a ring; here n + 1 events have n intervals.
    ratio, high, low = spread / mean, math.sqrt(len(values) + 1), math.sqrt(len(values) - 1)
    return (high * ratio - low) / ((high - 2) * ratio + low)


def _correlation(first: Float[np.ndarray, " n"], second: Float[np.ndarray, " n"]) -> float:
    first, second = first - first.mean(), second - second.mean()
    spread = math.sqrt(float((first @ first) * (second @ second)))
    return float(first @ second) / spread if spread else math.nan


def _with_interval(
    value: float,
    null: Float[np.ndarray, " samples"],
    replicates: Float[np.ndarray, " samples"],
    *,
    estimator: str,
    n: int,
    model: str,
) -> Measure:
    measure = against_null(value, null, unit="1", estimator=estimator, n=n, model=model)
    if not len(replicates):
        return measure
    low, high = np.nanquantile(replicates, [0.025, 0.975])
    return replace(measure, interval=(float(low), float(high)))
