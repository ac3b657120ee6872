"""One call for an activity: avalanches, inter-event times and scaling, each with interval, null and grade."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Integer, Real

from hubbub.analysis.measure import Measure, Null, undefined
from hubbub.analysis.tails import PowerLaw, fit_sizes
from hubbub.analysis.temporal.activity import Activity, activity_from_counts, one_row
from hubbub.analysis.temporal.avalanches import Avalanches, avalanches
from hubbub.analysis.temporal.branching_ratio import BranchingRatio, branching_ratio
from hubbub.analysis.temporal.burstiness import burstiness, memory_coefficient
from hubbub.analysis.temporal.crackling import Crackling, crackling
from hubbub.analysis.temporal.dfa import dfa
from hubbub.analysis.temporal.diffusion_entropy import diffusion_entropy
from hubbub.analysis.temporal.grades import UNDEFINED, differs, grade_of_power_law, grade_of_scaling
from hubbub.analysis.temporal.scaling import Scaling
from hubbub.analysis.temporal.shape_collapse import shape_collapse
from hubbub.analysis.temporal.spectral_exponent import spectral_exponent
from hubbub.analysis.temporal.surrogates import shuffled
from hubbub.analysis.validation import validated

Z = 1.96
SHUFFLED = "bins in random order"
POISSON = "events at random times"
MOST_DRAWN = 20_000_000


@dataclass(frozen=True)
class ActivityMeasures:
    """What was measured of an activity.

    Attributes
    ----------
    activity
        The activity.
    measures, grades
        Measures by name, and the grade of each: "strong", "weak", "none" or "undefined" (`grades.py`); "" for a
        description that has no grade.
    avalanches, crackling, branching
        Avalanches, in bins, their exponents, and the branching ratio.
    times_between, time_fit
        Inter-event times `[n]` in `time_unit`, and the power law of them.
    time_unit
        Unit of the inter-event times: that of the events, or "bins" where the times of single events are not known.
    h, delta, beta
        Exponents of DFA, diffusion entropy and spectrum, in bins.
    active
        From which activity on a bin is active, in words.
    """

    activity: Activity
    measures: dict[str, Measure]
    grades: dict[str, str]
    avalanches: Avalanches
    crackling: Crackling
    branching: BranchingRatio
    times_between: Float[np.ndarray, " n"]
    time_fit: PowerLaw
    time_unit: str
    h: Scaling
    delta: Scaling
    beta: Scaling
    active: str


@validated()
def measure_activity(
    activity: Activity | Integer[np.ndarray, " T"],
    *,
    times: Real[np.ndarray, " n"] | None = None,
    threshold: str | float = 0.0,
    surrogates: int = 20,
    generator: np.random.Generator | None = None,
) -> ActivityMeasures:
    """Return the statistics of time of an activity, in bins: a table of avalanches, inter-event times and scaling.

    Parameters
    ----------
    activity
        From `activity_from_events` or `activity_from_raster`, or numbers of events in T bins.
    times
        Times of the n events, for inter-event times of single events, in the unit of the activity, in any order.
        Without them, inter-event times are those between bins that are active.
    threshold
        From which activity on a bin belongs to an avalanche: above 0 by default; "mean", "median" or a number, at or
        above which it does. `active` says it in words.
    surrogates
        Size of the nulls in which the bins are in random order, or the events at random times; 0 for none.
    generator
        Draws nulls and errors; `np.random.default_rng(0)` when not given.

    Sizes are numbers of events, durations are in bins. An interval is value ± 1.96 standard errors. Costs each measure
    once, and once for each surrogate.

    Raises
    ------
    ConfigurationError
        Counts or times that are masked, not finite or not one row, or an unknown rule for the threshold.
    """
    known = activity if isinstance(activity, Activity) else activity_from_counts(activity)
    rng = generator or np.random.default_rng(0)
    counts = known.counts.astype(np.float64)
    found = avalanches(counts, threshold=threshold)
    active = "above 0" if found.threshold == 0 else f"at least {found.threshold:g} ({found.rule})"
    relation, ratio = crackling(found.sizes, found.durations), branching_ratio(counts)
    table = _Table()
    share = (
        float(np.mean(counts > 0 if found.threshold == 0 else counts >= found.threshold)) if len(counts) else math.nan
    )
    table.describe(
        "mean activity", float(counts.mean()) if len(counts) else math.nan, f"{known.counted} / bin", len(counts)
    )
    table.describe("active bins", share, "1", len(counts), f"a bin is active {active}")
    table.describe("avalanches", len(found), "avalanches", len(found))
    _of_avalanches(table, found, relation, ratio, counts, threshold, surrogates, rng)
    collapse = shape_collapse(counts, found, generator=rng)
    table.estimate("γ, shape collapse", collapse, "shape collapse of mean profiles")
    between, unit = _times_between(known, times, found)
    fit = fit_sizes(between)
    _of_times(table, between, fit, unit, times is not None, surrogates, rng)
    scalings = [
        measure(counts, generator=rng, surrogates=surrogates) for measure in (dfa, diffusion_entropy, spectral_exponent)
    ]
    for name, scaling in zip(("H, DFA", "δ, diffusion entropy", "β, spectral exponent"), scalings, strict=True):
        table.scaling(name, scaling)
    h, delta, beta = scalings
    return ActivityMeasures(
        known, table.measures, table.grades, found, relation, ratio, between, fit, unit, h, delta, beta, active
    )


class _Table:
    """Measures and grades by name."""

    def __init__(self) -> None:
        self.measures: dict[str, Measure] = {}
        self.grades: dict[str, str] = {}

    def add(self, name: str, measure: Measure, grade: str) -> None:
        self.measures[name], self.grades[name] = measure, UNDEFINED if math.isnan(measure.value) else grade

    def describe(self, name: str, value: float, unit: str, n: int, reason: str = "") -> None:
        self.measures[name] = Measure(value, unit, "count" if value % 1 == 0 else "mean", n, reason=reason)
        self.grades[name] = ""

    def estimate(
        self, name: str, found: Any, estimator: str, *, null: Null | None = None, grade: str = "", remark: str = ""
    ) -> None:
        """Add something with a value, an error, a number and a reason."""
        value, error, n = float(found.value), float(found.error), int(found.n)
        if math.isnan(value):
            self.add(name, undefined(found.reason, unit="1", estimator=estimator, n=n), UNDEFINED)
            return
        interval = (value - Z * error, value + Z * error) if math.isfinite(error) else None
        measure = Measure(value, "1", estimator, n, null, interval=interval, reason=remark)
        self.add(name, measure, grade or differs(value, error, null))

    def power_law(
        self,
        name: str,
        values: Float[np.ndarray, " n"],
        fit: PowerLaw,
        what: str,
        null: Null | None,
        rng: np.random.Generator,
    ) -> None:
        """Add the exponent of a power law, graded by its goodness of fit and its alternatives."""
        if fit.reason:
            self.add(
                name, undefined(f"{what}: {fit.reason}", unit="1", estimator="maximum likelihood", n=fit.n), UNDEFINED
            )
            return
        grade, remark = grade_of_power_law(values, fit, rng)
        interval = (fit.value - Z * fit.error, fit.value + Z * fit.error)
        estimator = f"maximum-likelihood power law of {what} from {fit.cutoff:g} up"
        self.add(name, Measure(fit.value, "1", estimator, fit.n_tail, null, interval=interval, reason=remark), grade)

    def scaling(self, name: str, found: Scaling) -> None:
        """Add a scaling exponent, graded by its null and the straightness of its curve."""
        if found.reason:
            self.add(name, undefined(found.reason, unit="1", estimator=found.estimator, n=found.n), UNDEFINED)
            return
        grade, remark = grade_of_scaling(found)
        interval = (found.value - Z * found.error, found.value + Z * found.error)
        self.add(
            name,
            Measure(found.value, "1", found.estimator, found.n, found.null, interval=interval, reason=remark),
            grade,
        )


def _of_avalanches(
    table: _Table,
    found: Avalanches,
    relation: Crackling,
    ratio: BranchingRatio,
    counts: Float[np.ndarray, " T"],
    threshold: str | float,
    surrogates: int,
    rng: np.random.Generator,
) -> None:
    level = found.threshold if not isinstance(threshold, str) else threshold
    rows = []
    for _ in range(surrogates if len(found) else 0):
        other = shuffled(counts, rng)
        at_random = avalanches(other, threshold=level)
        same = crackling(at_random.sizes, at_random.durations)
        m = branching_ratio(other).value
        rows.append((same.size.value, same.duration.value, same.gamma.value, 0.0 if math.isnan(m) else m))
    nulls = [_null([row[place] for row in rows], SHUFFLED) for place in range(4)]
    durations = found.durations.astype(np.float64)
    table.power_law("τ, avalanche sizes", found.sizes, relation.size, "sizes", nulls[0], rng)
    table.power_law("α, avalanche durations", durations, relation.duration, "durations in bins", nulls[1], rng)
    table.estimate(
        "γ, mean size and duration", relation.gamma, "weighted slope of ln mean size on ln duration", null=nulls[2]
    )
    gap, error = relation.gamma.value - relation.predicted, math.hypot(relation.gamma.error, relation.predicted_error)
    estimator = "γ − (α − 1) / (τ − 1), the crackling relation"
    if relation.reason:
        table.add(
            "crackling relation", undefined(relation.reason, unit="1", estimator=estimator, n=len(found)), UNDEFINED
        )
    else:
        interval = (gap - Z * error, gap + Z * error)
        weakest = {table.grades["τ, avalanche sizes"], table.grades["α, avalanche durations"]}
        holds = interval[0] <= 0 <= interval[1]
        grade = "none" if not holds or "none" in weakest else "weak" if "weak" in weakest else "strong"
        remark = (
            f"(α − 1) / (τ − 1) is {relation.predicted:.3g}: {'holds' if holds else 'does not hold'} within its error"
        )
        table.add(
            "crackling relation", Measure(gap, "1", estimator, len(found), interval=interval, reason=remark), grade
        )
    name = "m, branching ratio"
    table.estimate(
        name,
        ratio,
        "multistep regression",
        null=nulls[3] and replace(nulls[3], model=f"{SHUFFLED}; 0 where no correlation exceeds its level"),
    )


def _of_times(
    table: _Table,
    between: Float[np.ndarray, " n"],
    fit: PowerLaw,
    unit: str,
    of_events: bool,
    surrogates: int,
    rng: np.random.Generator,
) -> None:
    n = len(between)
    what = "times between events" if of_events else "times between active bins"
    table.describe("mean inter-event time", float(between.mean()) if n else math.nan, unit, n, what)
    samples = max(50, min(1000, MOST_DRAWN // max(n, 1)))
    for name, function in (("burstiness", burstiness), ("memory coefficient", memory_coefficient)):
        one: Measure = function(between, generator=rng, samples=samples)
        inside = (
            one.null is not None and one.null.mean - Z * one.null.sd <= one.value <= one.null.mean + Z * one.null.sd
        )
        low, high = one.interval or (one.value, one.value)
        apart = one.null is not None and not (low <= one.null.mean <= high)
        table.add(name, one, "none" if inside else "strong" if apart else "weak")
    fits = []
    for _ in range(surrogates if not fit.reason else 0):
        at = np.sort(rng.random(n + 1)) * between.sum()
        other = np.diff(at)
        fits.append(fit_sizes(np.ceil(other / fit.unit) * fit.unit if fit.discrete else other).value)
    table.power_law("μ, inter-event times", between, fit, what, _null(fits, POISSON), rng)


def _times_between(
    known: Activity, times: Real[np.ndarray, " n"] | None, found: Avalanches
) -> tuple[Float[np.ndarray, " intervals"], str]:
    """Return inter-event times and their unit."""
    if times is None:
        active = known.counts > 0 if found.threshold == 0 else known.counts >= found.threshold
        return np.diff(np.flatnonzero(active)).astype(np.float64), "bins"
    return np.diff(np.sort(one_row(times, name="times"))), known.unit


def _null(values: list[float], model: str) -> Null | None:
    kept = np.array([value for value in values if math.isfinite(value)])
    return Null.of(kept, model=model) if len(kept) else None
