"""Causal emergence: whether a coarser description of a system is more informative than the finest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.arrays import below
from hubbub.analysis.emergence.effective_information import (
    EffectiveInformation,
    effective_information,
    row_entropies,
    transition_rows,
)
from hubbub.analysis.validation import COUNT, NOT_NEGATIVE, validated

ENUMERATED_STATES = 8
"""Up to this number of states every partition is tried."""
SAME_BITS = 1e-12
"""Values in bits that differ by less than this are the same."""


@dataclass(frozen=True)
class CausalEmergence:
    """The best coarse-graining that was found.

    Attributes
    ----------
    value
        Effective information of the groups minus that of the states, in bits; 0 where no grouping is better than the
        single states. NaN where no state has a transition out of it.
    micro, macro
        Effective information of the states, and of the groups.
    groups
        Group of each state, `[S]`, numbered from 0.
    estimator
        How groups were searched: "every partition", or "greedy merging", which may miss the best.
    """

    value: float
    micro: EffectiveInformation
    macro: EffectiveInformation
    groups: Int[np.ndarray, " S"]
    estimator: str

    unit = "bits"

    @property
    def reason(self) -> str:
        """Why the value is NaN."""
        return self.micro.reason


@validated(transitions=NOT_NEGATIVE)
def causal_emergence(transitions: Real[np.ndarray, "S S"]) -> CausalEmergence:
    """Return the gain in effective information by the best grouping of states (Hoel, Albantakis & Tononi 2013).

    An intervention sets a group by choosing one of its states uniformly at random. So the row of a group is the mean
    over the rows of its states (those with a transition out of them), and columns are summed.

    Parameters
    ----------
    transitions
        Transition matrix `[S, S]` of S states, as in `effective_information`.

    Raises
    ------
    ConfigurationError
        The matrix is not square, or holds numbers that are negative or not finite.

    Notes
    -----
    Deterministic. Up to eight states every partition is tried (4,140 for eight). Above that, the two groups whose
    merger gives the largest value are merged, as long as the value does not fall; O(S⁴) for each merger.
    """
    rows = transition_rows(transitions)
    micro = effective_information(rows)
    if len(rows) <= ENUMERATED_STATES:
        estimator, groups = "every partition", _best_partition(rows)
    else:
        estimator, groups = "greedy merging", _merged(rows)
    coarser = groups.max() + 1 < len(rows)
    macro = effective_information(coarse_grained(rows, groups)) if coarser else micro
    return CausalEmergence(macro.value - micro.value, micro, macro, groups, estimator)


@validated(stated_shapes=True, rows=NOT_NEGATIVE, groups=COUNT)
def coarse_grained(rows: Real[np.ndarray, "S S"], groups: Int[np.ndarray, " S"]) -> Float[np.ndarray, "G G"]:
    """Return the transition matrix `[G, G]` of G groups of states (Hoel et al. 2013).

    Parameters
    ----------
    rows
        Transition matrix `[S, S]` of the states; rows sum to 1, or to 0 without a transition out of the state.
    groups
        Group of each state, `[S]`, 0 … G − 1.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, or a group outside of 0 … S − 1.
    """
    groups = below(groups, len(rows), name="groups")
    members = np.eye(int(groups.max(initial=-1)) + 1)[groups]
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
    """Yield every partition of n states as labels; a label that appears for the first time is the next number."""
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
        if not values[one].max() > value - SAME_BITS:  # a merger without a gain may make a later gain possible
            break
        value = float(values[one].max())
        other = one + 1 + int(values[one].argmax())
        groups = np.unique(np.where(groups == other, one, groups), return_inverse=True)[1]
        if value > most + SAME_BITS:
            best, most = groups, value
    return best


def _with_each_merged(weights: np.ndarray, one: int) -> np.ndarray:
    """Return the effective information `[n − 1 − one]` after a merger of group `one` with each later group."""
    others = np.arange(one + 1, len(weights))
    each = np.arange(len(others))
    merged = np.repeat(weights[None], len(others), axis=0)
    merged[:, one] += weights[others]
    merged[each, others] = 0
    merged[:, :, one] += merged[each, :, others]
    merged[each, :, others] = 0
    sums = merged.sum(axis=2, keepdims=True)
    mean_entropy, entropy_of_mean = row_entropies(np.divide(merged, sums, out=np.zeros_like(merged), where=sums > 0))
    return entropy_of_mean - mean_entropy
