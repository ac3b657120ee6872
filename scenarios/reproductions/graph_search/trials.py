"""The rows of the table: every graph trained from scratch, and the degrees of the graphs under a penalty."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from jaxtyping import Int

from hubbub.analysis.hubs import erdos_renyi, gini, link_counts, path_length, scale_free_form, undirected_links
from hubbub.scenarios.loading import read
from hubbub.scenarios.reproductions.design import Job
from hubbub.scenarios.reproductions.graph_search.rivals import REWIRED, rewired, rivals, star
from hubbub.scenarios.reproductions.plateau import late_change
from hubbub.scenarios.reproductions.run_set import MadeRuns, RunSet
from hubbub.scenarios.reproductions.table import Row
from hubbub.simulator.store import Run
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.files import write_graphml

CHOSEN, PENALTY, PATHS = "chosen while learning", "distance penalty", "paths, {kind}"
BEST, BEFORE, SHORTEST, STAR = "optimised", "before the search", "shortest paths", "star"
FRESH = 5000
"""What is added to the seed of a search for the trainings, so that no graph is judged by what it was chosen by."""
NULL_GRAPHS = 200
RECORDS = 5
"""How often success is recorded in a training."""
Graphs = Mapping[tuple[str, str, int], np.ndarray]
"""Links `[M, 2]` by the cap that they are compared under, name, and seed of the search."""


def cap(choices: int) -> str:
    """Return the name of the searches in which everybody has so many choices."""
    return f"{choices} choice each" if choices == 1 else f"{choices} choices each"


def nothing(_: Run) -> Row:
    """Return nothing: rows are of graphs, not of searches."""
    return {}


def rows(runs: RunSet, searches: MadeRuns, *, steps: int, pairings: tuple[str, ...]) -> list[Row]:
    """Return a row for each graph, seed and pairing, one for each search under a penalty, one for each penalty."""
    graphs = graphs_of(searches)
    n_agents = len(searches[0].run.agents().names)
    trained = _train(runs, {key: (links, n_agents) for key, links in graphs.items()}, pairings, steps)
    compared = [
        {
            "part": "graphs",
            "cap": kind,
            "graph": name,
            "seed": seed,
            "pairing": pairing,
            **described(graphs[kind, name, seed], n_agents),
            "gini_of_random": gini_of_random(len(graphs[kind, name, seed]), n_agents, seed),
            **measured(run),
        }
        for (kind, name, seed, pairing), run in trained.items()
    ]
    return [*compared, *_under_penalty(runs, searches, steps)]


def graphs_of(searches: MadeRuns) -> Graphs:
    """Return the graphs that searches found, and known graphs with as many links."""
    n_agents, graphs = len(searches[0].run.agents().names), {}
    kinds = dict.fromkeys(made.key["kind"] for made in searches)
    caps = [kind for kind in kinds if PATHS.format(kind=kind) in kinds]
    for made in searches:
        kind, seed = made.key["kind"], made.key["seed"]
        if kind not in caps:
            continue
        generator = np.random.default_rng(seed)
        best = undirected_links(made.run.edges(), n_agents)
        graphs[kind, BEST, seed] = best
        graphs[kind, BEFORE, seed] = undirected_links(made.run.edges(0), n_agents)
        shortest = searches.find(kind=PATHS.format(kind=kind), seed=seed)
        graphs[kind, SHORTEST, seed] = undirected_links(shortest.edges(), n_agents)
        if kind == cap(1):
            graphs[kind, CHOSEN, seed] = undirected_links(searches.find(kind=CHOSEN, seed=seed).edges(), n_agents)
        graphs[kind, STAR, seed] = star(n_agents, len(best), generator)
        graphs[kind, REWIRED, seed] = rewired(best, n_agents, generator)
        for name, links in rivals(n_agents, len(best), generator).items():
            graphs[kind, name, seed] = links
    return graphs


def described(links: Int[np.ndarray, "M 2"], n_agents: int) -> Row:
    """Return the number of links and what the degrees are like."""
    degrees = link_counts(both_ways(links), n_agents)
    return {
        "links": len(links),
        "degrees": " ".join(map(str, sorted(degrees.tolist(), reverse=True))),
        "max_degree": int(degrees.max()),
        "degree_gini": float(gini(degrees)),
        "path_length": float(path_length(both_ways(links), n_agents)),
    }


def measured(run: Run) -> Row:
    """Return success at the end of a training, how much it still changed, and games."""
    last = {name: float(run.metric(name)[1][-1]) for name in ("success_all_pairs", "success_over_links", "games")}
    return {**last, "late_change_success": late_change(*run.metric("success_all_pairs"))}


@cache
def gini_of_random(n_links: int, n_agents: int, seed: int) -> float:
    """Return the mean Gini coefficient of degrees over Erdős–Rényi graphs with as many links."""
    generator = np.random.default_rng(seed)
    random = [erdos_renyi(n_agents, n_links, generator=generator) for _ in range(NULL_GRAPHS)]
    return float(np.mean([float(gini(link_counts(both_ways(other), n_agents))) for other in random]))


def both_ways(links: Int[np.ndarray, "M 2"]) -> Int[np.ndarray, "E 2"]:
    """Return each link in both directions."""
    return np.concatenate([links, links[:, ::-1]])


def _under_penalty(runs: RunSet, searches: MadeRuns, steps: int) -> list[Row]:
    """Return a row for each search under a penalty, trained with edge pairing, and one for the form at each penalty."""
    made = [one for one in searches if one.key["kind"] == PENALTY]
    graphs = {}
    for one in made:
        n_agents = len(one.run.agents().names)
        name = f"penalty {one.key['penalty']:g}"
        graphs[PENALTY, name, one.key["seed"]] = (undirected_links(one.run.edges(), n_agents), n_agents)
    trained = _train(runs, graphs, ("edge",), steps)
    found: list[Row] = []
    for one, (links, n_agents), run in zip(made, graphs.values(), trained.values(), strict=True):
        places = np.asarray(one.run.agents().positions)
        length = float(np.linalg.norm(places[links[:, 0]] - places[links[:, 1]], axis=1).mean())
        key = {"part": "penalty", "penalty": one.key["penalty"], "seed": one.key["seed"]}
        found.append({**key, **described(links, n_agents), "link_length": length, **measured(run)})
    forms: list[Row] = []
    for penalty in dict.fromkeys(row["penalty"] for row in found):
        degrees = [np.array(row["degrees"].split(), dtype=int) for row in found if row["penalty"] == penalty]
        form = scale_free_form(degrees, generator=np.random.default_rng(0), samples=200)
        tail: Any = form.grade.evidence[0].fit.n_tail if form.grade.evidence else 0
        forms.append(
            {
                "part": "form",
                "penalty": penalty,
                "agents": int(sum(map(len, degrees))),
                "hubs": form.hubs,
                "grade": form.grade.value or "none",
                "tail": int(tail),
                "exponent": form.grade.evidence[0].fit.value if form.grade.evidence else None,
                "alternatives_rejected": int(form.alternatives_rejected),
                "scale_free": int(form.is_scale_free),
            }
        )
    return [*found, *forms]


def _train(
    runs: RunSet,
    graphs: Mapping[tuple[str, str, int], tuple[np.ndarray, int]],
    pairings: tuple[str, ...],
    steps: int,
) -> dict[tuple[str, str, int, str], Run]:
    """Train GRU agents from scratch on every graph, once for each pairing; graphs of a seed share random numbers."""
    talk = read("graph-search")
    sections = {name: talk[name] for name in ("referents", "game", "channel", "agent", "training", "engine")}
    jobs = {}
    for (kind, name, seed), (links, n_agents) in graphs.items():
        folder = f"{kind}-{name}-s{seed}".replace(",", "").replace(" ", "-")
        path = runs.folder / "graphs" / f"{folder}.graphml"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_graphml(Topology.from_pairs(n_agents, links), file)
        scenario = {"name": "graph-trial", "topology": {"kind": "file", "path": str(path)}, **sections}
        for pairing in pairings:
            changes = {
                "training.steps": steps,
                "training.pairing": pairing,
                "training.learning_rate": 5e-3,
                "channel.entropy_bonus": 0.02,
                "engine.record_every": max(1, steps // RECORDS),
                "engine.checkpoint_every": steps,
            }
            jobs[kind, name, seed, pairing] = Job(f"trial/{folder}-{pairing}", scenario, changes, FRESH + seed)
    return dict(zip(jobs, runs.run(list(jobs.values())), strict=True))
