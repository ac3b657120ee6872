"""Graph search reproduced: rivals with as many links, and claims that follow from rows."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import numpy as np
import pytest

from hubbub.scenarios.reproductions import Table
from hubbub.scenarios.reproductions.graph_search.claims import claims as graph_claims
from hubbub.scenarios.reproductions.graph_search.rivals import REWIRED, rewired, rivals, star, with_links


def test_graphs_get_exactly_as_many_links() -> None:
    """A ring of six loses one link and stays connected; a star keeps its links when four are added."""
    rng = np.random.default_rng(0)
    for graph, n_links in ((nx.cycle_graph(6), 5), (nx.star_graph(5), 9)):
        links = with_links(graph, n_links, rng)
        assert len(np.unique(np.sort(links, axis=1), axis=0)) == n_links
        assert (links[:, 0] != links[:, 1]).all()
        assert nx.is_connected(nx.Graph(links.tolist()))
        if n_links == 9:
            assert {(0, leaf) for leaf in range(1, 6)} <= set(map(tuple, links.tolist()))


@pytest.mark.parametrize("n_links", [11, 12, 24])
def test_rivals_are_connected_and_have_as_many_links(n_links: int) -> None:
    found = rivals(12, n_links, np.random.default_rng(1))
    assert ("regular" in found) == (n_links == 24)
    for links in found.values():
        graph = nx.Graph(links.tolist())
        assert (len(graph), graph.number_of_edges(), nx.is_connected(graph)) == (12, n_links, True)
    assert {d for _, d in nx.Graph(found["ring"].tolist()).degree()} == {11: {1, 2}, 12: {2}, 24: {4}}[n_links]


def test_rivals_of_a_graph_in_parts_are_connected() -> None:
    found = {**rivals(12, 9, np.random.default_rng(1)), "star": star(12, 9, np.random.default_rng(1))}
    for links in found.values():
        assert len(links) == 11
        assert nx.is_connected(nx.Graph(links.tolist()))


def test_rewiring_keeps_degrees_and_connects_where_it_can() -> None:
    links = with_links(nx.path_graph(12), 14, np.random.default_rng(2))
    found = nx.Graph(rewired(links, 12, np.random.default_rng(3)).tolist())
    assert dict(found.degree()) == dict(nx.Graph(links.tolist()).degree())
    assert nx.is_connected(found)
    assert set(found.edges) != set(nx.Graph(links.tolist()).edges)


def graph_rows(optimised: float, hubs: float) -> list[dict[str, Any]]:
    """Return rows of three seeds in which all other graphs succeed by .5, and the form of 600 agents at one λ."""
    names = ["optimised", "before the search", "chosen while learning", "shortest paths", "star", REWIRED, "ring"]
    compared = [
        {
            "part": "graphs",
            "cap": "1 choice each",
            "graph": name,
            "seed": seed,
            "pairing": pairing,
            "success_all_pairs": (optimised if name == "optimised" else 0.5) + seed / 1000 * (name == "optimised"),
            "degree_gini": hubs + seed / 1000,
            "gini_of_random": 0.3,
            "max_degree": 4,
            "links": 5,
            "path_length": math.inf if name == "chosen while learning" and seed == 2 else 2.0,
            "late_change_success": 0.01,
        }
        for name in names
        for seed in range(3)
        for pairing in ("node", "edge")
    ]
    penalised = [
        {
            "part": "penalty",
            "penalty": 2.0**at,
            "seed": seed,
            "link_length": 1 - at / 9,
            "max_degree": 9 - at - seed / 99,
        }
        for at in range(3)
        for seed in range(3)
    ]
    form = {"part": "form", "penalty": 1.0, "agents": 600, "hubs": 1.0, "grade": "weak", "tail": 60, "scale_free": 0}
    return [*compared, *penalised, form]


@pytest.mark.parametrize(("success", "hubs", "verdict"), [(0.9, 0.6, "holds"), (0.1, 0.1, "does not hold")])
def test_optimised_graphs_are_judged_against_connected_rivals(success: float, hubs: float, verdict: str) -> None:
    judged = {claim.name: claim for claim in graph_claims(Table(graph_rows(success, hubs)), caps=("1 choice each",))}
    for name in (
        "C4 success (1 choice each, edge pairing)",
        "C4 hubs (1 choice each)",
        "price of anarchy (node pairing)",
    ):
        assert judged[name].verdict == verdict
    assert "here ring" in judged["C4 success (1 choice each, edge pairing)"].measured
    assert judged["C4 scale-free"].verdict == "does not hold"
    price = judged["price of anarchy (node pairing)"]
    assert price.value.value == pytest.approx((success + 0.001) / 0.5)
    assert price.note.endswith("links 5.0 against 5.0; the chosen graph is connected in 2 of 3")


def test_too_few_agents_decide_nothing_about_form() -> None:
    made = [{**row, "agents": 80} if row["part"] == "form" else row for row in graph_rows(0.9, 0.6)]
    [claim] = [one for one in graph_claims(Table(made), caps=("1 choice each",)) if one.name == "C4 scale-free"]
    assert claim.verdict == "not decided"
