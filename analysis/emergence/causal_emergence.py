"""Causal emergence: whether a coarser description of a system is more informative than the finest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hubbub.analysis.emergence.effective_information import (
    EffectiveInformation,
    effective_information,
    noise_and_spread,
    transition_rows,
)

ENUMERATED = 8
SAME_BITS = 1e-12


@dataclass(frozen=True)
class CausalEmergence:
    """The best coarse-graining that was found.

    Attributes
    ----------
    value
        Effective information gained by it, in bits; 0 where none is better than the states as they are.
    micro, macro
        Effective information of the states, and of the groups.
    groups
        Group of each state `[S]`, numbered from 0.
    estimator
        How groups were searched: "every partition", or "greedy merging", which may miss the best.
    """

    value: float
    micro: EffectiveInformation
    macro: EffectiveInformation
    groups: np.ndarray
    estimator: str

    unit = "bits"

    @property
    def reason(self) -> str:
        """Why the value is NaN."""
        return self.micro.reason


def causal_emergence(transitions: np.ndarray) -> CausalEmergence:
    """Return the gain in effective information by the best grouping of states (Hoel, Albantakis & Tononi 2013).

    Parameters
    ----------
    transitions
        As in `effective_information`, `[S, S]`.

    A group is set by setting its states at random, alike; so its row is the mean over its members (with a way out), and
    columns are summed. Up to eight states every partition is tried (4,140 for eight); above, the two groups whose
    merger gives most are merged as long as that loses nothing, O(S⁴) for a merger.
    """
    rows = transition_rows(transitions)
    micro = effective_information(rows)
    if len(rows) <= ENUMERATED:
        estimator, groups = "every partition", _best_partition(rows)
    else:
        estimator, groups = "greedy merging", _merged(rows)
    coarser = groups.max() + 1 < len(rows)
    macro = effective_information(coarse_grained(rows, groups)) if coarser else micro
    return CausalEmergence(macro.value - micro.value, micro, macro, groups, estimator)


def coarse_grained(rows: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the rows `[G, G]` of groups `[S]` of states with rows `[S, S]`."""
    members = np.eye(int(groups.max()) + 1)[groups]
    return transition_rows(members.T @ rows @ members)


def _best_partition(rows: np.ndarray) -> np.ndarray:
    best = np.arange(len(rows))
    most = effective_information(rows).value
    for labels in _partitions(len(rows)):
        groups = np.array(labels)
        value = effective_information(coarse_grained(rows, groups)).value
        if value > most + SAME_BITS:
            best, most = groups, value
    return best


def _partitions(n: int) -> Iterator[list[int]]:
    """Yield every partition of n states as labels, of which each new one is the next number."""
    if not n:
        yield []
        return
    for labels in _partitions(n - 1):
        yield from ([*labels, label] for label in range(max(labels, default=-1) + 2))


def _merged(rows: np.ndarray) -> np.ndarray:
    groups = best = np.arange(len(rows))
    value = most = effective_information(rows).value
    while (n := int(groups.max()) + 1) > 2:
        members = np.eye(n)[groups]
        weights = members.T @ rows @ members
        values = [_with_each_merged(weights, one) for one in range(n - 1)]
        one = int(np.argmax([merged.max() for merged in values]))
        if not values[one].max() > value - SAME_BITS:  # what changes nothing may open the way to what does
            break
        value = float(values[one].max())
        other = one + 1 + int(values[one].argmax())
        groups = np.unique(np.where(groups == other, one, groups), return_inverse=True)[1]
        if value > most + SAME_BITS:
            best, most = groups, value
    return best


def _with_each_merged(weights: np.ndarray, one: int) -> np.ndarray:
    """Return the effective information `[n − 1 − one]` with group `one` merged with each later group."""
    others = np.arange(one + 1, len(weights))
    each = np.arange(len(others))
    merged = np.repeat(weights[None], len(others), axis=0)
    merged[:, one] += weights[others]
    merged[each, others] = 0
    merged[:, :, one] += merged[each, :, others]
    merged[each, :, others] = 0
    sums = merged.sum(axis=2, keepdims=True)
    noise, spread = noise_and_spread(np.divide(merged, sums, out=np.zeros_like(merged), where=sums > 0))
    return spread - noise
