"""Ψ and participation ratio of an exponential memory through its critical interval."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from analysis.emergence import participation_ratio, psi_delta_gamma
from analysis.emergence.shuffled import each_shuffled
from analysis.figures import Varied, interval_curves
from analysis.measure import over_seeds
from analysis.memories import copy_statistics
from analysis.ranks import rank_correlation
from scenarios.reproductions.catalogue import Claim, judge
from scenarios.reproductions.correlating import together
from scenarios.reproductions.rows import Rows, column, mean
from scenarios.running import revive
from simulator.store import Run

OURS = "our question"
STATES, STRIDE, GROUPS = 3000, 10, 8
"""States that are looked at after the run, steps between them, and groups of spins."""


def rows_of(run: Run, seed: int) -> list[dict[str, Any]]:
    """Return the criteria of every copy of a run, from states that follow it: runs keep none.

    V is the overlap with the target pattern, X^j the overlap within one of 8 groups of spins, drawn at random; V is
    their mean. The participation ratio is that of the spins' covariance, over the one with each spin in an order of its
    own.
    """
    memory = revive(run.path)
    spins = np.empty((STATES, *memory.state().tensors["spins"].shape), dtype=np.int8)
    for at in range(STATES):
        memory.step(STRIDE)
        spins[at] = memory.state().tensors["spins"].numpy()
    luck = np.random.default_rng(seed)
    members = np.array_split(luck.permutation(spins.shape[2]), GROUPS)
    target = memory.copies.patterns[:, 0, memory.copies.target]
    return [
        {"part": "memory", "seed": seed, "noise": copy.noise, "h": copy.h.value, **_criteria(states, luck, members, p)}
        for copy, states, p in zip(copy_statistics(run), spins.swapaxes(0, 1), target, strict=True)
    ]


def _criteria(
    states: np.ndarray, luck: np.random.Generator, members: list[np.ndarray], pattern: np.ndarray
) -> dict[str, float]:
    agreeing = states * pattern
    groups = np.stack([agreeing[:, group].mean(axis=1) for group in members], axis=1)
    found = psi_delta_gamma(groups.mean(axis=1), groups, estimator="gaussian", generator=luck)
    [shuffled] = each_shuffled([states.T], luck)
    return {}
