"""Neurons on graphs: does a scale-free graph need less noise than a random one, and is it the hubs?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.figures import Varied, activity_raster, interval_curves
from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.memories import copy_table
from hubbub.analysis.temporal import avalanches, dfa, recorded_series
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.rows import Rows, column, difference, mean
from hubbub.scenarios.systems import assemble
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOURCE = "arXiv 2406.12895 and 2509.18758, abstracts"
RANDOM, SCALE_FREE = "Erdős–Rényi", "scale-free"
WHOLE, NO_HUBS, NO_OTHERS = "whole", "hubs silenced", "others silenced"
N_NEURONS, LINKS_EACH, SILENCED = 1000, 5, 0.05
SMALL, FULL = (10_000, 8, 5), (100_000, 20, 10)
"""Steps, noise levels a decade, and seeds."""
ALIVE = 2.0
"""Activity, in units of what the neurons fire by themselves, from which the network counts as active on its own."""


@reproduction("hopfield-graphs")
def hopfield_graphs(lab: Lab) -> Outcome:
    """Threshold neurons on random and on scale-free graphs of equal mean degree, whole and with neurons silenced."""
    steps, per_decade, seeds = FULL if lab.is_full else SMALL
    noise = [round(float(p), 7) for p in np.geomspace(1e-4, 0.1, 3 * per_decade + 1)]
    graphs: dict[str, dict[str, Any]] = {
        RANDOM: {
            "topology.kind": "erdos-renyi",
            "topology.n_agents": N_NEURONS,
            "topology.links": LINKS_EACH * (N_NEURONS - LINKS_EACH),
        },
        SCALE_FREE: {"topology.n_agents": N_NEURONS, "topology.links_per_agent": LINKS_EACH},
    }
    silenced = {
        WHOLE: {},
        NO_HUBS: {"silenced.share": SILENCED, "silenced.who": "hubs"},
        NO_OTHERS: {"silenced.share": SILENCED, "silenced.who": "random"},
    }
    jobs = {
        (graph, who, seed): Job(
            f"{graphs[graph].get('topology.kind', 'barabasi-albert')}-{who.replace(' ', '-')}-s{seed}",
            "hopfield-graphs",
            {**of_graph, **of_who, "copies.noise": noise, "dynamics.steps": steps},
            seed,
        )
        for graph, of_graph in graphs.items()
        for who, of_who in silenced.items()
        for seed in range(seeds)
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows = [row for key, run in runs.items() for row in _measure(run, *key)]
    needed = [
        {"graph": graph, "neurons": who, "seed": seed, "needed": _needed(rows, graph, who, seed)}
        for graph, who, seed in jobs
    ]
    return Outcome(
        "Neurons on graphs: does a scale-free graph need less noise?",
        _claims(rows, needed),
        rows,
        _figures(rows, runs),
        [
            f"{N_NEURONS} neurons, {LINKS_EACH * (N_NEURONS - LINKS_EACH)} links (mean degree "
            f"{2 * LINKS_EACH * (1 - LINKS_EACH / N_NEURONS):.2f}); a neuron fires when 3 of its neighbours fired or "
            f"by itself, for at most 3 steps, and is then silent for 5. {steps:,} steps, {seeds} seeds with graphs of "
            "their own. The rule is our reading: the source gives none in its abstract.",
            f"Noise needed: the chance to fire by itself at which the mean activity reaches {ALIVE:g} times what the "
            "neurons fire by themselves, between two levels by the logarithms of both. It falls with the number of "
            "steps, which is the same for all.",
            f"Silenced neurons ({SILENCED:.0%}) lose all their links; they still fire by themselves.",
        ],
    )


def _measure(run: Run, graph: str, who: str, seed: int) -> list[dict[str, Any]]:
    """Return a row for each noise level."""
    burn_in = run.configuration["recording"]["burn_in_steps"]
    activity = recorded_series(run, "activity")[:, burn_in:]
    rows = []
    for noise, record in zip(copy_table(run)["noise"].to_pylist(), activity, strict=True):
        scaling = dfa(record, surrogates=0)
        rows.append(
            {
                "graph": graph,
                "neurons": who,
                "seed": seed,
                "noise": noise,
                "activity": float(record.mean()) / N_NEURONS,
                "driven": float(record.mean()) / (N_NEURONS * noise),
                "h": scaling.value,
                "h_segment": scaling.widest.value,
                "h_segment_low": scaling.widest.low,
                "h_segment_high": scaling.widest.high,
                "avalanches": len(avalanches(record)),
            }
        )
    return rows


def _needed(rows: Rows, graph: str, who: str, seed: int) -> float:
    """Return log10 of the noise at which the network is first active on its own; NaN where it never is."""
    where = {"graph": graph, "neurons": who, "seed": seed}
    noise = np.log10(column(rows, "noise", **where))
    above = np.log(column(rows, "driven", **where)) - math.log(ALIVE)
    first = int(np.argmax(above >= 0))
    if not above[first] >= 0 or first == 0:
        return math.nan
    share = above[first - 1] / (above[first - 1] - above[first])
    return float(noise[first - 1] + share * (noise[first] - noise[first - 1]))


def _claims(rows: Rows, needed: Rows) -> list[Claim]:
    def of(graph: str, who: str = WHOLE) -> dict[str, Any]:
        return {"graph": graph, "neurons": who}

    def times(graph: str, who: str = WHOLE) -> str:
        return f"{10 ** mean(needed, 'needed', **of(graph, who)).value:.4f}"

    less = difference(needed, "needed", of(SCALE_FREE), of(RANDOM))
    hubs = difference(needed, "needed", of(SCALE_FREE, NO_HUBS), of(SCALE_FREE, NO_OTHERS))
    gap = difference(needed, "needed", of(SCALE_FREE, NO_HUBS), of(RANDOM, NO_OTHERS))
    most = difference(needed, "needed", of(RANDOM, NO_HUBS), of(RANDOM, NO_OTHERS))
    peaks = _peaks(rows)
    alike = difference(peaks, "h", of(SCALE_FREE), of(RANDOM))
    segments = difference(peaks, "h_segment", of(SCALE_FREE), of(RANDOM))
    unit = "log10 of the noise needed"
    return [
        Claim(
            "scale-free needs less noise",
            SOURCE,
            "a scale-free graph comes alive at much lower noise than a random one of equal mean degree",
            f"{unit}, {SCALE_FREE} less {RANDOM}, by seed",
            less,
            judge(less, below=0.0),
            f"noise needed {times(SCALE_FREE)} against {times(RANDOM)}",
        ),
        Claim(
            "because of its hubs",
            SOURCE,
            "hubs matter: without them a scale-free graph needs more noise than without as many others",
            f"{unit}, {NO_HUBS} less {NO_OTHERS}; {SCALE_FREE}, by seed",
            hubs,
            judge(hubs, above=0.0),
            f"noise needed {times(SCALE_FREE, NO_HUBS)} without hubs, {times(SCALE_FREE, NO_OTHERS)} without others, "
            f"{times(SCALE_FREE)} whole; a hub has more links to lose. Less that of the random graph without others: "
            f"{gap.value:+.2f}",
        ),
        Claim(
            "control: hubs of a random graph",
            "control",
            "the best linked of a random graph matter less than those of a scale-free one",
            f"{unit}, {NO_HUBS} less {NO_OTHERS}, {RANDOM} less {SCALE_FREE}, by seed",
            (fewer := over_seeds(_paired(most, hubs))),
            judge(fewer, below=0.0),
            f"{RANDOM}: {most.value:+.2f} ({times(RANDOM, NO_HUBS)} against {times(RANDOM, NO_OTHERS)})",
        ),
        Claim(
            "like complexity",
            SOURCE,
            "both graphs reach like complexity",
            "largest H of the activity over all noise levels, scale-free less random, by seed",
            alike,
            judge(alike, within=(-0.1, 0.1)),
            f"holds within ± 0.1; H {mean(peaks, 'h', **of(SCALE_FREE)).value:.2f} against "
            f"{mean(peaks, 'h', **of(RANDOM)).value:.2f}; widest segment there {segments.value:+.2f}. A record in "
            "which the network comes alive once and stays has a large H that is a single step, not a scale-free record",
        ),
    ]


def _paired(one: Measure, other: Measure) -> list[float]:
    return [a.value - b.value for a, b in zip(one.each, other.each, strict=True)]


def _peaks(rows: Rows) -> Rows:
    """Return, of each run, the row with the largest H."""
    best: dict[tuple[str, str, int], Mapping[str, Any]] = {}
    for row in rows:
        key = (row["graph"], row["neurons"], row["seed"])
        if key not in best or row["h"] > best[key]["h"] or math.isnan(best[key]["h"]):
            best[key] = row
    return list(best.values())


def _figures(rows: Rows, runs: Mapping[Any, Run]) -> dict[str, tuple[Figure, str]]:
    def curves(graph: str, name: str) -> dict[str, Varied]:
        noise = sorted({row["noise"] for row in rows})
        return {
            who: Varied(
                [math.log10(p) for p in noise],
                [mean(rows, name, graph=graph, neurons=who, noise=p) for p in noise],
            )
            for who in (WHOLE, NO_HUBS, NO_OTHERS)
        }

    drawn = {}
    for name, what in (("activity", "Share of neurons that fire"), ("h", "H of the activity")):
        panels = {graph: curves(graph, name) for graph in (RANDOM, SCALE_FREE)}
        limits = (0.0, 1.0) if name == "activity" else None
        drawn[name] = (
            interval_curves(panels, along="log10 of the chance to fire by oneself", limits=limits),
            f"{what}; lines: means over seeds, bands: 95 % intervals, dots: seeds.",
        )
    first = [row for row in rows if (row["graph"], row["neurons"], row["seed"]) == (SCALE_FREE, WHOLE, 0)]
    noise = next(row["noise"] for row in first if row["driven"] >= ALIVE)
    drawn["raster"] = (
        _raster(runs[SCALE_FREE, WHOLE, 0], noise),
        f"Neurons that fire and their number, avalanches shaded, at p = {noise:.4f}, around the step at which the "
        f"network comes alive; {SCALE_FREE} graph, neurons in the order of their coming, the best linked on top.",
    )
    return drawn


def _raster(run: Run, noise: float, *, steps: int = 400) -> Figure:
    """Draw the steps around which the network comes alive, stepped once more because runs keep no states."""
    settings = run.configuration
    settings = {**settings, "copies": {**settings["copies"], "noise": [noise]}}
    made = assemble(parse(settings))
    states: list[np.ndarray] = []
    for _ in range(settings["dynamics"]["steps"]):
        made.step(1)
        states.append(made.state().tensors["spins"][0].numpy().copy())
        if len(states) >= steps and (states[-steps // 2] > 0).sum() > N_NEURONS / 10:  # for half of those shown
            break
        states = states[-steps:]
    activity = (np.array(states) > 0).sum(axis=1)
    return activity_raster(activity, avalanches(activity), states=np.array(states))
