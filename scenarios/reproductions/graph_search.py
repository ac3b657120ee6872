"""Kim & Oh 2021, third and fourth claims: optimised graphs succeed more and show hubs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import networkx as nx
import numpy as np

from hubbub.analysis.figures.graph_gallery import graph_gallery
from hubbub.analysis.figures.interval_dots import interval_dots
from hubbub.analysis.hubs import degree_preserving, erdos_renyi, gini, heavy_tailed, link_counts, undirected_links
from hubbub.analysis.measure import Measure
from hubbub.analysis.tails.grade import GRADES
from hubbub.scenarios.loading import read
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import CONTROL, Claim
from hubbub.scenarios.reproductions.criteria import Above
from hubbub.scenarios.reproductions.design import Design, Job
from hubbub.scenarios.reproductions.run_set import MadeRuns, RunSet
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.store import Run
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.files import write_graphml

PAIRINGS = ("node", "edge")
OUT_LINKS, TOTAL, PENALTY = "cap on choices", "budget of links", "distance penalty"
CHOSEN, PATHS = "chosen while learning", "shortest paths"
BEFORE, REWIRED = "before the search", "its degrees, rewired"
KNOWN = ("Erdős–Rényi", "ring", "Watts–Strogatz", "Barabási–Albert")
FRESH = 1000
"""Seeds of the trials begin here, so that no graph is judged with random numbers that it was chosen by."""
Graphs = Mapping[tuple[str, int], np.ndarray]
"""Links `[M, 2]` by name of the graph and seed of the search."""


@reproduction("graph-search")
@sizes(
    small={"agents": 8, "generations": 40, "seeds": 3, "trial_steps": 800, "constraints": (OUT_LINKS,)},
    full={"agents": 24, "generations": 200, "seeds": 5, "trial_steps": 2000, "constraints": (OUT_LINKS, TOTAL)},
)
def graph_search(
    *, agents: int, generations: int, seeds: int, trial_steps: int, constraints: tuple[str, ...], trials: int = 5
) -> Reproduction:
    """Search for good graphs, then train on them and on other graphs with as many links, from scratch."""
    kinds: dict[str, dict[str, Any]] = {
        OUT_LINKS: {},
        TOTAL: {"search.constraint.kind": "total-links", "search.constraint.links": agents},
        PENALTY: {"search.distance_penalty": 0.1},
        PATHS: {"search.objective.kind": "paths", "search.generations": 20 * generations},
    }
    searches = Design(
        "graph-search",
        "search/{kind}-s{seed}",
        _nothing,
        seeds=seeds,
        common={"topology.n_agents": agents, "search.generations": generations},
        factors={"kind": {kind: kinds[kind] for kind in (*constraints, PENALTY, PATHS)}},
    )
    choosing = Design(
        "partner-search",
        "search/{kind}-s{seed}",
        _nothing,
        seeds=seeds,
        common={"topology.n_agents": agents, "training.steps": trial_steps},
        labels={"kind": CHOSEN},
    )
    return Reproduction(
        "Good graphs: do they succeed more, and do they have hubs?",
        "Kim & Oh 2021, abstract",
        [searches, choosing],
        partial(claims, constraints=constraints),
        figures,
        [
            f"{agents} agents; {generations} generations, {seeds} searches a kind; {trials} trials "
            f"of each graph, {trial_steps} steps on fresh seeds; the same total number of games on every graph.",
            "A reproduction of the abstract's qualitative claims under our own specification, not a replication of the "
            "paper's numbers.",
        ],
        rows=partial(rows, trials=trials, steps=trial_steps),
    )


def _nothing(_: Run) -> Row:
    return {}


def rows(runs: RunSet, searches: MadeRuns, *, trials: int, steps: int) -> list[Row]:
    """Train from scratch on every graph, under both pairings, on the same fresh seeds; return means over trials."""
    talk = read("graph-search")
    sections = {name: talk[name] for name in ("referents", "game", "channel", "agent", "training", "engine")}
    graphs, n_agents = graphs_of(searches), len(searches[0].run.agents().names)
    keys, jobs = [(*key, pairing) for key in graphs for pairing in PAIRINGS], []
    for name, seed, pairing in keys:
        folder = f"{name}-s{seed}".replace(",", "").replace(" ", "-")
        path = runs.folder / "graphs" / f"{folder}.graphml"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_graphml(Topology.from_pairs(n_agents, graphs[name, seed]), file)
        scenario = {"name": "graph-trial", "topology": {"kind": "file", "path": str(path)}, **sections}
        changes = {
            "training.steps": steps,
            "training.pairing": pairing,
            "engine.record_every": steps // 4,
            "engine.checkpoint_every": steps,
        }
        first = FRESH + trials * seed
        jobs += [Job(f"trial/{folder}-{pairing}-{at}", scenario, changes, first + at) for at in range(trials)]
    made = runs.run(jobs)
    return [
        _row(graphs[name, seed], n_agents, name, seed, pairing, made[at * trials : (at + 1) * trials])
        for at, (name, seed, pairing) in enumerate(keys)
    ]


def graphs_of(searches: MadeRuns) -> Graphs:
    """Return the links that searches found, and known graphs with as many."""
    n_agents, graphs = len(searches[0].run.agents().names), {}
    for made in searches:
        name, seed = made.key["kind"], made.key["seed"]
        graphs[f"best, {name}", seed] = undirected_links(made.run.edges(), n_agents)
    for seed in sorted({made.key["seed"] for made in searches}):
        best = graphs[f"best, {OUT_LINKS}", seed]
        graphs[REWIRED, seed] = degree_preserving(best, n_agents, generator=np.random.default_rng(seed))
        graphs[BEFORE, seed] = undirected_links(searches.find(kind=OUT_LINKS, seed=seed).edges(0), n_agents)
        for name, links in _known(n_agents, len(best), seed).items():
            graphs[name, seed] = links
    return graphs


def _known(n_agents: int, n_links: int, seed: int) -> dict[str, np.ndarray]:
    """Return graphs with exactly as many links: known ones, with some links taken away or added at random."""
    rng = np.random.default_rng(seed)
    known = {
        "ring": nx.cycle_graph(n_agents),
        "Watts–Strogatz": nx.watts_strogatz_graph(n_agents, 2, 0.2, seed=rng),
        "Barabási–Albert": nx.barabasi_albert_graph(n_agents, 1, seed=rng),
        "star": nx.star_graph(n_agents - 1),
    }
    made = {name: with_links(np.array(graph.edges), n_agents, n_links, rng) for name, graph in known.items()}
    return {"Erdős–Rényi": erdos_renyi(n_agents, n_links, generator=rng), **made}


def with_links(links: np.ndarray, n_agents: int, n_links: int, generator: np.random.Generator) -> np.ndarray:
    """Return `links [M, 2]` with some taken away or added, at random, so that there are `n_links`."""
    if len(links) >= n_links:
        return links[np.sort(generator.permutation(len(links))[:n_links])]
    there = set(map(tuple, np.sort(links, axis=1).tolist()))
    free = [pair for pair in zip(*np.triu_indices(n_agents, 1), strict=True) if tuple(map(int, pair)) not in there]
    return np.concatenate([links, np.array(free)[generator.permutation(len(free))[: n_links - len(links)]]])


def _row(links: np.ndarray, n_agents: int, name: str, seed: int, pairing: str, runs: list[Run]) -> Row:
    """Return the means over the trials of one graph."""
    degrees = link_counts(_both_ways(links), n_agents)
    return {
        "graph": name,
        "seed": seed,
        "pairing": pairing,
        "links": len(links),
        "degrees": " ".join(map(str, sorted(degrees.tolist()))),
        "max_degree": int(degrees.max()),
        "degree_gini": float(gini(degrees)),
        **{
            name: float(np.mean([run.metric(name)[1][-1] for run in runs]))
            for name in ("success_all_pairs", "success_over_links", "games")
        },
    }


def claims(table: Table, *, constraints: tuple[str, ...]) -> list[Claim]:
    """Judge the success of optimised graphs, and their hubs."""

    def success(name: str, pairing: str) -> float:
        return table.where(graph=name, pairing=pairing).mean("success_all_pairs").value

    def lead(name: str, other: str, pairing: str = "node") -> Measure:
        one, another = (table.where(graph=graph, pairing=pairing) for graph in (name, other))
        return one.minus(another, "success_all_pairs")

    judged = [
        Claim(
            f"{'C3b' if kind == PENALTY else 'C3a'} optimised ({kind})",
            "graphs can be optimised for success under the constraint",
            "all-pairs success, best graph minus the one the search by choices began with, node pairing",
            lead(f"best, {kind}", BEFORE),
            Above(0),
        )
        for kind in (*constraints, CHOSEN, PENALTY)
    ]
    for pairing in PAIRINGS:
        best = max(KNOWN, key=lambda name: success(name, pairing))
        judged += [
            Claim(
                f"C4 success ({kind}, {pairing} pairing)",
                "optimised graphs succeed more than graphs with as many links",
                f"all-pairs success minus that of the best of {', '.join(KNOWN)}, here {best}",
                lead(f"best, {kind}", best, pairing),
                Above(0),
                f"minus that of a star: {lead(f'best, {kind}', 'star', pairing).value:+.3f}",
            )
            for kind in constraints
        ]
    optimised = table.where(graph=f"best, {OUT_LINKS}", pairing="node")
    return [
        *judged,
        Claim(
            "C4 hubs",
            "optimised graphs have hubs",
            f"Gini coefficient of degrees minus its mean over Erdős–Rényi graphs with as many links; {OUT_LINKS}",
            optimised.each(lambda mine: _excess(mine.rows[0])),
            Above(0),
        ),
        _scale_free([_degrees(row) for row in optimised]),
        Claim(
            "null: degrees alone",
            "the optimum's success is more than that of its degrees",
            "all-pairs success minus that of its degree-preserving rewiring, node pairing",
            lead(f"best, {OUT_LINKS}", REWIRED),
            Above(0),
            source=CONTROL,
        ),
        Claim(
            "null: paths alone",
            "the optimum's success is more than that of the graph with the shortest paths",
            "all-pairs success minus that of the optimum of path length under the same cap, found without language",
            lead(f"best, {OUT_LINKS}", f"best, {PATHS}"),
            Above(0),
            "where this does not hold, hubs are an effect of short paths and not of language",
            CONTROL,
        ),
    ]


def _scale_free(degrees: list[np.ndarray]) -> Claim:
    """Judge by the grade of the tail, which has no interval: holds where it is strong, else is not decided."""
    grade = heavy_tailed(degrees, generator=np.random.default_rng(0), samples=200)
    shown = f"grade: {grade.value or 'none'}; {grade.reason}".removesuffix("; ")
    rank = float(GRADES.index(grade.value)) if grade.value in ("strong", "strongest") else math.nan
    interval = None if math.isnan(rank) else (rank, rank)
    pooled = Measure(rank, "1", "Broido–Clauset grade", np.concatenate(degrees).size, interval=interval, reason=shown)
    return Claim(
        "C4 scale-free",
        "optimised graphs are scale-free",
        f"degrees pooled over searches ({OUT_LINKS}), graded after Broido & Clauset 2019",
        pooled,
        Above(GRADES.index("weak"), f"grades, counted from 0: {', '.join(GRADES)}; a lower one decides nothing"),
        "a scale-free grade needs a tail of at least 50 agents; a star is not scale-free",
    )


def _degrees(row: Row) -> np.ndarray:
    return np.array(row["degrees"].split(), dtype=int)


def _excess(row: Row) -> float:
    """Return by how much the degrees of a graph are more unequal than in random graphs with as many links."""
    generator, n_agents = np.random.default_rng(row["seed"]), len(_degrees(row))
    random = [erdos_renyi(n_agents, row["links"], generator=generator) for _ in range(200)]
    expected = np.mean([float(gini(link_counts(_both_ways(other), n_agents))) for other in random])
    return float(row["degree_gini"]) - float(expected)


def _both_ways(links: np.ndarray) -> np.ndarray:
    return np.concatenate([links, links[:, ::-1]])


def figures(table: Table, searches: MadeRuns) -> Figures:
    """Draw the success of all graphs, and those of the first seed."""
    n_agents = len(searches[0].run.agents().names)
    success = {
        f"{pairing} pairing": {
            name: part.mean("success_all_pairs") for name, part in table.where(pairing=pairing).by("graph").items()
        }
        for pairing in PAIRINGS
    }
    first = {name: (_both_ways(links), n_agents) for (name, seed), links in graphs_of(searches).items() if not seed}
    return {
        "success": (
            interval_dots(success, along="success, all pairs"),
            "All-pairs success after training from scratch on fresh seeds.",
        ),
        "graphs": (
            graph_gallery(first),
            "The graphs of the first seed; agents are sized by their number of links.",
        ),
    }
