"""Caves over the share of bridges, what is lost on every graph, and similarity and success over distance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hubbub.analysis.dialects import by_distance, similarity
from hubbub.analysis.dialects.border import LOSS
from hubbub.analysis.figures.interval_curves import Varied, interval_curves
from hubbub.analysis.figures.interval_dots import interval_dots
from hubbub.analysis.measure import over_seeds
from hubbub.scenarios.reproductions.catalogue import Figures
from hubbub.scenarios.reproductions.local_dialects.claims import bridged
from hubbub.scenarios.reproductions.run_set import MadeRuns
from hubbub.scenarios.reproductions.table import Table
from hubbub.simulator.store import Run

FURTHEST = 8
"""The figure of distances goes on to this many hops."""


def figures(table: Table, runs: MadeRuns) -> Figures:
    """Draw caves over the share of bridges, what is lost on every graph, and similarity and success over distance."""
    of_caves = bridged(table)
    shown = {
        "similarity of linked pairs": {"in one cave": "similarity_inside", "between caves": "similarity_between"},
        "success of linked pairs": {"in one cave": "success_inside", "between caves": "success_between"},
        "borders": {"runs with a border": "has_border", "dialects are caves (adjusted Rand)": "agreement"},
    }
    over_bridges = {
        title: {said: of_caves.curve("share_of_bridges", name) for said, name in lines.items()}
        for title, lines in shown.items()
    }
    lost = {
        "lost by linked pairs across the cut": {graph: part.mean("loss") for graph, part in table.by("graph").items()},
        "known communities (adjusted Rand)": {
            graph: part.mean("agreement") for graph, part in table.having("agreement").by("graph").items()
        },
    }
    curves: dict[str, list[tuple[Mapping[float, float], ...]]] = {}
    for made in runs:
        if made.key["graph"] in of_caves.by("graph"):
            continue
        curves.setdefault(made.key["graph"], []).append(_curve(made.run))
    panels = {
        title: {name: _varied([curve[part] for curve in of_seeds]) for name, of_seeds in curves.items()}
        for part, title in enumerate(("similarity (edit)", "success"))
    }
    how = "lines: means over seeds, bands: 95 % intervals, dots: seeds."
    made_figures: dict[str, Any] = {
        "borders": (
            interval_dots(lost, along="share"),
            f"What linked pairs lose across the cut between dialects (from {LOSS} on a border), and how well dialects "
            "agree with known communities; means over seeds, 95 % intervals, dots: seeds.",
        ),
        "local-dialects": (
            interval_curves(panels, along="distance on the graph (hops)"),
            f"Similarity and success of pairs of agents against their distance, on graphs other than caves; {how}",
        ),
    }
    if len(of_caves):
        made_figures["bridges"] = (
            interval_curves(over_bridges, along="share of links between caves"),
            f"Caves, with more and more of their links replaced by bridges between caves; {how}",
        )
    return made_figures


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
