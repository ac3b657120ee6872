"""Capacity: how many random patterns associative memories restore, against theory."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.measure import Measure
from hubbub.analysis.memories import copy_table, last_of_copies
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.criteria import Above, Within
from hubbub.scenarios.reproductions.design import Changes, Design
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Rows, Table, slope
from hubbub.simulator.memory.capacity import HOPFIELD_CAPACITY, exponential_capacity
from hubbub.simulator.store import Run

FLIPPED = 0.25
RESTORED = 1.0
NEARLY = 0.95
"""Overlap that counts as a pattern restored, and as one held: Hebb's memory holds its patterns with a few errors."""
EXPONENTIAL, HEBB = "exponential", "Hopfield (Hebb)"
POLYNOMIAL: Mapping[int, tuple[int, ...]] = {2: (64, 128, 256), 3: (32, 64, 128), 4: (32, 48, 64)}
"""By order, the sizes D of polynomial memories."""
THEOREM = "Demircigil et al. 2017, theorem 3"


@reproduction("memory-retrieval")
@sizes(
    small={"exponential": (24, 32, 40, 48), "repetitions": 40, "seeds": 5},
    full={"exponential": (24, 32, 40, 48, 56, 64), "repetitions": 200, "seeds": 10},
)
def memory_retrieval(*, exponential: tuple[int, ...], repetitions: int, seeds: int) -> Reproduction:
    """Shares of random patterns that exponential, polynomial and Hebb's memories restore, by load and size."""

    def design(name: str, loads: Mapping[int, Sequence[int]], changes: Changes) -> Design:
        return Design(
            "memory-retrieval",
            f"{name.split(' (')[0].replace(' ', '-').lower()}-d{{size:03d}}-s{{seed}}",
            measure,
            seeds=seeds,
            common={**changes, "copies.repetitions": 5 if name == HEBB else repetitions},
            factors={"size": {d: {"patterns.n_spins": d, "copies.load": list(of)} for d, of in loads.items()}},
            labels={"memory": name},
        )

    designs = [design(EXPONENTIAL, {d: _doubling(2, 2 ** round(2.5 + d / 6)) for d in exponential}, {})]
    for order, of in POLYNOMIAL.items():
        least = {d: max(2, round(no_errors(order, d) / 4)) for d in of}
        changes = {"memory.kind": "polynomial", "memory.order": order, "copies.flipped": 0.0}
        designs.append(design(f"polynomial {order}", {d: _doubling(k, 16 * k) for d, k in least.items()}, changes))
    changes = {"memory.kind": "hopfield", "memory.update": "asynchronous", "copies.flipped": 0.0}
    changes |= dict.fromkeys(("dynamics.steps", "engine.record_every", "engine.checkpoint_every"), 30)
    alphas = np.arange(0.08, 0.221, 0.01)
    loads = {d: sorted({round(alpha * d) for alpha in alphas}) for d in (125, 500, 1000)}
    designs.append(design(HEBB, loads, changes))
    remarks = [
        f"No noise. {EXPONENTIAL}: one step from a pattern with {FLIPPED:.0%} of its spins flipped, restored when "
        f"no spin is wrong. Polynomial: one step from the pattern itself, held when no spin is wrong. {HEBB}: "
        f"asynchronous, 30 steps from the pattern, held when the overlap is at least {NEARLY:g}.",
        f"{seeds} seeds, each with {repetitions} sets of patterns ({HEBB}: 5) at every load; half-load: the load "
        "at which half of them are restored, between two loads by the logarithm.",
    ]
    return Reproduction("Associative memories: how many patterns?", THEOREM, designs, claims, figures, remarks)


def _doubling(low: int, high: int) -> list[int]:
    return [round(low * 2 ** (k / 2)) for k in range(2 * round(math.log2(high / low)) + 1)]


def no_errors(order: int, size: int) -> float:
    """Return the load up to which no spin of a pattern is wrong, D^(n − 1) / (2 (2n − 3)!! ln D).

    Krotov & Hopfield (2016), equation 7.
    """
    odd = math.prod(range(2 * order - 3, 0, -2))
    return float(size ** (order - 1) / (2 * odd * math.log(size)))


def measure(run: Run) -> Rows:
    """Return, for each load, the share of copies that hold the pattern, and a row with ln of the half-load."""
    held = NEARLY if run.configuration["memory"]["kind"] == "hopfield" else RESTORED
    load = copy_table(run)["load"].to_numpy()
    overlap = last_of_copies(run, "overlap")
    rows = [
        {
            "load": int(k),
            "restored": float(np.mean(overlap[load == k] >= held)),
            "overlap": float(overlap[load == k].mean()),
        }
        for k in np.unique(load)
    ]
    return [*rows, {"log_half": log_half_load(Table(rows))}]


def log_half_load(rows: Table) -> float:
    """Return ln of the load at which half of the copies hold the pattern; NaN where the loads do not reach it."""
    loads, share = np.log(rows.column("load")), np.array(rows.column("restored"))
    first = int(np.argmax(share < 0.5))
    if first == 0:
        return math.nan
    part = (share[first - 1] - 0.5) / (share[first - 1] - share[first])
    return float(loads[first - 1] + part * (loads[first] - loads[first - 1]))


def claims(table: Table) -> list[Claim]:
    """Judge the growth of capacities with the size."""
    half = table.having("log_half")
    exponential, hebb = half.where(memory=EXPONENTIAL), half.where(memory=HEBB)
    alpha, largest = exponential_capacity(FLIPPED), max(hebb.levels("size"))
    excess = exponential.each(lambda mine: min(row["log_half"] - alpha * row["size"] for row in mine))
    of_hebb = hebb.added("per_spin", lambda row: math.exp(row["log_half"]) / row["size"])
    return [
        Claim(
            "exponential growth",
            "an exponential memory restores exp(α D) patterns, α at least I(1 − 2ρ)/2",
            f"slope of ln(half-load) against D, D = {', '.join(map(str, exponential.levels('size')))}, ρ = {FLIPPED:g}",
            exponential.slope("size", "log_half"),
            Above(alpha, "α of the theorem, a lower bound"),
            f"another pattern comes as near as the damaged one at about {2 * alpha:.4f}",
        ),
        Claim(
            "exponential capacity",
            "exp(α D) patterns are restored at small D as well",
            "ln(half-load) minus α D, at the size where it is least",
            excess,
            Above(0),
        ),
        Claim(
            "classical capacity",
            f"Hebb's memory holds {HOPFIELD_CAPACITY} D patterns",
            f"half-load over D, D = {largest}",
            of_hebb.where(size=largest).mean("per_spin"),
            Within(HOPFIELD_CAPACITY - 0.02, HOPFIELD_CAPACITY + 0.02, "0.02 around the theory: our choice"),
            "finite networks hold some patterns beyond it, fewer the larger they are; "
            + ", ".join(
                f"D = {size}: {math.exp(part.mean('log_half').value) / size:.3f}"
                for size, part in sorted(hebb.by("size").items())
            ),
            "Amit, Gutfreund & Sompolinsky 1985",
        ),
        *(_of_order(order, half.where(memory=f"polynomial {order}")) for order in POLYNOMIAL),
    ]


def _of_order(order: int, half: Table) -> Claim:
    sizes = half.levels("size")
    expected = slope(np.log(sizes).tolist(), np.log([no_errors(order, size) for size in sizes]).tolist())
    loads = ", ".join(
        f"D = {size}: {math.exp(part.mean('log_half').value):.0f} (theory {no_errors(order, size):.0f})"
        for size, part in sorted(half.by("size").items())
    )
    return Claim(
        f"polynomial capacity, order {order}",
        f"a memory of order {order} holds about D^{order - 1} / ln D patterns without an error",
        "slope of ln(half-load) against ln D",
        half.added("log_size", lambda row: math.log(row["size"])).slope("log_size", "log_half"),
        Within(expected - 0.25, expected + 0.25, f"0.25 around {expected:.2f}, the slope of the formula: our choice"),
        f"half-loads {loads}",
        "Krotov & Hopfield 2016, equation 7",
    )


def figures(table: Table, _: MadeRuns) -> Figures:
    """Draw shares restored over load, and the growth of the exponential memory's capacity."""

    def shares(name: str, size: int, part: Table) -> Varied:
        curve = part.curve("load", "restored")
        scale = [load / size if name == HEBB else math.log10(load) for load in curve.settings]
        return Varied(scale, curve.measures)

    curves = {
        f"{name}, {'load / D' if name == HEBB else 'log10 load'}": {
            f"D = {size}": shares(name, size, part) for size, part in sorted(of.by("size").items())
        }
        for name, of in table.having("load").by("memory").items()
    }
    measured = table.having("log_half").where(memory=EXPONENTIAL).curve("size", "log_half")
    alpha, sizes = exponential_capacity(FLIPPED), measured.settings
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
