"""Capacity: how many random patterns associative memories restore, against theory."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.memories import copy_table, last_of_copies
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.rows import Rows, column, mean
from hubbub.simulator.memory.capacity import HOPFIELD_CAPACITY, exponential_capacity
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FLIPPED = 0.25
RESTORED = 1.0
NEARLY = 0.95
"""Overlap that counts as a pattern restored, and as one held: Hebb's memory holds its patterns with a few errors."""
EXPONENTIAL, HEBB = "exponential", "Hopfield (Hebb)"
ORDERS = (2, 3, 4)


@dataclass(frozen=True)
class Setting:
    """One memory at several sizes D.

    Attributes
    ----------
    changes
        Of the scenario.
    loads
        Loads by size.
    held
        Overlap at the end from which a pattern counts as restored.
    """

    changes: Mapping[str, Any]
    loads: Mapping[int, Sequence[int]]
    held: float


@reproduction("memory-retrieval")
def memory_retrieval(lab: Lab) -> Outcome:
    """Shares of random patterns that exponential, polynomial and Hebb's memories restore, by load and size."""
    settings = _settings(full=lab.is_full)
    repetitions, seeds = (200, 10) if lab.is_full else (40, 5)
    jobs = {
        (name, size, seed): Job(
            f"{name.split(' (')[0].replace(' ', '-').lower()}-d{size:03d}-s{seed}",
            "memory-retrieval",
            {
                **setting.changes,
                "patterns.n_spins": size,
                "copies.load": list(loads),
                "copies.repetitions": 5 if name == HEBB else repetitions,
            },
            seed,
        )
        for name, setting in settings.items()
        for size, loads in setting.loads.items()
        for seed in range(seeds)
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows = [row for key, run in runs.items() for row in _measure(run, *key, held=settings[key[0]].held)]
    half = [
        {"memory": name, "size": size, "seed": seed, "log_half": _half(rows, name, size, seed)}
        for name, size, seed in jobs
    ]
    return Outcome(
        "Associative memories: how many patterns?",
        _claims(rows, half),
        [*rows, *half],
        _figures(rows, half),
        [
            f"No noise. {EXPONENTIAL}: one step from a pattern with {FLIPPED:.0%} of its spins flipped, restored when "
            f"no spin is wrong. Polynomial: one step from the pattern itself, held when no spin is wrong. {HEBB}: "
            f"asynchronous, 30 steps from the pattern, held when the overlap is at least {NEARLY:g}.",
            f"{seeds} seeds, each with {repetitions} sets of patterns ({HEBB}: 5) at every load; half-load: the load "
            "at which half of them are restored, between two loads by the logarithm.",
        ],
    )


def _settings(*, full: bool) -> dict[str, Setting]:
    def doubling(low: int, high: int) -> list[int]:
        return [round(low * 2 ** (k / 2)) for k in range(2 * round(math.log2(high / low)) + 1)]

    sizes = (24, 32, 40, 48, 56, 64) if full else (24, 32, 40, 48)
    exponential = {size: doubling(2, 2 ** round(2.5 + size / 6)) for size in sizes}
    chosen = {EXPONENTIAL: Setting({}, exponential, RESTORED)}
    for order in ORDERS:
        of = {2: (64, 128, 256), 3: (32, 64, 128), 4: (32, 48, 64)}[order]
        changes = {"memory.kind": "polynomial", "memory.order": order, "copies.flipped": 0.0}
        middle = {size: _no_errors(order, size) for size in of}
        loads = {size: doubling(max(2, round(at / 4)), max(2, round(at / 4)) * 16) for size, at in middle.items()}
        chosen[f"polynomial {order}"] = Setting(changes, loads, RESTORED)
    changes = {
        "memory.kind": "hopfield",
        "memory.update": "asynchronous",
        "copies.flipped": 0.0,
        "dynamics.steps": 30,
        "engine.record_every": 30,
        "engine.checkpoint_every": 30,
    }
    alphas = np.arange(0.08, 0.221, 0.01)
    loads = {size: sorted({round(alpha * size) for alpha in alphas}) for size in (125, 500, 1000)}
    chosen[HEBB] = Setting(changes, loads, NEARLY)
    return chosen


def _no_errors(order: int, size: int) -> float:
    """Return the load up to which no spin of a pattern is wrong, D^(n − 1) / (2 (2n − 3)!! ln D).

    Krotov & Hopfield (2016), equation 7.
    """
    odd = math.prod(range(2 * order - 3, 0, -2))
    return float(size ** (order - 1) / (2 * odd * math.log(size)))


def _measure(run: Run, name: str, size: int, seed: int, *, held: float) -> list[dict[str, Any]]:
    """Return a row for each load: the share of copies that hold the pattern, and their mean overlap."""
    load = copy_table(run)["load"].to_numpy()
    overlap = last_of_copies(run, "overlap")
    return [
        {
            "memory": name,
            "size": size,
            "seed": seed,
            "load": int(k),
            "restored": float(np.mean(overlap[load == k] >= held)),
            "overlap": float(overlap[load == k].mean()),
        }
        for k in np.unique(load)
    ]


def _half(rows: Rows, name: str, size: int, seed: int) -> float:
    """Return ln of the load at which half of the copies hold the pattern; NaN where the loads do not reach it."""
    where = {"memory": name, "size": size, "seed": seed}
    loads, share = np.log(column(rows, "load", **where)), np.array(column(rows, "restored", **where))
    first = int(np.argmax(share < 0.5))
    if first == 0:
        return math.nan
    part = (share[first - 1] - 0.5) / (share[first - 1] - share[first])
    return float(loads[first - 1] + part * (loads[first] - loads[first - 1]))


def _slope(half: Rows, name: str, *, logarithmic: bool) -> Measure:
    """Return the slope of ln(half-load) against the size, or against its logarithm, by seed."""
    slopes = []
    for seed in sorted({row["seed"] for row in half}):
        mine = [row for row in half if row["memory"] == name and row["seed"] == seed]
        sizes = np.array([row["size"] for row in mine], dtype=float)
        slopes.append(float(np.polyfit(np.log(sizes) if logarithmic else sizes, [r["log_half"] for r in mine], 1)[0]))
    return over_seeds(slopes)


def _claims(rows: Rows, half: Rows) -> list[Claim]:
    alpha = exponential_capacity(FLIPPED)
    growth = _slope(half, EXPONENTIAL, logarithmic=False)
    sizes = sorted({row["size"] for row in half if row["memory"] == EXPONENTIAL})
    excess = over_seeds(
        [
            min(
                row["log_half"] - alpha * row["size"]
                for row in half
                if row["memory"] == EXPONENTIAL and row["seed"] == s
            )
            for s in sorted({row["seed"] for row in half})
        ]
    )
    largest = max(row["size"] for row in half if row["memory"] == HEBB)
    hebb = over_seeds([math.exp(value) / largest for value in column(half, "log_half", memory=HEBB, size=largest)])
    claims = [
        Claim(
            "exponential growth",
            "Demircigil et al. 2017, theorem 3",
            "an exponential memory restores exp(α D) patterns, α at least I(1 − 2ρ)/2",
            f"slope of ln(half-load) against D, D = {', '.join(map(str, sizes))}, ρ = {FLIPPED:g}",
            growth,
            judge(growth, above=alpha),
            f"α of the theorem {alpha:.4f}, a bound that is kept; another pattern comes as near as the damaged one at "
            f"about {2 * alpha:.4f}",
        ),
        Claim(
            "exponential capacity",
            "Demircigil et al. 2017, theorem 3",
            "exp(α D) patterns are restored at small D as well",
            "ln(half-load) less α D, at the size where it is least",
            excess,
            judge(excess, above=0.0),
        ),
        Claim(
            "classical capacity",
            "Amit, Gutfreund & Sompolinsky 1985",
            f"Hebb's memory holds {HOPFIELD_CAPACITY} D patterns",
            f"half-load over D, D = {largest}",
            hebb,
            judge(hebb, within=(HOPFIELD_CAPACITY - 0.02, HOPFIELD_CAPACITY + 0.02)),
            "holds within ± 0.02; finite networks hold some patterns beyond it, fewer the larger they are; "
            + ", ".join(
                f"D = {size}: {math.exp(mean(half, 'log_half', memory=HEBB, size=size).value) / size:.3f}"
                for size in sorted({row["size"] for row in half if row["memory"] == HEBB})
            ),
        ),
    ]
    for order in ORDERS:
        name = f"polynomial {order}"
        power = _slope(half, name, logarithmic=True)
        of = sorted({row["size"] for row in half if row["memory"] == name})
        expected = float(np.polyfit(np.log(of), np.log([_no_errors(order, size) for size in of]), 1)[0])
        loads = ", ".join(
            f"D = {size}: {math.exp(mean(half, 'log_half', memory=name, size=size).value):.0f} "
            f"(theory {_no_errors(order, size):.0f})"
            for size in of
        )
        claims.append(
            Claim(
                f"polynomial capacity, order {order}",
                "Krotov & Hopfield 2016, equation 7",
                f"a memory of order {order} holds about D^{order - 1} / ln D patterns without an error",
                "slope of ln(half-load) against ln D",
                power,
                judge(power, within=(expected - 0.25, expected + 0.25)),
                f"holds within {expected:.2f} ± 0.25, the slope of the formula over these sizes; half-loads {loads}",
            )
        )
    return claims


def _figures(rows: Rows, half: Rows) -> dict[str, tuple[Figure, str]]:
    names = list(dict.fromkeys(row["memory"] for row in rows))

    def sizes_of(name: str) -> list[int]:
        return sorted({row["size"] for row in rows if row["memory"] == name})

    def shares(name: str, size: int) -> Varied:
        loads = sorted({row["load"] for row in rows if row["memory"] == name and row["size"] == size})
        scale = [load / size if name == HEBB else math.log10(load) for load in loads]
        return Varied(scale, [mean(rows, "restored", memory=name, size=size, load=load) for load in loads])

    curves = {
        f"{name}, {'load / D' if name == HEBB else 'log10 load'}": {
            f"D = {size}": shares(name, size) for size in sizes_of(name)
        }
        for name in names
    }
    alpha = exponential_capacity(FLIPPED)
    sizes = sizes_of(EXPONENTIAL)
    measured = Varied(sizes, [mean(half, "log_half", memory=EXPONENTIAL, size=size) for size in sizes])
    lines = {
        "half-load": measured,
        "exp(α D), theorem": Varied(sizes, [Measure(alpha * size, "1", "α D", 1) for size in sizes]),
        "exp(2 α D)": Varied(sizes, [Measure(2 * alpha * size, "1", "2 α D", 1) for size in sizes]),
    }
    return {
        "restored": (
            interval_curves(curves, along="load"),
            "Share of patterns restored against load; lines: means over seeds, bands: 95 % intervals, dots: seeds.",
        ),
        "exponential": (
            interval_curves({"exponential memory: ln(load)": lines}, along="spins D", limits=None),
            f"ln of the load at which half of the patterns are restored when {FLIPPED:.0%} of the spins are flipped.",
        ),
    }
