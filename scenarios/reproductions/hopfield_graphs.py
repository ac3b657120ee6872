"""Neurons on graphs: does a scale-free graph need less noise than a random one, and is it the hubs?"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures import Varied, activity_raster, interval_curves
from hubbub.analysis.memories import copy_table
from hubbub.analysis.temporal import avalanches, dfa, recorded_series
from hubbub.scenarios.loading import parse
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim, control
from hubbub.scenarios.reproductions.criteria import Above, Below, Within
from hubbub.scenarios.reproductions.design import Changes, Design
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Rows, Table, minus
from hubbub.scenarios.systems import assemble
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RANDOM, SCALE_FREE = "Erdős–Rényi", "scale-free"
WHOLE, NO_HUBS, NO_OTHERS = "whole", "hubs silenced", "others silenced"
N_NEURONS, LINKS_EACH, SILENCED = 1000, 5, 0.05
N_LINKS = LINKS_EACH * (N_NEURONS - LINKS_EACH)
ALIVE = 2.0
"""Activity, in units of what the neurons fire by themselves, from which the network counts as active on its own."""


@reproduction("hopfield-graphs")
@sizes(
    small={"steps": 10_000, "levels_per_decade": 8, "seeds": 5},
    full={"steps": 100_000, "levels_per_decade": 20, "seeds": 10},
)
def hopfield_graphs(*, steps: int, levels_per_decade: int, seeds: int) -> Reproduction:
    """Threshold neurons on random and on scale-free graphs of equal mean degree, whole and with neurons silenced."""
    noise = [round(float(p), 7) for p in np.geomspace(1e-4, 0.1, 3 * levels_per_decade + 1)]
    silenced = {
        WHOLE: {},
        NO_HUBS: {"silenced.share": SILENCED, "silenced.who": "hubs"},
        NO_OTHERS: {"silenced.share": SILENCED, "silenced.who": "random"},
    }
    graphs: dict[str, tuple[str, Changes]] = {
        RANDOM: ("erdos-renyi", {"topology.kind": "erdos-renyi", "topology.links": N_LINKS}),
        SCALE_FREE: ("barabasi-albert", {"topology.links_per_agent": LINKS_EACH}),
    }
    shared = {"topology.n_agents": N_NEURONS, "copies.noise": noise, "dynamics.steps": steps}
    designs = [
        Design(
            "hopfield-graphs",
            kind + "-{neurons}-s{seed}",
            measure,
            seeds=seeds,
            common={**changes, **shared},
            factors={"neurons": silenced},
            labels={"graph": graph},
        )
        for graph, (kind, changes) in graphs.items()
    ]
    remarks = [
        f"{N_NEURONS} neurons, {N_LINKS} links (mean degree {2 * N_LINKS / N_NEURONS:.2f}); a neuron fires when 3 of "
        "its neighbours fired or by itself, for at most 3 steps, and is then silent for 5. "
        f"{steps:,} steps, {seeds} seeds with graphs of their own. The rule is our reading: the source gives none in "
        "its abstract.",
        f"Noise needed: the chance to fire by itself at which the mean activity reaches {ALIVE:g} times what the "
        "neurons fire by themselves, between two levels by the logarithms of both. It falls with the number of "
        "steps, which is the same for all.",
        f"Silenced neurons ({SILENCED:.0%}) lose all their links; they still fire by themselves.",
    ]
    title = "Neurons on graphs: does a scale-free graph need less noise?"
    source = "arXiv 2406.12895 and 2509.18758, abstracts"
    return Reproduction(title, source, designs, claims, figures, remarks)


def measure(run: Run) -> Rows:
    """Return a row for each noise level."""
    burn_in = run.configuration["recording"]["burn_in_steps"]
    activity = recorded_series(run, "activity")[:, burn_in:]
    rows = []
    for noise, record in zip(copy_table(run)["noise"].to_pylist(), activity, strict=True):
        scaling = dfa(record, surrogates=0)
        rows.append(
            {
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


def log_noise_needed(rows: Table) -> float:
    """Return log10 of the noise at which one network is first active on its own; NaN where it never is."""
    noise = np.log10(rows.column("noise"))
    above = np.log(rows.column("driven")) - math.log(ALIVE)
    first = int(np.argmax(above >= 0))
    if not above[first] >= 0 or first == 0:
        return math.nan
    share = above[first - 1] / (above[first - 1] - above[first])
    return float(noise[first - 1] + share * (noise[first] - noise[first - 1]))


def claims(table: Table) -> list[Claim]:
    """Judge the noise that graphs need, with and without hubs, and their complexity."""
    needed = {
        key: table.where(graph=key[0], neurons=key[1]).each(log_noise_needed)
        for key in ((graph, who) for graph in (RANDOM, SCALE_FREE) for who in (WHOLE, NO_HUBS, NO_OTHERS))
    }

    def noise(graph: str, who: str = WHOLE) -> str:
        return f"{10 ** needed[graph, who].value:.4f}"

    hubs, most = (minus(needed[graph, NO_HUBS], needed[graph, NO_OTHERS]) for graph in (SCALE_FREE, RANDOM))
    gap = minus(needed[SCALE_FREE, NO_HUBS], needed[RANDOM, NO_OTHERS])
    whole = table.where(neurons=WHOLE)
    peaks, segments = (
        {graph: whole.where(graph=graph).each(partial(_at_peak, name=name)) for graph in (SCALE_FREE, RANDOM)}
        for name in ("h", "h_segment")
    )
    unit = "log10 of the noise needed"
    return [
        Claim(
            "scale-free needs less noise",
            "a scale-free graph becomes active by itself at much lower noise than a random one of equal mean degree",
            f"{unit}, {SCALE_FREE} minus {RANDOM}, paired by seed",
            minus(needed[SCALE_FREE, WHOLE], needed[RANDOM, WHOLE]),
            Below(0),
            f"noise needed {noise(SCALE_FREE)} against {noise(RANDOM)}",
        ),
        Claim(
            "because of its hubs",
            "hubs matter: without them a scale-free graph needs more noise than without as many others",
            f"{unit}, {NO_HUBS} minus {NO_OTHERS}; {SCALE_FREE}, paired by seed",
            hubs,
            Above(0),
            f"noise needed {noise(SCALE_FREE, NO_HUBS)} without hubs, {noise(SCALE_FREE, NO_OTHERS)} without others, "
            f"{noise(SCALE_FREE)} whole; a hub has more links to lose. Minus that of the random graph without others: "
            f"{gap.value:+.2f}",
        ),
        control(
            "hubs of a random graph",
            "the best linked of a random graph matter less than those of a scale-free one",
            f"{unit}, {NO_HUBS} minus {NO_OTHERS}, {RANDOM} minus {SCALE_FREE}, paired by seed",
            minus(most, hubs),
            Below(0),
            f"{RANDOM}: {most.value:+.2f} ({noise(RANDOM, NO_HUBS)} against {noise(RANDOM, NO_OTHERS)})",
        ),
        Claim(
            "similar complexity",
            "both graphs reach similar complexity",
            "largest H of the activity over all noise levels, scale-free minus random, paired by seed",
            minus(peaks[SCALE_FREE], peaks[RANDOM]),
            Within(-0.1, 0.1),
            f"H {peaks[SCALE_FREE].value:.2f} against {peaks[RANDOM].value:.2f}; widest segment there "
            f"{minus(segments[SCALE_FREE], segments[RANDOM]).value:+.2f}. A record in which the network becomes active "
            "once and stays has a large H that is a single step, not a scale-free record",
        ),
    ]


def _at_peak(rows: Table, *, name: str) -> float:
    """Return a column at the noise where one network has the largest H."""
    value: float = max(rows, key=lambda row: -math.inf if math.isnan(row["h"]) else row["h"])[name]
    return value


def figures(table: Table, runs: MadeRuns) -> Figures:
    """Draw activity and H over noise, and one network as it comes alive."""

    def over_noise(name: str) -> dict[str, dict[str, Varied]]:
        logs = table.added("log_noise", lambda row: math.log10(row["noise"]))
        return {graph: part.curves("neurons", "log_noise", name) for graph, part in logs.by("graph").items()}

    drawn = {
        name: (
            interval_curves(over_noise(name), along="log10 of the chance to fire by oneself", limits=limits),
            f"{what}; lines: means over seeds, bands: 95 % intervals, dots: seeds.",
        )
        for name, what, limits in (
            ("activity", "Share of neurons that fire", (0.0, 1.0)),
            ("h", "H of the activity", None),
        )
    }
    first: Row = {"graph": SCALE_FREE, "neurons": WHOLE, "seed": 0}
    noise = next(row["noise"] for row in table.where(**first) if row["driven"] >= ALIVE)
    drawn["raster"] = (
        _raster(runs.find(**first), noise),
        f"Neurons that fire and their number, avalanches shaded, at p = {noise:.4f}, around the step at which the "
        f"network becomes active; {SCALE_FREE} graph, neurons in the order of their coming, the best linked on top.",
    )
    return drawn


def _raster(run: Run, noise: float, *, steps: int = 400) -> Figure:
    """Draw the steps around which the network becomes active, stepped once more because runs keep no states."""
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
