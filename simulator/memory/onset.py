"""The noise at which an exponential memory loses the pattern that it holds, in closed form."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Num


def onset(patterns: Num[np.ndarray, "K D"], target: int, steps: int) -> float:
    """Return the chance p of a flip at which the target pattern is lost once in so many steps, on average.

    A synchronous memory moves from the target to pattern ν when more than half of the d_ν spins in which they differ
    flip in one step. So it is lost at the rate r(p) = Σ_ν P[Bin(d_ν, p) > d_ν / 2] + ½ P[Bin(d_ν, p) = d_ν / 2], and
    the onset solves r(p) · steps = 1. It falls with the logarithm of the number of steps. Simulations agree to about
    0.01. NaN where there is none: a single pattern is never lost. O(K D).

    Parameters
    ----------
    patterns
        Stored patterns `[K, D]` of ±1.
    target
        Number of the pattern that is held.
    """
    from scipy.optimize import brentq
    from scipy.stats import binom

    distances = np.delete((patterns != patterns[target]).sum(axis=1), target)
    if not len(distances):
        return math.nan

    def excess(chance: float) -> float:
        rate = binom.sf(distances / 2, distances, chance) + binom.pmf(distances / 2, distances, chance) / 2
        return float(rate.sum() * steps - 1)

    return float(brentq(excess, 0.0, 0.5)) if excess(0.5) >= 0 else math.nan
