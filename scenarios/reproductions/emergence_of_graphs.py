"""Effective information of the communication graph before and after graph search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.emergence import effective_information
from hubbub.analysis.figures import interval_dots
from hubbub.analysis.hubs import against_graph_nulls, undirected_links
from hubbub.analysis.measure import Measure
from hubbub.analysis.ranks import rank_correlation
from hubbub.scenarios.reproductions.catalogue import Claim, judge
from hubbub.scenarios.reproductions.correlating import together
from hubbub.scenarios.reproductions.rows import Rows, column, difference, mean
from hubbub.simulator.store import Run

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OURS = "our question"
BEFORE, AFTER = "before the search", "after the search"
NULLS = {"erdos-renyi": "random, as many links", "degree-preserving": "random, the same degrees"}
NULL_GRAPHS = 200


def rows_of(run: Run, seed: int) -> list[dict[str, Any]]:
    """Return the effective information of the graphs of one search, against both nulls, and how it went with value."""
    n_agents = len(run.agents().names)
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


def correlations(rows: Rows) -> list[Claim]:
    """Return whether effective information goes with what the search seeks."""
    value = mean(rows, "with_value", part="graph", when=AFTER)
    beyond = sum(abs(z) > 1.96 for z in column(rows, "with_value_z", part="graph", when=AFTER))
    return [
        Claim(
            "EI of the graph and success, along a search",
            OURS,
            "better graphs have another effective information",
            "rank correlation over generations of EI of the best graph with its expected all-pairs success",
            value,
            together(value),
            f"beyond shuffled generations (|z| > 1.96) in {beyond} of {value.n} seeds; the best graph stays for "
            "generations, so there are few independent ones",
        )
    ]


def claims(rows: Rows) -> list[Claim]:
    """Return how the search changes effective information, and how it stands to both nulls."""
    change = difference(rows, "information", {"part": "graph", "when": AFTER}, {"part": "graph", "when": BEFORE})
    levels = {when: mean(rows, "information", part="graph", when=when) for when in (BEFORE, AFTER)}
    made = [
        Claim(
            "EI falls in a search",
            OURS,
            "optimised graphs have hubs, to which many walks lead, and so less effective information",
            "EI in bits of the random walk on the graph after the search less before",
            change,
            judge(change, below=0.0),
            ", ".join(f"{when} {level.value:.2f}" for when, level in levels.items()),
        )
    ]
    for null, what in NULLS.items():
        apart = {when: _apart(rows, null, when) for when in (BEFORE, AFTER)}
        made.append(
            Claim(
                f"EI against graphs {what}",
                "control",
                f"an optimised graph has less effective information than graphs {what}",
                f"EI in bits of the graph after the search less the mean of {NULL_GRAPHS} graphs {what}",
                apart[AFTER],
                judge(apart[AFTER], below=0.0),
                f"before the search {apart[BEFORE].value:+.3f}",
            )
        )
    return made


def figure(rows: Rows) -> tuple[Figure, str]:
    """Return the effective information before and after, beside the nulls."""
    names = {"information": "the graph", **NULLS}
    shown = {
        f"{when}: {what}": mean(rows, name, part="graph", when=when)
        for when in (BEFORE, AFTER)
        for name, what in names.items()
    }
    return interval_dots({"": shown}, along="effective information, bits"), (
        "Effective information of the random walk on the communication graph, and on random graphs in its place (means "
        "of each search's null graphs); lines: 95 % intervals over searches."
    )


def _apart(rows: Rows, null: str, when: str) -> Measure:
    mine = [{**row, "apart": row["information"] - row[null]} for row in rows if row["part"] == "graph"]
    return mean(mine, "apart", when=when)


def _null_means(edges: np.ndarray, n_agents: int, seed: int) -> dict[str, float]:
    found = against_graph_nulls(
        information, edges, n_agents, generator=np.random.default_rng(seed), samples=NULL_GRAPHS
    )
    return {name: measure.null.mean for name, measure in found.items() if measure.null is not None}
