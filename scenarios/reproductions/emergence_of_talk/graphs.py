"""Effective information of the communication graph before and after graph search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.emergence import effective_information
from hubbub.analysis.figures import interval_dots
from hubbub.analysis.hubs import against_graph_nulls, undirected_links
from hubbub.analysis.measure import Measure
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.claim import CONTROL, Claim
from hubbub.scenarios.reproductions.criteria import Below, Correlates
from hubbub.scenarios.reproductions.table import Rows, Table
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BEFORE, AFTER = "before the search", "after the search"
NULLS = {"erdos-renyi": "random, as many links", "degree-preserving": "random, the same degrees"}
NULL_GRAPHS = 200


def measure(run: Run) -> Rows:
    """Return the effective information of the graphs of one search, against both nulls, and how it went with value."""
    seed, n_agents = int(run.configuration["seed"]), len(run.agents().names)
    steps, value = run.metric("best_value")
    on_the_way = [information(run.edges(int(step)), n_agents).value for step in steps]
    along = rank_correlation(np.array(on_the_way), value, generator=np.random.default_rng(seed))
    return [
        {
            "part": "graph",
            "seed": seed,
            "when": when,
            "links": len(undirected_links(edges, n_agents)),
            "information": information(edges, n_agents).value,
            **_null_means(edges, n_agents, seed),
            "with_value": along.value,
            "with_value_z": along.z_score,
        }
        for when, edges in ((BEFORE, run.edges(0)), (AFTER, run.edges()))
    ]


def information(edges: np.ndarray, n_agents: int) -> Measure:
    """Return the effective information of a random walk along links, in both directions (Klein & Hoel 2020)."""
    links = undirected_links(edges, n_agents)
    walk = np.zeros((n_agents, n_agents))
    walk[links[:, 0], links[:, 1]] = walk[links[:, 1], links[:, 0]] = 1
    found = effective_information(walk)
    return Measure(found.value, found.unit, found.estimator, found.n, reason=found.reason)


def correlations(table: Table) -> list[Claim]:
    """Return whether effective information goes with what the search seeks."""
    after = table.where(part="graph", when=AFTER)
    beyond = sum(abs(z) > 1.96 for z in after.column("with_value_z"))
    return [
        Claim(
            "EI of the graph and success, along a search",
            "better graphs have another effective information",
            "rank correlation over generations of EI of the best graph with its expected all-pairs success",
            after.mean("with_value"),
            Correlates(),
            f"beyond shuffled generations (|z| > 1.96) in {beyond} of {len(after)} seeds; the best graph stays for "
            "generations, so there are few independent ones",
        )
    ]


def claims(table: Table) -> list[Claim]:
    """Return how the search changes effective information, and how it stands to both nulls."""
    before, after = (table.where(part="graph", when=when) for when in (BEFORE, AFTER))
    levels = ((BEFORE, before), (AFTER, after))
    fall = Claim(
        "EI falls in a search",
        "optimised graphs have hubs, to which many random walks lead, so their effective information is lower",
        "EI in bits of the random walk on the graph after the search minus before",
        after.minus(before, "information"),
        Below(0),
        ", ".join(f"{when} {part.mean('information').value:.2f}" for when, part in levels),
    )
    return [
        fall,
        *(
            Claim(
                f"EI against graphs {what}",
                f"an optimised graph has less effective information than graphs {what}",
                f"EI in bits of the graph after the search minus the mean of {NULL_GRAPHS} graphs {what}",
                after.minus(after, "information", null),
                Below(0),
                f"before the search {before.minus(before, 'information', null).value:+.3f}",
                CONTROL,
            )
            for null, what in NULLS.items()
        ),
    ]


def figure(table: Table) -> tuple[Figure, str]:
    """Return the effective information before and after, beside the nulls."""
    names = {"information": "the graph", **NULLS}
    shown = {
        f"{when}: {what}": table.where(part="graph", when=when).mean(name)
        for when in (BEFORE, AFTER)
        for name, what in names.items()
    }
    return interval_dots({"": shown}, along="effective information, bits"), (
        "Effective information of the random walk on the communication graph, and on random graphs in its place (means "
        "of each search's null graphs); lines: 95 % intervals over searches."
    )


def _null_means(edges: np.ndarray, n_agents: int, seed: int) -> dict[str, float]:
    found = against_graph_nulls(
        information, edges, n_agents, generator=np.random.default_rng(seed), samples=NULL_GRAPHS
    )
    return {name: measure.null.mean for name, measure in found.items() if measure.null is not None}
