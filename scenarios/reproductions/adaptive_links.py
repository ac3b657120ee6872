"""Adaptive links: agents relink to those whom they understand; does a core form?"""

from __future__ import annotations

import numpy as np

from hubbub.analysis.figures.graph_gallery import graph_gallery
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.hubs import core_numbers, gini, link_counts, modularity, top_share
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import Claim
from hubbub.scenarios.reproductions.criteria import Above
from hubbub.scenarios.reproductions.design import Changes, Design
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.store import Run

ADAPTIVE, RANDOM, FIXED = "towards the understood", "at random", "fixed"


@reproduction("adaptive-links")
@sizes(small={"n_agents": 24, "steps": 1000}, full={"n_agents": 100, "steps": 3000})
def adaptive_links(*, n_agents: int, steps: int) -> Reproduction:
    """Links that move to whom one understands, beside links that move at random and links that stay."""

    def moving(kind: str) -> Changes:
        return {"rewiring": [{"every": 50, "rule": {"kind": kind, "probability": 0.2}}]}

    settings = {ADAPTIVE: moving("prefer-understood"), RANDOM: moving("random-rewire"), FIXED: {"rewiring": []}}
    design = Design(
        "adaptive-links",
        "{setting}-s{seed}",
        measure,
        seeds=5,
        common={"topology.n_agents": n_agents, "topology.links": 2 * n_agents, "training.steps": steps},
        factors={"setting": settings},
    )
    remark = (
        f"{n_agents} agents and {2 * n_agents} links from an Erdős–Rényi graph; every 50 steps each agent (or each "
        "link, where they move at random) gets a chance of 0.2 to move one."
    )
    return Reproduction("Adaptive links: does a core form?", "our question", [design], claims, figures, [remark])


def measure(run: Run) -> Row:
    """Return what the graph is like at the end, and how well agents understand each other."""
    edges, n_agents = run.edges(), len(run.agents().names)
    degrees, cores = link_counts(edges, n_agents), core_numbers(edges, n_agents)
    train = run.lexicon().splits["train"]
    return {
        "moves": run.events()["kind"].to_pylist().count("edge-added") // 2,
        "degree_gini": float(gini(degrees)),
        "top_share": float(top_share(degrees, fraction=0.1)),
        "highest_core": int(cores.max()),
        "modularity": float(modularity(edges, n_agents)),
        "isolated": int(np.count_nonzero(degrees == 0)),
        "success_all_pairs": float(np.mean(train.success[~np.eye(n_agents, dtype=bool)])),
        "success_over_links": float(run.metric("success_over_links")[1][-1]),
    }


def claims(table: Table) -> list[Claim]:
    """Judge what links that move make of the graph."""
    one, other, still = (table.where(setting=setting) for setting in (ADAPTIVE, RANDOM, FIXED))
    return [
        Claim(
            "hubs form",
            "links that follow understanding gather on a few agents",
            "Gini coefficient of degrees at the end, minus that where links move at random, paired by seed",
            one.minus(other, "degree_gini"),
            Above(0),
            f"{one.mean('moves').value:.0f} moves, at random {other.mean('moves').value:.0f}",
        ),
        Claim(
            "a core forms",
            "a densely linked core forms",
            "highest core number at the end, minus that where links move at random, paired by seed",
            one.minus(other, "highest_core"),
            Above(0),
        ),
        Claim(
            "communities form",
            "a society that may choose its links falls apart into communities",
            "modularity of the graph at the end (Louvain), minus that where links move at random, paired by seed",
            one.minus(other, "modularity"),
            Above(0),
        ),
        Claim(
            "success rises for all pairs",
            "a society that may choose its links understands itself better",
            "all-pairs success at the end, minus that on the fixed graph, paired by seed",
            one.minus(still, "success_all_pairs"),
            Above(0),
            f"isolated agents {one.mean('isolated').value:.1f}",
        ),
    ]


def figures(table: Table, runs: MadeRuns) -> Figures:
    """Draw the inequality of degrees over training, and the graphs at the end."""
    first = {setting: runs.find(setting=setting, seed=0) for setting in (ADAPTIVE, RANDOM, FIXED)}
    n_agents = len(first[FIXED].agents().names)
    at = [int(step) for step in np.linspace(0, first[FIXED].step, 11) // 50 * 50]

    def inequality(setting: str, step: int) -> list[float]:
        of = [runs.find(setting=setting, seed=seed) for seed in table.levels("seed")]
        return [float(gini(link_counts(run.edges(step), n_agents))) for run in of]

    lines = {name: Varied(at, [over_seeds(inequality(name, step)) for step in at]) for name in first}
    return {
        "inequality": (
            interval_curves({"inequality of degrees (Gini)": lines}, along="training step", limits=None),
            "Gini coefficient of degrees.",
        ),
        "graphs": (
            graph_gallery({name: (run.edges(), n_agents) for name, run in first.items()}),
            "The graphs at the end, first seed; agents are sized by their links.",
        ),
    }
