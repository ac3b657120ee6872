"""The exponents of avalanches at many thresholds: a true power law does not depend on the threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Real

from hubbub.analysis.tails import PowerLaw, fit_power_law, fit_sizes
from hubbub.analysis.temporal.avalanches import Avalanches, avalanches, binned
from hubbub.analysis.temporal.record import series
from hubbub.analysis.validation import AT_LEAST_1, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@dataclass(frozen=True)
class AtThreshold:
    """The avalanches at one threshold, and the power laws of their sizes, durations, quiescences and birth times.

    `share` is the share of bins below the threshold; `births` is the fit to the times from birth to birth.
    Times are in bins.
    """

    share: float
    avalanches: Avalanches
    sizes: PowerLaw
    durations: PowerLaw
    quiescences: PowerLaw
    births: PowerLaw


@validated(bin_steps=AT_LEAST_1)
def threshold_sweep(
    activity: Real[np.ndarray, " T"],
    *,
    shares: tuple[float, ...] = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95),
    bin_steps: int = 1,
) -> tuple[AtThreshold, ...]:
    """Return avalanches and their exponents at thresholds that are quantiles of the binned activity (int or float).

    `shares` are the shares of bins below the thresholds; `bin_steps` is as in `avalanches`. A fit with too few
    avalanches is undefined, and its reason tells how many it needs. O(T) and one fit of each kind for a threshold.

    Raises
    ------
    ConfigurationError
        A malformed activity, one shorter than a bin, or shares outside 0 … 1.
    """
    values = series(activity, name="activity")
    in_bins = binned(values, bin_steps)
    if not len(in_bins):
        raise ConfigurationError(complaint("activity", expected=f"at least {bin_steps} steps", got=len(values)))
    if not all(0 <= share <= 1 for share in shares):
        raise ConfigurationError(complaint("shares", expected="numbers from 0 to 1", got=shares))
    found = []
    for share in shares:
        at = avalanches(values, threshold=float(np.quantile(in_bins, share)), bin_steps=bin_steps)
        fits = (at.durations, at.quiescences, at.between_births)
        found.append(AtThreshold(share, at, fit_sizes(at.sizes), *(fit_power_law(n, discrete=True) for n in fits)))
    return tuple(found)
