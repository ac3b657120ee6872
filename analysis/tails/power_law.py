"""Power-law fits to the tail of a sample: degrees, inter-event times, sizes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Real

from hubbub.analysis.grid import EDGE, grid_step
from hubbub.analysis.tails.families import CONTINUOUS, DISCRETE, Family
from hubbub.analysis.tails.sample import Sample, in_units, positive_values
from hubbub.analysis.tails.scan import closest_tail
from hubbub.analysis.validation import POSITIVE, validated
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
        Whether the values are whole multiples of `unit` (zeta distribution) or real numbers (Pareto distribution).
    cutoff_estimated
        Whether the cut-off was estimated from the values or given.
    reason
        Why the fit is undefined; "" otherwise.
    unit
        For discrete values the largest number of which all are multiples: 1 for most counts, 2 where all are even.
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
    unit: float = 1.0

    def __float__(self) -> float:
        return self.value

    @property
    def family(self) -> Family:
        """The distribution on the integers or on the real numbers."""
        return DISCRETE if self.discrete else CONTINUOUS


def sample_of(values: Real[np.ndarray, "*shape"], fit: PowerLaw) -> tuple[Sample, float]:
    """Return the values that were fitted as a sample in units of the fit, and the cut-off in these units.

    Raises
    ------
    ConfigurationError
        Values that are not those of the fit: another number of them, or not multiples of its unit.
    """
    known = positive_values(values, discrete=False)
    if fit.discrete:
        off = np.abs(known / fit.unit - np.rint(known / fit.unit)) > EDGE
        if off.any():
            raise ConfigurationError(
                complaint("values", expected=f"whole multiples of {fit.unit:g}, as fitted", got=float(known[off][0]))
            )
    if len(known) != fit.n:
        raise ConfigurationError(complaint("values", expected=f"the {fit.n} values of the fit", got=len(known)))
    sample, unit = in_units(known, discrete=fit.discrete, unit=fit.unit)
    return sample, float(np.rint(fit.cutoff / unit)) if fit.discrete else fit.cutoff


@validated(cutoff=POSITIVE)
def fit_sizes(values: Real[np.ndarray, "*shape"], *, cutoff: float | None = None) -> PowerLaw:
    """Return `fit_power_law` of n sizes ≥ 0 in any unit: as discrete ones where all are multiples of one number.

    So sizes that are counted in steps of 0.1 have the fit of the same sizes in whole numbers. Real numbers, and
    multiples of less than a millionth of the largest size, are fitted as real numbers. O(n log n).

    Raises
    ------
    ConfigurationError
        As `fit_power_law`.
    """
    known = positive_values(values, discrete=False)
    unit = grid_step(known, origin=True)
    if not unit:
        return fit_power_law(known, discrete=False, cutoff=cutoff)
    fit = fit_power_law(np.rint(known / unit), discrete=True, cutoff=cutoff and math.ceil(cutoff / unit - EDGE))
    return replace(fit, cutoff=fit.cutoff * unit, largest=fit.largest * unit, unit=fit.unit * unit, reason=fit.reason)


@validated(cutoff=POSITIVE)
def fit_power_law(values: Real[np.ndarray, "*shape"], *, discrete: bool, cutoff: float | None = None) -> PowerLaw:
    """Return the maximum-likelihood power law of n values ≥ 0 (Clauset, Shalizi & Newman 2009).

    The values are int or float, of any shape; zeros are left out. The cut-off is the distinct value whose tail has the
    smallest Kolmogorov–Smirnov distance, unless it is given. Discrete values get the exact zeta likelihood, not its
    continuous approximation; where all are multiples of a larger number than 1, such as times in steps of 3, the
    distribution is over these multiples (`unit`). Undefined below 50 values in the tail or two distinct ones: NaN with
    the reason. O(n log n).

    Raises
    ------
    ConfigurationError
        NaN, infinite or negative values, fractions where `discrete`, or a cut-off that is not above 0.
    """
    if cutoff is not None and not (0 < cutoff < math.inf and (not discrete or cutoff % 1 == 0)):
        kind = "a whole number" if discrete else "a finite number"
        raise ConfigurationError(complaint("cutoff", expected=f"{kind} above 0", got=cutoff))
    sample, unit = in_units(positive_values(values, discrete=discrete), discrete=discrete)
    where = "above 0" if cutoff is None else f"from {cutoff:g} up"
    if cutoff is not None and discrete:
        cutoff = math.ceil(cutoff / unit - EDGE)
    n, n_tail, x = sample.n, sample.n, sample.x
    if cutoff is not None:
        tail = sample.tail(cutoff)
        n_tail, x = tail.n, tail.x
    reason = ""
    if n_tail < POINTS_NEEDED:
        reason = f"{n_tail} values {where}, at least {POINTS_NEEDED} needed"
    elif len(x) < 2:
        reason = f"1 distinct value {where}, at least 2 needed"
    if reason:
        nan = math.nan
        low = nan if cutoff is None else cutoff * unit
        largest = float(x[-1]) * unit if len(x) else nan
        return PowerLaw(nan, nan, low, largest, n, n_tail, nan, discrete, cutoff is None, reason, unit)
    family: Family = DISCRETE if discrete else CONTINUOUS
    found = closest_tail(sample, family, cutoff=cutoff)
    error = family.error(found.alpha, found.cutoff, found.n)
    return PowerLaw(
        found.alpha,
        float(error),
        found.cutoff * unit,
        float(x[-1]) * unit,
        n,
        found.n,
        found.distance,
        discrete,
        cutoff is None,
        unit=unit,
    )
