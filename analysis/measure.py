"""What a measure returns: a value, its null distribution, its uncertainty, its unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float

from hubbub.analysis.validation import UNCHECKED, real_number, unmasked
from hubbub.formats.notebook import summary_html

ROUNDING = 1e-12
"""Values that differ by less than this count as equal."""


@dataclass(frozen=True)
class Null:
    """The null distribution of a measure: its values where the effect is absent (permuted messages, rewired graph …).

    Attributes
    ----------
    mean, sd
        Mean and standard deviation of the null values.
    n
        Number of null values.
    model
        How the null values were made, in words.
    """

    mean: float
    sd: float
    n: int
    model: str

    @classmethod
    def of(cls, values: Float[np.ndarray, " n"], *, model: str) -> Null:
        """Return the summary of the values `[n]` of a measure under the null model."""
        values = np.asarray(values, dtype=float)
        spread = float(values.std(ddof=1)) if len(values) > 1 else math.nan
        return cls(float(values.mean()) if len(values) else math.nan, spread, len(values), model)


@dataclass(frozen=True)
class Measure:
    """One measured number with its null distribution, interval, unit and sample size.

    Attributes
    ----------
    value
        The measured value; NaN where it is undefined, and then `reason` says why.
    unit, estimator
        Unit of the value ("1" for a pure number, "bits", "steps") and the name of the estimator.
    null
        Null distribution: the same measure where the effect is absent.
    p_value
        Share of null values at least as large as the value, (1 + count) / (1 + n), or NaN without a null.
    interval
        95 % interval of the value, where the estimator gives one.
    n
        Number of samples (referents, pairs, agents …) that the value is computed from.
    reason
        Why the value is NaN, or what was left out of it; "" otherwise.
    each
        The same measure for every agent or seed, where the value is their mean; () otherwise.
    """

    value: float
    unit: str
    estimator: str
    n: int
    null: Null | None = None
    p_value: float = math.nan
    interval: tuple[float, float] | None = None
    reason: str = ""
    each: tuple[Measure, ...] = ()

    @property
    def z_score(self) -> float:
        """Distance of the value from the null, in standard deviations of the null; NaN where the null does not vary."""
        if self.null is None or not self.null.sd > ROUNDING * max(1.0, abs(self.null.mean)):
            return math.nan
        return (self.value - self.null.mean) / self.null.sd

    def __repr__(self) -> str:
        return f"<Measure {', '.join(self._told())}>"

    def _told(self) -> list[str]:
        """The value and what is known of it, in words."""
        unit = "" if self.unit in ("", "1") else f" {self.unit}"
        told = [f"{self.value:.4g}{unit}"]
        if self.interval is not None:
            told.append(f"95 % interval {self.interval[0]:.4g} to {self.interval[1]:.4g}")
        if self.null is not None:
            told.append(f"{self.null.mean:.4g} ± {self.null.sd:.2g} by chance")
        if not math.isnan(self.p_value):
            told.append(f"p = {self.p_value:.3g}")
        return [*told, f"n = {self.n}", *([self.reason] if self.reason else [])]

    def _repr_html_(self) -> str:
        """Return a table of the value and what is known of it, for notebooks."""
        value, *others = self._told()
        facts = {
            "value": value,
            "known of it": ", ".join(others),
            "estimator": self.estimator,
            "null": self.null.model if self.null else "",
            "each": f"{len(self.each)} values" if self.each else "",
        }
        return summary_html("Measure", facts)

    def __float__(self) -> float:
        return self.value


def undefined(reason: str, *, unit: str, estimator: str, n: int = 0) -> Measure:
    """Return a measure whose value is NaN, with the reason."""
    return Measure(math.nan, unit, estimator, n, reason=reason)


def against_null(
    value: float, null_values: Float[np.ndarray, " P"], *, unit: str, estimator: str, n: int, model: str
) -> Measure:
    """Return a measure with the null of its P null values and the one-sided p-value (1 + count) / (1 + P).

    Where `null_values` is empty there is no null, and the p-value is NaN.
    """
    null_values = np.asarray(null_values, dtype=float)
    if not len(null_values):
        return Measure(value, unit, estimator, n)
    at_least = int(np.count_nonzero(null_values >= value - ROUNDING))
    p_value = (1 + at_least) / (1 + len(null_values))
    return Measure(value, unit, estimator, n, Null.of(null_values, model=model), p_value)


def mean_over_agents(each: Sequence[Measure], null_values: Float[np.ndarray, "P N"], *, model: str) -> Measure:
    """Return the mean of one measure over N agents, with the mean over the same agents of their null values `[P, N]`.

    Agents for whom the measure is undefined are left out, and `reason` tells how many.
    """
    values = np.array([measure.value for measure in each])
    kept = np.isfinite(values)
    first = each[0]
    if not kept.any():
        return Measure(math.nan, first.unit, first.estimator, 0, reason=first.reason, each=tuple(each))
    null = np.asarray(null_values, dtype=float)[:, kept].mean(axis=1)
    n_kept = int(kept.sum())
    mean = against_null(
        float(values[kept].mean()), null, unit=first.unit, estimator=first.estimator, n=n_kept, model=model
    )
    reason = (
        "" if kept.all() else f"{len(each) - n_kept} of {len(each)} agents left out: {each[int(kept.argmin())].reason}"
    )
    return replace(mean, reason=reason, each=tuple(each))


def over_seeds(values: Sequence[float | Measure]) -> Measure:
    """Return the mean of one value per seed with its 95 % interval from Student's t.

    Seeds with NaN are left out, and `reason` tells how many; below two seeds there is no interval. The interval
    assumes normally distributed values: where some seeds learn and others do not it says little, so look at the
    values of the single seeds in `each`.
    """
    from scipy.special import stdtrit

    given: Any = values
    if isinstance(given, np.ma.MaskedArray):
        given = unmasked(given, name="values").tolist()
    each = tuple(
        value
        if isinstance(value, Measure)
        else Measure(float(real_number(value, name=f"values[{at}]", limits=UNCHECKED)), "1", "value", 1)
        for at, value in enumerate(given)
    )
    unit, estimator = (each[0].unit, each[0].estimator) if each else ("1", "value")
    known = np.array([measure.value for measure in each if math.isfinite(measure.value)])
    n_seeds, interval = len(known), None
    mean = float(known.mean()) if n_seeds else math.nan
    if n_seeds > 1:
        half = float(stdtrit(n_seeds - 1, 0.975) * known.std(ddof=1) / math.sqrt(n_seeds))
        interval = (mean - half, mean + half)
    left_out = len(each) - n_seeds
    reason = f"{left_out} of {len(each)} seeds left out" if left_out else "" if each else "no seeds"
    estimator = f"mean over seeds, Student's t interval: {estimator}"
    return Measure(mean, unit, estimator, n_seeds, interval=interval, reason=reason, each=each)
