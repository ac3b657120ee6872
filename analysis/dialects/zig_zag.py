"""Odd and even distances: a sign that speaking and listening are not tied to one code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hubbub.analysis.arrays import square
from hubbub.analysis.dialects.distance import distance_matrix, jackknife_error, leave_one_out_means
from hubbub.analysis.measure import Measure, undefined

LOOKED_AT = 4
Z = 1.96
ESTIMATOR = "alternation of the means at the four shortest distances"


@dataclass(frozen=True)
class ZigZag:
    """Whether a quantity goes up and down with distance.

    Attributes
    ----------
    found
        Whether the means at the four shortest distances fall and rise by turns, each time by more than 1.96 standard
        errors.
    amplitude
        Half the mean step between odd and even distances beyond what a line between the neighbours gives; above 0 even
        distances have more.
    """

    found: bool
    amplitude: Measure


def zig_zag(values: np.ndarray, distance: np.ndarray) -> ZigZag:
    """Return whether `values [N, N]` of ordered pairs i ≠ j alternate between odd and even distances.

    Agents that speak one code and listen to another form two interleaved languages on a ring or any other graph without
    odd cycles: messages are alike at even distances, understood at odd ones. Then neither a border nor a continuum
    describes them, and a map of dialects misleads. Standard errors and the 95 % interval are the vertex jackknife
    (Snijders & Borgatti 1999). Not defined below four different finite distances. O(N²).
    """
    pairs, far = square(values, name="values"), distance_matrix(distance, len(values))
    n_agents = len(pairs)
    used = np.isfinite(far) & ~np.eye(n_agents, dtype=bool)
    shortest = np.unique(far[used])[:LOOKED_AT]
    if len(shortest) < LOOKED_AT:
        reason = f"{len(shortest)} different distances, at least {LOOKED_AT} needed"
        return ZigZag(False, undefined(reason, unit="1", estimator=ESTIMATOR, n=n_agents))
    chosen = [used & (far == at) for at in shortest]
    steps = np.diff([pairs[at].mean() for at in chosen])
    without = np.diff([leave_one_out_means(pairs, at) for at in chosen], axis=0)
    value, error = float(_amplitude(steps)), jackknife_error(_amplitude(without))
    low, high = value - Z * error, value + Z * error
    errors = np.array([jackknife_error(step) for step in without])
    found = bool((steps[:-1] * steps[1:] < 0).all() and (np.abs(steps) > Z * errors).all())
    amplitude = Measure(value, "1", ESTIMATOR, n_agents, interval=(low, high))
    return ZigZag(found, amplitude)


def _amplitude(steps: np.ndarray) -> np.ndarray:
    """Return, from steps `[3, …]` between four means, half of what even ones have above a line and odd ones below."""
    return (steps[0] - 2 * steps[1] + steps[2]) / 8
