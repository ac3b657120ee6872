import networkx as nx
import numpy as np

from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology, topology
from hubbub.simulator.topology.distance import distances


def test_hops_follow_the_direction_of_edges():
    path = Topology(4, [0, 1], [1, 2], weights=[5.0, 0.1])
    inf = np.inf
    assert distances(path).tolist() == [[0, 1, 2, inf], [inf, 0, 1, inf], [inf, inf, 0, inf], [inf, inf, inf, 0]]


def test_hops_agree_with_networkx():
    graph = topology["erdos-renyi"](30, links=40, generator=RandomStreams(4).at("topology"))
    expected = np.full((30, 30), np.inf)
    for source, reached in nx.all_pairs_shortest_path_length(graph.to_networkx()):
        for target, hops in reached.items():
            expected[source, target] = hops
    np.testing.assert_array_equal(distances(graph), expected)
