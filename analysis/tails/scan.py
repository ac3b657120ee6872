"""The lower cut-off whose tail is closest to a power law, found among all distinct values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hubbub.analysis.tails.families import Family
from hubbub.analysis.tails.sample import Sample

ROUNDING = 1e-12


class Tail(NamedTuple):
    """The exponent, cut-off, Kolmogorov–Smirnov distance and number of points of a fitted tail."""

    alpha: float
    cutoff: float
    distance: float
    n: int


def closest_tail(sample: Sample, family: Family, *, cutoff: float | None = None) -> Tail:
    """Return the tail with the smallest Kolmogorov–Smirnov distance (Clauset, Shalizi & Newman 2009, section 3.3).

    Every distinct value but the last is a candidate, or only `cutoff` where it is given. The largest deviation of a
    candidate sits at one point of the sample, and the deviation of the other candidates at that point is a lower bound
    of their distance. So the candidate with the smallest bound is measured, its point sharpens the bounds of all, and
    the scan ends when no bound is below the smallest distance found: the exact minimum after a few dozen passes of
    O(n) instead of n.
    """
    if cutoff is not None:
        sample = sample.tail(cutoff)
    x, at_least = sample.x, sample.at_least
    above = at_least - sample.counts
    n_candidates = len(x) - 1 if cutoff is None else 1
    starts = x[:n_candidates] if cutoff is None else np.array([cutoff])
    sizes = at_least[:n_candidates].astype(np.float64)
    logs = np.log(x)
    sums = (sample.counts * logs)[::-1].cumsum()[::-1][:n_candidates]
    mean_logs = np.maximum(sums / sizes - np.log(starts), ROUNDING)
    alphas = family.exponents(mean_logs, starts)
    normalisers = family.log_normaliser(alphas, starts)

    def deviation(candidate: slice | int, point: slice | int) -> np.ndarray:
        of = (alphas[candidate], starts[candidate], normalisers[candidate])
        here = family.survival(*of, x[point])
        next_ = family.survival(*of, x[point] + family.step) if family.step else here
        size = sizes[candidate]
        return np.maximum(np.abs(at_least[point] / size - here), np.abs(above[point] / size - next_))

    bounds = np.zeros(n_candidates)
    measured = np.zeros(n_candidates, dtype=bool)

    def sharpen(point: int) -> None:
        reach = slice(0, point + 1)
        bounds[reach] = np.maximum(bounds[reach], deviation(reach, point))

    # First witnesses at every halving of the sample, so that short tails do not start without a bound.
    halves = at_least[0] * 0.5 ** np.arange(1, np.log2(at_least[0]))
    for point in np.unique(np.searchsorted(-at_least, -halves).clip(max=len(x) - 1)):
        sharpen(int(point))
    best, closest = np.inf, 0
    while True:
        candidate = int(bounds.argmin())
        if bounds[candidate] >= best - ROUNDING or measured[candidate]:
            return Tail(float(alphas[closest]), float(starts[closest]), float(best), int(sizes[closest]))
        deviations = deviation(candidate, slice(candidate, None))
        worst = int(deviations.argmax())
        distance = deviations[worst]
        if distance < best:
            best, closest = distance, candidate
        sharpen(candidate + worst)
        bounds[candidate], measured[candidate] = distance, True
