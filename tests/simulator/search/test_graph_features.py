"""Features of graphs, against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from hubbub.simulator.search.graph_features import graph_features


def test_features_are_those_of_networkx() -> None:
    graphs = [nx.star_graph(5), nx.path_graph(6), nx.Graph([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5)])]
    for graph in graphs:
        links = np.array(graph.edges)
        hops = np.full((6, 6), 6.0)
        for source, found in nx.all_pairs_shortest_path_length(graph):
            for target, distance in found.items():
                hops[source, target] = distance
        apart = hops[~np.eye(6, dtype=bool)]
        degrees = np.array(sorted((degree for _, degree in graph.degree()), reverse=True))
        by_hand = [
            apart.mean(),
            np.log(apart.mean()),
            (1 / apart).mean(),
            (apart <= 2).mean(),
            (apart <= 3).mean(),
            (apart == 6).mean(),
            apart.max() / 6,
            *degrees[:3] / 6,
            (degrees**2).mean() / 6,
            (degrees**3).mean() / 36,
            (degrees == 1).mean(),
            len(links) / 6,
            sum(nx.triangles(graph).values()) * 2 / 6,
        ]
        assert graph_features(links[None], 6)[0] == pytest.approx(by_hand)


def test_links_in_both_directions_are_one_link_and_pairs_of_agents_have_three_hubs() -> None:
    both = graph_features(np.array([[[0, 1], [1, 0]]]), 2)
    assert both == pytest.approx(graph_features(np.array([[[0, 1]]]), 2))
    assert both[0, 7:10].tolist() == [0.5, 0.5, 0.0]
