"""Kim & Oh 2021, second claim: with local links only, distinct dialects appear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hubbub.analysis.dialects import (
    by_distance,
    cluster,
    dialect_border,
    hop_distances,
    mantel_test,
    pair_means,
    similarity,
    zig_zag,
)
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.catalogue import Claim, Outcome, judge, reproduction
from hubbub.scenarios.reproductions.lab import Job, Lab
from hubbub.scenarios.reproductions.plateau import late_change
from hubbub.scenarios.reproductions.rows import Rows, column, difference, mean
from hubbub.simulator.store import Run

SOURCE = "Kim & Oh 2021, abstract"
LOCAL, RANDOM = "ring lattice, 2 a side", "random, as many links"
"""The two graphs that are compared: equally many links, near ones only or anywhere."""
FURTHEST = 8
"""The figure goes on to this many hops."""


@reproduction("local-dialects")
def local_dialects(lab: Lab) -> Outcome:
    """Ring lattices, a torus, small worlds and a random graph: do local links make dialects?"""
    graphs = _graphs(full=lab.is_full)
    seeds = range(5)
    jobs = {
        (name, seed): Job(f"{_folder(name)}-s{seed}", "local-dialects", changes, seed)
        for name, changes in graphs.items()
        for seed in seeds
    }
    runs = dict(zip(jobs, lab.run(list(jobs.values())), strict=True))
    rows = [_measure(run, *key) for key, run in runs.items()]
    curves = {name: [_curve(runs[name, seed]) for seed in seeds] for name in graphs}
    panels = {
        title: {name: _varied([curve[part] for curve in of_seeds]) for name, of_seeds in curves.items()}
        for part, title in enumerate(("similarity (edit)", "success"))
    }
    figure = interval_curves(panels, along="distance on the graph (hops)")
    caption = (
        "Similarity and success of pairs of agents against their distance; lines: means over seeds, bands: 95 % "
        "intervals, dots: seeds."
    )
    return Outcome(
        "Local links: do dialects appear?",
        _claims(rows, list(graphs)),
        rows,
        {"local-dialects": (figure, caption)},
        [
            "A reproduction of the abstract's qualitative claim under our own specification, not a replication of the "
            "paper's numbers: graph, agents and how dialects are delimited are not given there.",
            "A continuum is a legitimate outcome: neighbours alike, distant agents not, and no border in between.",
        ],
    )


def _graphs(*, full: bool) -> dict[str, dict[str, Any]]:
    n = 100 if full else 24

    def ring(neighbours: int, rewired: float) -> dict[str, Any]:
        return {
            "topology.n_agents": n,
            "topology.neighbours": neighbours,
            "topology.rewiring_probability": rewired,
        }

    graphs = {"ring, 1 a side": ring(1, 0.0), LOCAL: ring(2, 0.0)}
    if full:
        graphs["torus, 4 neighbours"] = {"topology.kind": "torus", "topology.width": 10, "topology.height": 10}
    return {**graphs, RANDOM: ring(2, 1.0)}


def _folder(name: str) -> str:
    return name.replace(",", "").replace(" %", "pc").replace(" ", "-")


def _measure(run: Run, graph: str, seed: int) -> dict[str, Any]:
    train = run.lexicon().splits["train"]
    edges, n_agents = run.edges(), len(run.agents().names)
    alike = similarity(train.messages, lengths=train.lengths, permutations=20)
    hops = hop_distances(edges, n_agents)
    parts = pair_means(alike.matrix, edges)
    success = pair_means(train.success, edges)
    dialects = cluster(alike.matrix)
    border = dialect_border(train.messages, hops, lengths=train.lengths)
    return {
        "graph": graph,
        "seed": seed,
        "links": len(edges) // 2,
        "unreachable_pairs": int(np.isinf(hops).sum()),
        "success_over_links": success["over_links"],
        "success_unlinked": success["unlinked"],
        "success_all_pairs": success["all_pairs"],
        "similarity_over_links": parts["over_links"],
        "similarity_unlinked": parts["unlinked"],
        "similarity_chance": alike.mean.null.mean if alike.mean.null else None,
        "locality": parts["over_links"] - parts["unlinked"],
        "locality_of_success": success["over_links"] - success["unlinked"],
        "mantel": float(mantel_test(1 - alike.matrix, hops, permutations=0)),
        "dialects": dialects.n_clusters,
        "silhouette": dialects.silhouette,
        "border_or_continuum": border.result,
        "border_advantage": float(border.advantage),
        "zig_zag": zig_zag(alike.matrix, hops).found,
        "late_change_success": late_change(*run.metric("success_over_links")),
        "late_change_similarity": late_change(*run.metric("similarity_all_pairs")),
    }


def _curve(run: Run) -> tuple[dict[float, float], dict[float, float]]:
    """Return similarity and success by distance, up to `FURTHEST` hops."""
    train = run.lexicon().splits["train"]
    edges, n_agents = run.edges(), len(run.agents().names)
    alike = similarity(train.messages, lengths=train.lengths, permutations=0).matrix
    of_similarity, of_success = (by_distance(matrix, edges, n_agents) for matrix in (alike, train.success))
    near = of_success.distance <= FURTHEST
    keys = of_success.distance[near].tolist()
    return (
        dict(zip(keys, of_similarity.mean[near].tolist(), strict=True)),
        dict(zip(keys, of_success.mean[near].tolist(), strict=True)),
    )


def _varied(of_seeds: Sequence[Mapping[float, float]]) -> Varied:
    """Return the means over seeds at the distances that all of them have."""
    shared = sorted(set.intersection(*(set(curve) for curve in of_seeds)))
    return Varied(shared, [over_seeds([curve[distance] for curve in of_seeds]) for distance in shared])


def _claims(rows: Rows, graphs: Sequence[str]) -> list[Claim]:
    local, random = {"graph": LOCAL}, {"graph": RANDOM}
    rings = [graph for graph in graphs if graph.startswith("ring")]
    lowest = min((mean(rows, "success_over_links", graph=graph) for graph in rings), key=lambda value: value.value)
    locality, mantel = mean(rows, "locality", **local), mean(rows, "mantel", **local)
    border = mean(rows, "border_advantage", **local)
    because, outside = difference(rows, "locality", local, random), mean(rows, "locality_of_success", **local)
    results = ", ".join(
        f"{graph}: {sum(result == kind for result in column(rows, 'border_or_continuum', graph=graph))} of "
        f"{len(column(rows, 'seed', graph=graph))} {kind}"
        for graph in graphs
        for kind in ("border", "continuum")
    )
    zig_zags = sum(row["zig_zag"] for row in rows)
    return [
        Claim(
            "C2 control",
            "control",
            "neighbours have learned to understand each other",
            "success over links on the ring lattice where it is lowest",
            lowest,
            judge(lowest, above=0.9),
            "holds when the interval lies above 0.9",
        ),
        Claim(
            "C2 dialects",
            SOURCE,
            "with local links only, agents speak like those near them and not like the others",
            f"similarity of linked less that of unlinked pairs; {LOCAL}",
            locality,
            judge(locality, above=0.0),
            f"Mantel correlation of dissimilarity with distance {mantel.value:.2f}; "
            f"zig-zag with distance in {zig_zags} of {len(rows)} runs",
        ),
        Claim(
            "C2 because of local links",
            SOURCE,
            "dialects come from the links being local, not from their being few",
            f"the same difference, {LOCAL} less {RANDOM}, by seed",
            because,
            judge(because, above=0.0),
        ),
        Claim(
            "C2 intelligibility",
            SOURCE,
            "dialects are harder to understand for those outside",
            f"success of linked less that of unlinked pairs; {LOCAL}",
            outside,
            judge(outside, above=0.0),
        ),
        Claim(
            "C2 distinct",
            SOURCE,
            "the dialects are distinct: there are borders, not a continuum",
            f"squared error with which a continuum foretells unseen agents less that of a border; {LOCAL}",
            border,
            judge(border, above=0.0),
            results,
        ),
    ]
