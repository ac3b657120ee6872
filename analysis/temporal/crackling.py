"""Crackling noise: the exponents of avalanche sizes and durations, and the relation between them at criticality."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.grid import at_least, bin_numbers
from hubbub.analysis.tails import PowerLaw, fit_power_law, fit_sizes
from hubbub.analysis.temporal.record import series
from hubbub.analysis.validation import COUNT, NOT_NEGATIVE, validated
from hubbub.simulator.errors import ConfigurationError, complaint

AVALANCHES_PER_BAND = 10
BANDS_PER_DECADE = 10
BANDS_NEEDED = 3


@dataclass(frozen=True)
class Growth:
    """How the mean size of avalanches grows with their duration: ⟨S⟩(T) ~ T^γ.

    Attributes
    ----------
    value, error
        γ and its standard error; NaN where it is undefined, and then `reason` says why.
    low, high
        The range of durations used, in bins.
    n
        Number of avalanches used.
    durations, sizes
        Mean duration and mean size of the avalanches in each of S bands of durations.
    """

    value: float
    error: float
    low: float
    high: float
    n: int
    durations: Float[np.ndarray, " S"]
    sizes: Float[np.ndarray, " S"]
    reason: str = ""

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True)
class Crackling:
    """The three exponents of avalanches, and the γ predicted from the other two (Sethna, Dahmen & Myers 2001).

    Attributes
    ----------
    size, duration
        Power laws of size (exponent τ) and duration (exponent α).
    gamma
        Growth of the mean size with duration.
    predicted, predicted_error
        (α − 1) / (τ − 1), and its error from those of α and τ.
    deviation
        γ less the prediction, in standard errors of the difference.
    reason
        Why the relation is undefined; "" otherwise.
    """

    size: PowerLaw
    duration: PowerLaw
    gamma: Growth
    predicted: float
    predicted_error: float
    deviation: float
    reason: str = ""


@validated(sizes=NOT_NEGATIVE, durations=COUNT)
def crackling(
    sizes: Real[np.ndarray, " A"],
    durations: Real[np.ndarray, " A"],
    *,
    size_cutoff: float | None = None,
    duration_cutoff: float | None = None,
) -> Crackling:
    """Return the exponents of the sizes and durations of A avalanches, and the relation γ = (α − 1)/(τ − 1).

    Sizes are int or float, durations are whole numbers of bins. The power laws are fitted by `fit_sizes` and
    `fit_power_law` of `hubbub.analysis.tails`; cut-offs are estimated where not given. γ is estimated from durations of
    at least the cut-off of the duration fit. Avalanches of a system that is not critical can fulfil the relation too
    (Touboul & Destexhe 2017): compare with those of phase-randomised records. O(A log A).

    Raises
    ------
    ConfigurationError
        Different numbers of sizes and durations, or values that `fit_power_law` refuses.
    """
    sizes, durations = series(sizes, name="sizes"), series(durations, name="durations")
    if len(sizes) != len(durations):
        raise ConfigurationError(complaint("durations", expected=f"as many as sizes, {len(sizes)}", got=len(durations)))
    size = fit_sizes(sizes, cutoff=size_cutoff)
    duration = fit_power_law(durations, discrete=True, cutoff=duration_cutoff)
    gamma = size_growth(sizes, durations, shortest=0.0 if duration.reason else duration.cutoff)
    problems = [
        f"{name}: {fit.reason}"
        for name, fit in (("sizes", size), ("durations", duration), ("growth", gamma))
        if fit.reason
    ]
    if problems:
        return Crackling(size, duration, gamma, math.nan, math.nan, math.nan, "; ".join(problems))
    alpha, tau = duration.value - 1, size.value - 1
    predicted = alpha / tau
    error = predicted * math.hypot(duration.error / alpha, size.error / tau)
    deviation = (gamma.value - predicted) / math.hypot(gamma.error, error)
    return Crackling(size, duration, gamma, predicted, error, deviation)


@validated(sizes=NOT_NEGATIVE, durations=NOT_NEGATIVE, shortest=NOT_NEGATIVE)
def size_growth(sizes: Real[np.ndarray, " A"], durations: Real[np.ndarray, " A"], *, shortest: float = 0.0) -> Growth:
    """Return γ of ⟨S⟩(T) ~ T^γ from the A avalanches (int or float) that last at least `shortest` bins.

    Durations are grouped into bands, ten per decade from the shortest that is used on, and each band with ten
    avalanches or more gives a point: γ is the slope of a weighted least-squares line of ln(mean size) against ln(mean
    duration). O(A).

    Raises
    ------
    ConfigurationError
        Sizes or durations that are not one row of finite numbers.
    """
    sizes, durations = series(sizes, name="sizes"), series(durations, name="durations")
    if len(sizes) != len(durations):
        raise ConfigurationError(complaint("durations", expected=f"as many as sizes, {len(sizes)}", got=len(durations)))
    used = at_least(durations, shortest) & (durations > 0)
    decades = np.log10(durations[used] / durations[used].min(initial=np.inf))
    band = bin_numbers(decades, 1 / BANDS_PER_DECADE).astype(np.int64)
    names, index, counts = np.unique(band, return_inverse=True, return_counts=True)
    many = counts >= AVALANCHES_PER_BAND

    def means(values: Float[np.ndarray, " used"]) -> Float[np.ndarray, " S"]:
        return np.asarray(np.bincount(index, values, len(names))[many] / counts[many])

    size, length = means(sizes[used]), means(durations[used])
    n = int(counts[many].sum())
    spread = np.sqrt(np.maximum(means(sizes[used] ** 2) - size**2, 0) / counts[many]) / size
    if len(size) < BANDS_NEEDED:
        reason = f"durations: expected {BANDS_NEEDED} bands with {AVALANCHES_PER_BAND} avalanches each, got {len(size)}"
        nan = math.nan
        return Growth(nan, nan, nan, nan, n, length, size, reason)
    # A band whose avalanches all have one size must not get infinite weight.
    weight = 1 / np.maximum(spread, np.median(spread) / 10 + 1e-9) ** 2
    x, y = np.log(length), np.log(size)
    centred = x - np.average(x, weights=weight)
    information = weight @ centred**2
    gamma = float((weight * centred) @ y / information)
    residuals = y - np.average(y, weights=weight) - gamma * centred
    # The error grows where the points scatter more than their own errors allow.
    dispersion = max(1.0, float(weight @ residuals**2) / (len(x) - 2))
    return Growth(gamma, math.sqrt(dispersion / information), float(length[0]), float(length[-1]), n, length, size)
