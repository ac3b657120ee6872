"""Ψ and participation ratio of an exponential memory through its critical interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.emergence import participation_ratio, psi_delta_gamma
from hubbub.analysis.emergence.shuffled import each_shuffled
from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.measure import over_seeds
from hubbub.analysis.memories import copy_statistics
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.catalogue import Claim, judge
from hubbub.scenarios.reproductions.correlating import together
from hubbub.scenarios.reproductions.emergence_of_codes import CRITERIA, SOURCE, less_shuffled
from hubbub.scenarios.reproductions.rows import Rows, column, mean
from hubbub.scenarios.running import load_system
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OURS = "our question"
STATES, STRIDE, GROUPS = 3000, 10, 8
"""States that are looked at after the run, steps between them, and groups of spins."""


def rows_of(run: Run, seed: int) -> list[dict[str, Any]]:
    """Return the criteria of every copy of a run of one load, from states that follow it: runs keep none.

    V is the overlap with the target pattern, X^j the overlap within one of 8 groups of spins drawn at random; V is
    their mean. The participation ratio is that of the spins, over the one with every spin in an order of its own.
    """
    memory = load_system(run.path)
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


def correlations(rows: Rows) -> list[Claim]:
    """Return what goes with H over noise levels."""
    return [
        _with_h(
            rows, "dimensions", "participation ratio", "the spins vary in more or fewer dimensions where H is high"
        ),
        _with_h(rows, "psi", "Ψ of the overlap", "Ψ is higher or lower where H is high"),
    ]


def claims(rows: Rows) -> list[Claim]:
    """Return whether the overlap emerges, and in how many dimensions the spins vary, where H is highest."""
    peak = max(_levels(rows), key=lambda noise: mean(rows, "h", part="memory", noise=noise).value)
    at_peak: dict[str, Any] = {"part": "memory", "noise": peak}
    psi, dimensions = mean(rows, "psi", **at_peak), mean(rows, "dimensions", **at_peak)
    beside = ", ".join(f"{sign} {mean(rows, name, **at_peak).value:+.4f}" for name, sign in CRITERIA.items())
    return [
        Claim(
            "Ψ of the overlap inside the interval",
            SOURCE,
            "the overlap is causally emergent, Ψ > 0",
            f"Ψ in bits less its mean on shuffled time, at the noise where H is highest (p = {peak:g})",
            psi,
            judge(psi, above=0.0),
            f"{beside}; {GROUPS} groups of spins that all feel the same switches, each taken off: a lower bound",
        ),
        Claim(
            "fewer dimensions inside the interval",
            OURS,
            "inside the critical interval the spins vary in fewer dimensions than spins on their own",
            f"participation ratio over that with every spin in an order of its own, at p = {peak:g}",
            dimensions,
            judge(dimensions, below=1.0),
            f"H there {mean(rows, 'h', **at_peak).value:.2f}",
        ),
    ]


def figure(rows: Rows) -> tuple[Figure, str]:
    """Return H, Ψ and the participation ratio over noise."""
    levels = _levels(rows)

    def over_noise(name: str) -> Varied:
        return Varied(levels, [mean(rows, name, part="memory", noise=noise) for noise in levels])

    shown = {
        "H of the overlap (DFA)": {"H": over_noise("h")},
        "participation ratio / spins on their own": {"dimensions": over_noise("dimensions")},
        "bits, less shuffled time": {sign: over_noise(name) for name, sign in CRITERIA.items()},
    }
    return interval_curves(shown, along="noise p", limits=None), (
        "An exponential memory through its critical interval, where H is above 0.5: the dimensions that its spins vary "
        "in, and the criteria of emergence of the overlap; bands: 95 % intervals over seeds."
    )


def _with_h(rows: Rows, name: str, what: str, statement: str) -> Claim:
    def over_noise(quantity: str, seed: float) -> np.ndarray:
        return np.array(column(rows, quantity, part="memory", seed=seed))

    seeds = dict.fromkeys(column(rows, "seed", part="memory"))
    each = [rank_correlation(over_noise("h", seed), over_noise(name, seed)) for seed in seeds]
    value = over_seeds([measure.value for measure in each])
    beyond = sum(abs(measure.z_score) > 1.96 for measure in each)
    return Claim(
        f"{what} and H of a memory",
        OURS,
        statement,
        f"rank correlation over {len(_levels(rows))} noise levels of H with the {what}",
        value,
        together(value),
        f"beyond permuted noise levels (|z| > 1.96) in {beyond} of {len(each)} seeds",
    )


def _levels(rows: Rows) -> list[float]:
    return sorted(set(column(rows, "noise", part="memory")))


def _criteria(groups: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Return Ψ, Δ and Γ of the overlaps of groups `[T, groups]` and their mean, less shuffled time."""
    found = psi_delta_gamma(groups.mean(axis=1), groups, estimator="gaussian", generator=rng)
    return {name: less_shuffled(getattr(found, name)) for name in CRITERIA}


def _dimensions(states: np.ndarray, rng: np.random.Generator) -> float:
    alone = np.column_stack(each_shuffled(list(states.T), rng))
    return participation_ratio(states).value / participation_ratio(alone).value
