"""Ψ and participation ratio of an exponential memory through its critical interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.emergence import participation_ratio, psi_delta_gamma
from hubbub.analysis.emergence.shuffled import each_shuffled
from hubbub.analysis.figures import interval_curves
from hubbub.analysis.memories import copy_statistics
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.criteria import Above, Below, Correlates
from hubbub.scenarios.reproductions.emergence_of_talk.codes import CRITERIA, SOURCE, minus_shuffled
from hubbub.scenarios.reproductions.table import Rows, Table
from hubbub.scenarios.running import load_system
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STATES, STRIDE, GROUPS = 3000, 10, 8
"""States that are recorded after the run, steps between them, and groups of spins."""


def measure(run: Run) -> Rows:
    """Return the criteria of every copy of a run of one load, from states that follow it: runs keep none.

    V is the overlap with the target pattern, X^j the overlap within one of 8 groups of spins drawn at random; V is
    their mean. The participation ratio is that of the spins, over the one with every spin in an order of its own.
    """
    seed, memory = int(run.configuration["seed"]), load_system(run.path)
    spins = np.empty((STATES, *memory.state().tensors["spins"].shape), dtype=np.int8)
    for at in range(STATES):
        memory.step(STRIDE)
        spins[at] = memory.state().tensors["spins"].numpy()
    rng = np.random.default_rng(seed)
    members = rng.permutation(spins.shape[2]).reshape(GROUPS, -1)
    pattern = memory.copies.patterns[0, memory.copies.target]
    return [
        {
            "part": "memory",
            "seed": seed,
            "noise": copy.noise,
            "h": copy.h.value,
            **_criteria((states * pattern)[:, members].mean(axis=2), rng),
            "dimensions": _dimensions(states, rng),
        }
        for copy, states in zip(copy_statistics(run), spins.swapaxes(0, 1), strict=True)
    ]


def correlations(table: Table) -> list[Claim]:
    """Return what goes with H over noise levels."""
    memory = table.where(part="memory")
    statement = "the spins vary in more or fewer dimensions where H is high"
    return [
        _with_h(memory, "dimensions", "participation ratio", statement),
        _with_h(memory, "psi", "Ψ of the overlap", "Ψ is higher or lower where H is high"),
    ]


def claims(table: Table) -> list[Claim]:
    """Return whether the overlap emerges, and in how many dimensions the spins vary, where H is highest."""
    levels = table.where(part="memory").by("noise")
    peak = max(sorted(levels), key=lambda noise: levels[noise].mean("h").value)
    at_peak = levels[peak]
    beside = ", ".join(f"{sign} {at_peak.mean(name).value:+.4f}" for name, sign in CRITERIA.items())
    return [
        Claim(
            "Ψ of the overlap inside the interval",
            "the overlap is causally emergent, Ψ > 0",
            f"Ψ in bits minus its mean on shuffled time, at the noise where H is highest (p = {peak:g})",
            at_peak.mean("psi"),
            Above(0),
            f"{beside}; {GROUPS} groups of spins that all feel the same switches, each taken off: a lower bound",
            SOURCE,
        ),
        Claim(
            "fewer dimensions inside the interval",
            "inside the critical interval the spins vary in fewer dimensions than spins on their own",
            f"participation ratio over that with every spin in an order of its own, at p = {peak:g}",
            at_peak.mean("dimensions"),
            Below(1, "1 is the ratio of spins on their own"),
            f"H there {at_peak.mean('h').value:.2f}",
        ),
    ]


def figure(table: Table) -> tuple[Figure, str]:
    """Return H, Ψ and the participation ratio over noise."""
    memory = table.where(part="memory")
    shown = {
        "H of the overlap (DFA)": {"H": memory.curve("noise", "h")},
        "participation ratio / spins on their own": {"dimensions": memory.curve("noise", "dimensions")},
        "bits, minus shuffled time": {sign: memory.curve("noise", name) for name, sign in CRITERIA.items()},
    }
    return interval_curves(shown, along="noise p", limits=None), (
        "An exponential memory through its critical interval, where H is above 0.5: the dimensions that its spins vary "
        "in, and the criteria of emergence of the overlap; bands: 95 % intervals over seeds."
    )


def _with_h(memory: Table, name: str, what: str, statement: str) -> Claim:
    z_scores = []

    def correlation(mine: Table) -> float:
        found = rank_correlation(np.array(mine.column("h")), np.array(mine.column(name)))
        z_scores.append(found.z_score)
        return found.value

    value = memory.each(correlation)
    return Claim(
        f"{what} and H of a memory",
        statement,
        f"rank correlation over {len(memory.levels('noise'))} noise levels of H with the {what}",
        value,
        Correlates(),
        f"beyond permuted noise levels (|z| > 1.96) in {sum(abs(z) > 1.96 for z in z_scores)} of {len(z_scores)} seeds",
    )


def _criteria(groups: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Return Ψ, Δ and Γ of the overlaps of groups `[T, groups]` and their mean, minus shuffled time."""
    found = psi_delta_gamma(groups.mean(axis=1), groups, estimator="gaussian", generator=rng)
    return {name: minus_shuffled(getattr(found, name)) for name in CRITERIA}


def _dimensions(states: np.ndarray, rng: np.random.Generator) -> float:
    alone = np.column_stack(each_shuffled(list(states.T), rng))
    return participation_ratio(states).value / participation_ratio(alone).value
