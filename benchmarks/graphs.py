"""Generators and measures of large graphs against igraph: processor time, both in turn in one process, one thread.

    python benchmarks/graphs.py [--agents 100000] [--links 1000000] [--repeats 3] [--networkx]

Our time goes from options to a checked topology with names, or from an array of edges to a number. For measures the
time of igraph is given without and with building its graph from the same array. Compiled loops are loaded before. The
shortest of the repeats counts. `--networkx` adds the time of networkx, which made these graphs before.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import igraph
import networkx as nx
import numpy as np

from hubbub.analysis import hubs
from hubbub.simulator.topology import Topology, topology

Work = Callable[[], object]


def seconds(*works: Work | None, repeats: int) -> list[float]:
    """Return the shortest processor time of each; they take turns. NaN for None."""
    best = [float("nan") if work is None else float("inf") for work in works]
    for _ in range(repeats):
        for at, work in enumerate(works):
            if work is not None:
                start = time.process_time()
                work()
                best[at] = min(best[at], time.process_time() - start)
    return best


def generators(n: int, links: int) -> dict[str, tuple[Work, Work, Work]]:
    """Return by name how we, igraph and networkx make a graph of n agents."""
    k, rng = links // n, np.random.default_rng(0)
    radius = float(np.sqrt(2 * links / (np.pi * n**2)))
    halves, inner, outer = [n // 2, n - n // 2], 2 * links / n / n * 1.95, 2 * links / n / n * 0.05
    blocks = [[inner, outer], [outer, inner]]
    power_law = topology["configuration-model"](n, exponent=2.5, minimum_degree=max(k // 2 - 1, 1), generator=rng)
    degrees = power_law.out_degrees.tolist()

    def ours(kind: str, *options: object, **named: object) -> Work:
        drawn = {} if kind in ("ring", "torus") else {"generator": np.random.default_rng(1)}
        return lambda: topology[kind](*options, **named, **drawn)

    def by_networkx(make: Callable[[], nx.Graph]) -> Work:
        return lambda: Topology.from_networkx(make())

    return {
        "ring": (
            ours("ring", n, neighbours=k),
            lambda: igraph.Graph.Lattice([n], nei=k, circular=True),
            by_networkx(lambda: nx.circulant_graph(n, range(1, k + 1))),
        ),
        "Watts–Strogatz, p = .1": (
            ours("watts-strogatz", n, neighbours=k, rewiring_probability=0.1),
            lambda: igraph.Graph.Watts_Strogatz(1, n, k, 0.1),
            by_networkx(lambda: nx.watts_strogatz_graph(n, 2 * k, 0.1)),
        ),
        "Barabási–Albert": (
            ours("barabasi-albert", n, links_per_agent=k),
            lambda: igraph.Graph.Barabasi(n, k),
            by_networkx(lambda: nx.barabasi_albert_graph(n, k)),
        ),
        "Erdős–Rényi": (
            ours("erdos-renyi", n, links=links),
            lambda: igraph.Graph.Erdos_Renyi(n=n, m=links),
            by_networkx(lambda: nx.gnm_random_graph(n, links)),
        ),
        f"configuration model, {power_law.n_edges // 2:,} links": (
            ours("configuration-model", n, exponent=2.5, minimum_degree=max(k // 2 - 1, 1)),
            lambda: igraph.Graph.Degree_Sequence(degrees, method="edge_switching_simple"),
            by_networkx(lambda: nx.havel_hakimi_graph(degrees)),  # without the swaps
        ),
        "random regular": (
            ours("random-regular", n, degree=2 * k),
            lambda: igraph.Graph.K_Regular(n, 2 * k),
            by_networkx(lambda: nx.random_regular_graph(2 * k, n)),
        ),
        "random geometric": (
            ours("random-geometric", n, radius=radius),
            lambda: igraph.Graph.GRG(n, radius),
            by_networkx(lambda: nx.random_geometric_graph(n, radius)),
        ),
        "two blocks": (
            ours("stochastic-block", halves, inner, outer),
            lambda: igraph.Graph.SBM(blocks, halves),
            by_networkx(lambda: nx.stochastic_block_model(halves, blocks, sparse=True)),
        ),
        f"torus, {2 * n:,} links": (
            ours("torus", n // 200, 200),
            lambda: igraph.Graph.Lattice([n // 200, 200], circular=True),
            by_networkx(lambda: nx.grid_2d_graph(n // 200, 200, periodic=True)),
        ),
    }


def measures(edges: np.ndarray, n: int) -> dict[str, tuple[Work, Callable[[igraph.Graph], object]]]:
    """Return by name how we and igraph measure a graph of n agents."""
    found = {
        "degree assortativity": (hubs.degree_assortativity, lambda graph: graph.assortativity_degree()),
        "largest k-core": (hubs.k_core, lambda graph: graph.coreness()),
        "clustering": (hubs.clustering, lambda graph: graph.transitivity_avglocal_undirected(mode="zero")),
        "eigenvector centrality": (hubs.eigenvector_centrality, lambda graph: graph.eigenvector_centrality()),
        "PageRank": (hubs.page_rank, lambda graph: graph.pagerank()),
    }
    if n <= 10_000:
        found["mean shortest path"] = (hubs.path_length, lambda graph: graph.average_path_length())
        found["betweenness"] = (hubs.betweenness, lambda graph: graph.betweenness())
    return {name: (lambda ours=ours: ours(edges, n), theirs) for name, (ours, theirs) in found.items()}


def print_generators(n: int, links: int, *, repeats: int, with_networkx: bool) -> None:
    """Print a row for each generator."""
    print(f"| generator, {n:,} agents, {links:,} links | hubbub s | igraph s | × igraph | networkx s | × networkx |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, (ours, theirs, former) in generators(n, links).items():
        ours()
        mine, peer = seconds(ours, theirs, repeats=repeats)
        [before] = seconds(former if with_networkx else None, repeats=1)
        print(
            f"| {name} | {mine:.2f} | {peer:.2f} | {mine / peer:.1f} | {before:.1f} | {before / mine:.0f} |", flush=True
        )


def print_measures(n: int, links: int, *, repeats: int) -> None:
    """Print a row for each measure, on a Barabási–Albert graph."""
    print(f"\n| measure, {n:,} agents, {links:,} links | hubbub s | igraph s, built before | and built | × built |")
    print("| --- | ---: | ---: | ---: | ---: |")
    made = topology["barabasi-albert"](n, links_per_agent=links // n, generator=np.random.default_rng(0))
    edges = np.column_stack([made.sources, made.targets])
    once = edges[edges[:, 0] < edges[:, 1]]
    graph = igraph.Graph(n, once)
    for name, (ours, theirs) in measures(edges, n).items():
        ours()
        mine, peer, built = seconds(
            ours,
            lambda theirs=theirs: theirs(graph),
            lambda theirs=theirs: theirs(igraph.Graph(n, once)),
            repeats=1 if name in ("mean shortest path", "betweenness") else repeats,
        )
        print(f"| {name} | {mine:.3f} | {peer:.3f} | {built:.3f} | {mine / built:.2f} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--networkx", action="store_true")
    chosen = parser.parse_args()
    n, links = chosen.agents, chosen.links
    print(f"igraph {igraph.__version__}, networkx {nx.__version__}")
    print_generators(n, links, repeats=chosen.repeats, with_networkx=chosen.networkx)
    print_measures(n, links, repeats=chosen.repeats)
    print_measures(n // 10, links // 20, repeats=1)
    made = topology["barabasi-albert"](1000, links_per_agent=4, generator=np.random.default_rng(0))
    edges = np.column_stack([made.sources, made.targets])
    hubs.hub_table(edges, 1000, samples=1)
    [table] = seconds(lambda: hubs.hub_table(edges, 1000), repeats=1)
    print(f"\nhub_table of 1,000 agents with 3,984 links, 100 graphs of each null: {table:.1f} s")


if __name__ == "__main__":
    main()
