"""What agents earn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def returns(
    rewards: np.ndarray, actions: np.ndarray | None = None, action_costs: Sequence[float] | None = None
) -> np.ndarray:
    """Return the mean return `[S]` over episodes of `rewards [S, C, T]`, NaN after the end of one.

    With `actions [S, C, T, A]` and `action_costs [S]` less the cost of each squared action. NaN for an agent with an
    episode of which nothing is known, as where its weights are not finite: no reward at all is not a reward of 0.
    """
    earned = rewards
    if actions is not None and action_costs is not None:
        earned = rewards - np.reshape(action_costs, (-1, 1, 1)) * np.square(actions).sum(-1)
    totals = np.where(np.isnan(earned).all(axis=-1), np.nan, np.nansum(earned, axis=-1))
    return totals.mean(axis=-1)


def performance_ratio(value: float, reference: float, *, baseline: float) -> float:
    """Return how much of what a reference earns above `nothing` (an agent without a plan) an agent earns above it.

    1 where both earn the same, 0 where the agent earns nothing; returns may be negative.
    """
    return (value - baseline) / (reference - baseline)
