"""Linked pairs of agents within dialects against those across: what is lost where a link crosses the cut."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Shaped

from hubbub.analysis.dialects.distance import jackknife_error, leave_one_out_means
from hubbub.analysis.measure import Measure, undefined

Z = 1.96
ESTIMATOR = "1 − linked pairs across / linked pairs within"


@dataclass(frozen=True)
class LinkedPairs:
    """Values of linked pairs within dialects and across the cut between them.

    Attributes
    ----------
    within, across
        Mean over linked pairs of the same dialect, and of different dialects; NaN where there is no such pair.
    loss
        1 − across / within: the share of the value that is lost over a link that crosses the cut. Near 0 in a
        continuum, where all linked pairs are alike; near 1 at a border. Its 95 % interval is the vertex jackknife; its
        standard error is at least that of a mean of as many independent pairs as are across, which have the standard
        deviation of the pairs within (with one link across, the jackknife is not defined).
    """

    within: float
    across: float
    loss: Measure


def linked_pairs(
    comparisons: Sequence[tuple[Float[np.ndarray, "N N"], Shaped[np.ndarray, " N"]]], linked: Bool[np.ndarray, "N N"]
) -> LinkedPairs:
    """Return the means over comparisons, each of values `[N, N]` and the labels `[N]` of dialects."""
    n_agents = len(linked)
    within, across = (
        _mean([_means(values, linked & ((labels[:, None] == labels) == wanted)) for values, labels in comparisons])
        for wanted in (True, False)
    )
    if math.isnan(within.mean + across.mean) or within.mean <= 0 or (within.without == 0).any():
        reason = "no linked pairs within dialects and across, or none with a value above 0"
        return LinkedPairs(
            within.mean, across.mean, undefined(reason, unit="1", estimator=ESTIMATOR, n=int(across.pairs))
        )
    loss = 1 - across.mean / within.mean
    jackknife = jackknife_error(1 - across.without / within.without)
    # Both directions of a link are two pairs with one value, at least where values are similarities.
    independent = within.sd / within.mean / math.sqrt(max(across.pairs / 2, 1.0))
    error = np.nanmax([jackknife, independent])
    interval = (float(loss - Z * error), float(loss + Z * error))
    return LinkedPairs(within.mean, across.mean, Measure(loss, "1", ESTIMATOR, n_agents, interval=interval))


@dataclass(frozen=True)
class _Means:
    mean: float
    sd: float
    pairs: float
    without: Float[np.ndarray, " N"]


def _means(values: Float[np.ndarray, "N N"], chosen: Bool[np.ndarray, "N N"]) -> _Means:
    """Return mean, standard deviation and number of the chosen pairs, and the mean without each agent."""
    if not chosen.any():
        return _Means(math.nan, math.nan, 0.0, np.full(len(values), math.nan))
    picked = values[chosen]
    return _Means(float(picked.mean()), float(picked.std()), float(len(picked)), leave_one_out_means(values, chosen))


def _mean(found: Sequence[_Means]) -> _Means:
    """Return the mean over the comparisons that have such pairs."""
    known = [one for one in found if one.pairs] or list(found[:1])
    mean, sd, pairs = (float(np.mean([getattr(one, name) for one in known])) for name in ("mean", "sd", "pairs"))
    return _Means(mean, sd, pairs, np.mean([one.without for one in known], axis=0))
