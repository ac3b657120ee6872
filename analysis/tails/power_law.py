"""Power-law fits to the tail of a sample: degrees, inter-event times, sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Real

from hubbub.analysis.tails.families import CONTINUOUS, DISCRETE, Family
from hubbub.analysis.tails.sample import distinct, positive_values
from hubbub.analysis.tails.scan import closest_tail
from hubbub.simulator.errors import ConfigurationError, complaint

POINTS_NEEDED = 50


@dataclass(frozen=True)
class PowerLaw:
    """A power law p(x) ∝ x^−α fitted to the values from `cutoff` up.

    Attributes
    ----------
    value
        The exponent α; NaN where it is undefined, and then `reason` says why.
    error
        Its standard error from the Fisher information, for a fixed cut-off.
    cutoff, largest
        The range of the fit: the lower cut-off and the largest value.
    n, n_tail
        Number of values above 0, and of those from the cut-off up.
    distance
        Kolmogorov–Smirnov distance between the tail and the fit.
    discrete
        Whether the values are integers (zeta distribution) or real numbers (Pareto distribution).
    cutoff_estimated
        Whether the cut-off was estimated from the values or given.
    reason
        Why the fit is undefined; "" otherwise.
    """

    value: float
    error: float
    cutoff: float
    largest: float
    n: int
    n_tail: int
    distance: float
    discrete: bool
    cutoff_estimated: bool
    reason: str = ""

    def __float__(self) -> float:
        return self.value

    @property
    def family(self) -> Family:
        """The distribution on the integers or on the real numbers."""
        return DISCRETE if self.discrete else CONTINUOUS


def fit_power_law(values: Real[np.ndarray, "*shape"], *, discrete: bool, cutoff: float | None = None) -> PowerLaw:
    """Return the maximum-likelihood power law of n values ≥ 0 (Clauset, Shalizi & Newman 2009).

    The values are int or float, of any shape; zeros are left out. The cut-off is the distinct value whose tail has the
    smallest Kolmogorov–Smirnov distance, unless it is given. Discrete values get the exact zeta likelihood, not its
    continuous approximation. Undefined below 50 values in the tail or two distinct ones: NaN with the reason.
    O(n log n).

    Raises
    ------
    ConfigurationError
        NaN, infinite or negative values, fractions where `discrete`, or a cut-off that is not above 0.
    """
    if cutoff is not None and not (0 < cutoff < math.inf and (not discrete or cutoff % 1 == 0)):
        kind = "a whole number" if discrete else "a finite number"
        raise ConfigurationError(complaint("cutoff", expected=f"{kind} above 0", got=cutoff))
    sample = distinct(positive_values(values, discrete=discrete))
    n, n_tail, x = sample.n, sample.n, sample.x
    where = "above 0"
    if cutoff is not None:
        tail = sample.tail(cutoff)
        n_tail, x, where = tail.n, tail.x, f"from {cutoff:g} up"
    reason = ""
    if n_tail < POINTS_NEEDED:
        reason = f"{n_tail} values {where}, at least {POINTS_NEEDED} needed"
    elif len(x) < 2:
        reason = f"1 distinct value {where}, at least 2 needed"
    if reason:
        nan = math.nan
        low = nan if cutoff is None else cutoff
        largest = float(x[-1]) if len(x) else nan
        return PowerLaw(nan, nan, low, largest, n, n_tail, nan, discrete, cutoff is None, reason)
    family: Family = DISCRETE if discrete else CONTINUOUS
    found = closest_tail(sample, family, cutoff=cutoff)
    error = family.error(found.alpha, found.cutoff, found.n)
    return PowerLaw(
        found.alpha,
        float(error),
        found.cutoff,
        float(x[-1]),
        n,
        found.n,
        found.distance,
        discrete,
        cutoff is None,
    )
