"""What a measure returns: a value, the null it is compared with, its uncertainty, its unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Null:
    """Values of the same measure where the effect is absent (permuted messages, rewired graph …)."""

    mean: float
    sd: float
    n: int
    model: str

    @classmethod
    def of(cls, values: np.ndarray, *, model: str) -> Null:
        """Summarise the values `[n]` that a measure took under the null model."""
        values = np.asarray(values, dtype=float)
        spread = float(values.std(ddof=1)) if len(values) > 1 else math.nan
        return cls(float(values.mean()) if len(values) else math.nan, spread, len(values), model)


@dataclass(frozen=True)
class Measure:
    """One number with all that is needed to judge it.

    Attributes
    ----------
    value
        The measured value; NaN where it is not defined, and then `reason` says why.
    unit, estimator
        Unit of the value ("1" for a pure number, "bits", "steps") and the name of the estimator.
    null
        The same measure where the effect is absent.
    p_value
        Share of null values at least as large as the value, (1 + count) / (1 + n), or NaN without a null.
    interval
        95 % interval of the value, where the estimator gives one.
    n
        Number of samples (referents, pairs, agents …) that the value rests on.
    """

    value: float
    unit: str
    estimator: str
    n: int
    null: Null | None = None
    p_value: float = math.nan
    interval: tuple[float, float] | None = None
    reason: str = ""

    @property
    def z_score(self) -> float:
        """Distance of the value from the null, in standard deviations of the null."""
        if self.null is None or not self.null.sd > 0:
            return math.nan
        return (self.value - self.null.mean) / self.null.sd

    def __float__(self) -> float:
        return self.value


def undefined(reason: str, *, unit: str, estimator: str, n: int = 0) -> Measure:
    """Return a measure whose value is NaN, with the reason."""
    return Measure(math.nan, unit, estimator, n, reason=reason)


def against_null(value: float, null_values: np.ndarray, *, unit: str, estimator: str, n: int, model: str) -> Measure:
    """Return a measure with its null and the one-sided permutation p-value."""
    null_values = np.asarray(null_values, dtype=float)
    at_least = int(np.count_nonzero(null_values >= value - 1e-12))
    p_value = (1 + at_least) / (1 + len(null_values))
    return Measure(value, unit, estimator, n, Null.of(null_values, model=model), p_value)
