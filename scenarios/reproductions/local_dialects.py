"""Kim & Oh 2021, second claim: with local links only, distinct dialects appear."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from hubbub.scenarios.reproductions.catalogue import Figures, Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.claim import CONTROL, Claim
from hubbub.scenarios.reproductions.criteria import Above
from hubbub.scenarios.reproductions.design import Changes, Design
from hubbub.scenarios.reproductions.plateau import late_change
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Row, Table
from hubbub.simulator.store import Run

LOCAL, RANDOM = "ring lattice, 2 a side", "random, as many links"
"""The two graphs that are compared: equally many links, near ones only or anywhere."""
FURTHEST = 8
"""The figure goes on to this many hops."""


def ring(n_agents: int, neighbours: int, rewired: float) -> Changes:
    """Return the overrides for a ring lattice whose links are rewired with a probability."""
    return {
        "topology.n_agents": n_agents,
        "topology.neighbours": neighbours,
        "topology.rewiring_probability": rewired,
    }


TORUS = {"topology.kind": "torus", "topology.width": 10, "topology.height": 10}
SMALL = {"ring, 1 a side": ring(24, 1, 0.0), LOCAL: ring(24, 2, 0.0), RANDOM: ring(24, 2, 1.0)}
FULL = {
    "ring, 1 a side": ring(100, 1, 0.0),
    LOCAL: ring(100, 2, 0.0),
    "torus, 4 neighbours": TORUS,
    RANDOM: ring(100, 2, 1.0),
}


@reproduction("local-dialects")
@sizes(small={"graphs": SMALL}, full={"graphs": FULL})
def local_dialects(*, graphs: Mapping[str, Changes]) -> Reproduction:
    """Ring lattices, a torus, small worlds and a random graph: do local links make dialects?"""
    design = Design("local-dialects", "{graph}-s{seed}", measure, seeds=5, factors={"graph": graphs})
    remarks = [
        "A reproduction of the abstract's qualitative claim under our own specification, not a replication of the "
        "paper's numbers: graph, agents and how dialects are delimited are not given there.",
        "A continuum is a legitimate outcome: neighbours alike, distant agents not, and no border in between.",
    ]
    title, source = "Local links: do dialects appear?", "Kim & Oh 2021, abstract"
    return Reproduction(title, source, [design], claims, figures, remarks)


def measure(run: Run) -> Row:
    """Return success and similarity of linked and of other pairs, and whether there are borders."""
    train = run.lexicon().splits["train"]
    edges, n_agents = run.edges(), len(run.agents().names)
    alike = similarity(train.messages, lengths=train.lengths, permutations=20)
    hops = hop_distances(edges, n_agents)
    parts = pair_means(alike.matrix, edges)
    success = pair_means(train.success, edges)
    dialects = cluster(alike.matrix)
    border = dialect_border(train.messages, hops, lengths=train.lengths)
    return {
        "links": len(edges) // 2,
        "unreachable_pairs": int(np.isinf(hops).sum()),
        **{f"success_{pairs}": success[pairs] for pairs in ("over_links", "unlinked", "all_pairs")},
        **{f"similarity_{pairs}": parts[pairs] for pairs in ("over_links", "unlinked")},
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


def claims(table: Table) -> list[Claim]:
    """Judge whether there are dialects, why, and whether they are distinct."""
    local, graphs = table.where(graph=LOCAL), table.by("graph")
    rings = [part.mean("success_over_links") for graph, part in graphs.items() if graph.startswith("ring")]
    results = ", ".join(
        f"{graph}: {part.column('border_or_continuum').count(kind)} of {len(part)} {kind}"
        for graph, part in graphs.items()
        for kind in ("border", "continuum")
    )
    return [
        Claim(
            "C2 control",
            "neighbours have learned to understand each other",
            "success over links on the ring lattice where it is lowest",
            min(rings, key=lambda value: value.value),
            Above(0.9),
            source=CONTROL,
        ),
        Claim(
            "C2 dialects",
            "with local links only, agents speak like those near them and not like the others",
            f"similarity of linked minus that of unlinked pairs; {LOCAL}",
            local.mean("locality"),
            Above(0),
            f"Mantel correlation of dissimilarity with distance {local.mean('mantel').value:.2f}; "
            f"zig-zag with distance in {sum(table.column('zig_zag'))} of {len(table)} runs",
        ),
        Claim(
            "C2 because of local links",
            "dialects come from the links being local, not from their being few",
            f"the same difference, {LOCAL} minus {RANDOM}, paired by seed",
            local.minus(table.where(graph=RANDOM), "locality"),
            Above(0),
        ),
        Claim(
            "C2 intelligibility",
            "dialects are harder to understand for those outside",
            f"success of linked minus that of unlinked pairs; {LOCAL}",
            local.mean("locality_of_success"),
            Above(0),
        ),
        Claim(
            "C2 distinct",
            "the dialects are distinct: there are borders, not a continuum",
            f"squared error with which a continuum predicts agents left out minus that of a border; {LOCAL}",
            local.mean("border_advantage"),
            Above(0),
            results,
        ),
    ]


def figures(_: Table, runs: MadeRuns) -> Figures:
    """Draw similarity and success of pairs of agents over their distance."""
    curves: dict[str, list[tuple[Mapping[float, float], ...]]] = {}
    for made in runs:
        curves.setdefault(made.key["graph"], []).append(_curve(made.run))
    panels = {
        title: {name: _varied([curve[part] for curve in of_seeds]) for name, of_seeds in curves.items()}
        for part, title in enumerate(("similarity (edit)", "success"))
    }
    return {
        "local-dialects": (
            interval_curves(panels, along="distance on the graph (hops)"),
            "Similarity and success of pairs of agents against their distance; lines: means over seeds, bands: 95 % "
            "intervals, dots: seeds.",
        )
    }


def _curve(run: Run) -> tuple[Mapping[float, float], ...]:
    """Return similarity and success by distance, up to `FURTHEST` hops."""
    train = run.lexicon().splits["train"]
    alike = similarity(train.messages, lengths=train.lengths, permutations=0).matrix
    found = [by_distance(matrix, run.edges(), len(alike)) for matrix in (alike, train.success)]
    near = found[-1].distance <= FURTHEST
    return tuple(dict(zip(of.distance[near].tolist(), of.mean[near].tolist(), strict=True)) for of in found)


def _varied(of_seeds: Sequence[Mapping[float, float]]) -> Varied:
    """Return the means over seeds at the distances that all of them have."""
    shared = sorted(set.intersection(*(set(curve) for curve in of_seeds)))
    return Varied(shared, [over_seeds([curve[distance] for curve in of_seeds]) for distance in shared])
