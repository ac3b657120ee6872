"""Adaptive links: agents relink to those whom they understand; does a core form?"""

from __future__ import annotations

from typing import Any

import numpy as np

from hubbub.analysis.figures.graph_gallery import graph_gallery
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.hubs import core_numbers, gini, link_counts, modularity, top_share
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.rows import Rows, difference, mean
from hubbub.simulator.store import Run

SOURCE = "our question"
ADAPTIVE, RANDOM, FIXED = "towards the understood", "at random", "fixed"


@reproduction("adaptive-links")
def adaptive_links(lab: Lab) -> Outcome:
    """Links that move to whom one understands, beside links that move at random and links that stay."""
    n_agents, steps = (100, 3000) if lab.is_full else (24, 1000)
    common = {"topology.n_agents": n_agents, "topology.links": 2 * n_agents, "training.steps": steps}

    def moving(kind: str) -> dict[str, Any]:
        return {"rewiring": [{"every": 50, "rule": {"kind": kind, "probability": 0.2}}]}

    settings = {ADAPTIVE: moving("prefer-understood"), RANDOM: moving("random-rewire"), FIXED: {"rewiring": []}}
    jobs = {
        (name, seed): Job(f"{name.replace(' ', '-')}-s{seed}", "adaptive-links", {**common, **changes}, seed)
        for name, changes in settings.items()
        for seed in range(5)
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows = [_measure(run, *key, n_agents) for key, run in runs.items()]
    at = [int(step) for step in np.linspace(0, steps, 11) // 50 * 50]
    panels = {
        "inequality of degrees (Gini)": {
            name: Varied(
                at, [over_seeds([_gini(runs[name, seed], step, n_agents) for seed in range(5)]) for step in at]
            )
            for name in settings
        }
    }
    ends = {name: (runs[name, 0].edges(), n_agents) for name in settings}
    return Outcome(
        "Adaptive links: does a core form?",
        _claims(rows),
        rows,
        {
            "inequality": (interval_curves(panels, along="training step", limits=None), "Gini coefficient of degrees."),
            "graphs": (graph_gallery(ends), "The graphs at the end, first seed; agents are sized by their links."),
        },
        [
            f"{n_agents} agents and {2 * n_agents} links from an Erdős–Rényi graph; every 50 steps each agent (or each "
            "link, where they move at random) gets a chance of 0.2 to move one.",
        ],
    )


def _gini(run: Run, step: int, n_agents: int) -> float:
    return float(gini(link_counts(run.edges(step), n_agents)))


def _measure(run: Run, setting: str, seed: int, n_agents: int) -> dict[str, Any]:
    edges = run.edges()
    degrees, cores = link_counts(edges, n_agents), core_numbers(edges, n_agents)
    train = run.lexicon().splits["train"]
    return {
        "setting": setting,
        "seed": seed,
        "moves": sum(kind == "edge-added" for kind in run.events()["kind"].to_pylist()) // 2,
        "degree_gini": float(gini(degrees)),
        "top_share": float(top_share(degrees, fraction=0.1)),
        "highest_core": int(cores.max()),
        "modularity": float(modularity(edges, n_agents)),
        "isolated": int(np.count_nonzero(degrees == 0)),
        "success_all_pairs": float(np.mean(train.success[~np.eye(n_agents, dtype=bool)])),
        "success_over_links": float(run.metric("success_over_links")[1][-1]),
    }


def _claims(rows: Rows) -> list[Claim]:
    one, other, still = {"setting": ADAPTIVE}, {"setting": RANDOM}, {"setting": FIXED}
    unequal, core = difference(rows, "degree_gini", one, other), difference(rows, "highest_core", one, other)
    success = difference(rows, "success_all_pairs", one, still)
    split = difference(rows, "modularity", one, other)
    return [
        Claim(
            "hubs form",
            SOURCE,
            "links that follow understanding gather on a few agents",
            "Gini coefficient of degrees at the end, less that where links move at random, by seed",
            unequal,
            judge(unequal, above=0.0),
            f"{mean(rows, 'moves', **one).value:.0f} moves, at random {mean(rows, 'moves', **other).value:.0f}",
        ),
        Claim(
            "a core forms",
            SOURCE,
            "a densely linked core forms",
            "highest core number at the end, less that where links move at random, by seed",
            core,
            judge(core, above=0.0),
        ),
        Claim(
            "communities form",
            SOURCE,
            "a society that may choose its links falls apart into communities",
            "modularity of the graph at the end (Louvain), less that where links move at random, by seed",
            split,
            judge(split, above=0.0),
        ),
        Claim(
            "it helps everybody",
            SOURCE,
            "a society that may choose its links understands itself better",
            "all-pairs success at the end, less that on the fixed graph, by seed",
            success,
            judge(success, above=0.0),
            f"isolated agents {mean(rows, 'isolated', **one).value:.1f}",
        ),
    ]
