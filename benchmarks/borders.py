"""How often borders and continua of dialects are told apart, on messages whose truth is known.

python benchmarks/borders.py  # 8 kinds × 3 noise levels × 400 draws, about eight minutes of one core
python benchmarks/borders.py --draws 40

For every referent a word spreads over the links of a graph, and every link stops it with a probability, so the
similarity of two agents falls with the links between them. Links between groups stop more where there is a border.
Noise: every agent has words of its own, and links differ (their log-odds of stopping a word have a standard deviation
of twice the noise). The thresholds are chosen on the first half of the draws; the table is about the other half.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from hubbub.analysis.dialects import BorderOrContinuum, dialect_border, hop_distances
from hubbub.analysis.dialects.border import (
    BORDER,
    BORDER_ON_GRADIENT,
    CONTINUUM,
    GRADIENT,
    LOSS,
    NEITHER,
    RESULTS,
)

REFERENTS, WORDS = 48, 32
NOISE = (0.1, 0.25, 0.4)
LOSSES, GRADIENTS = np.arange(0.05, 0.65, 0.05), (0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05)
"""The thresholds that are tried."""


@dataclass(frozen=True)
class Kind:
    """A graph with groups, the probability that a link inside and between groups stops a word, and the truth."""

    graph: nx.Graph
    groups: NDArray[np.int64]
    inside: float
    between: float
    truth: str


def kinds(rng: np.random.Generator) -> dict[str, Kind]:
    """Return the eight kinds; random graphs are drawn anew."""
    one = np.zeros(24, dtype=np.int64)
    regular = nx.random_regular_graph(4, 24, seed=_seed(rng))
    lattice = nx.circulant_graph(24, [1, 2])
    torus = nx.convert_node_labels_to_integers(nx.grid_2d_graph(4, 6, periodic=True))
    cliques = nx.disjoint_union(nx.complete_graph(12), nx.complete_graph(12))
    cliques.add_edge(0, 12)
    caves = nx.connected_caveman_graph(6, 4)
    return {
        "unrelated languages": Kind(regular, one, 1.0, 1.0, NEITHER),
        "one language": Kind(regular, one, 0.0, 0.0, NEITHER),
        "ring lattice": Kind(lattice, one, 0.45, 0.45, CONTINUUM),
        "torus": Kind(torus, one, 0.6, 0.6, CONTINUUM),
        "two cliques, one bridge": Kind(cliques, np.repeat([0, 1], 12), 0.1, 0.9, BORDER),
        "caves in a ring": Kind(caves, np.repeat(np.arange(6), 4), 0.1, 0.95, BORDER),
        "block model": Kind(_blocks(rng), np.repeat(np.arange(3), 8), 0.1, 0.95, BORDER),
        "ring lattice with two borders": Kind(lattice, np.repeat([0, 1], 12), 0.4, 0.97, BORDER_ON_GRADIENT),
    }


def _blocks(rng: np.random.Generator) -> nx.Graph:
    while True:
        graph = nx.stochastic_block_model([8] * 3, 0.05 + 0.55 * np.eye(3), seed=_seed(rng))
        if nx.is_connected(graph):
            return graph


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(1 << 31))


def messages(kind: Kind, noise: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the messages `[N, R, 1]` of agents among whom words have spread."""
    ends, n_agents = np.array(kind.graph.edges), len(kind.graph)
    crosses = kind.groups[ends[:, 0]] != kind.groups[ends[:, 1]]
    with np.errstate(divide="ignore"):  # a link that stops all or nothing has infinite log-odds
        stops = np.where(crosses, kind.between, kind.inside)
        odds = np.log(stops) - np.log1p(-stops) + rng.normal(0, 2 * noise, len(ends))
    open_links = rng.random((REFERENTS, len(ends))) * (1 + np.exp(odds)) > np.exp(odds)
    open_links[:, stops == 1] = False
    said = np.empty((n_agents, REFERENTS, 1), dtype=np.int64)
    for referent, is_open in enumerate(open_links):
        sources, targets = ends[is_open].T
        graph = csr_array((np.ones(len(sources)), (sources, targets)), shape=(n_agents, n_agents))
        _, spoken = connected_components(graph, directed=False)
        own = rng.random(n_agents) < noise
        said[:, referent, 0] = np.where(own, rng.integers(1, WORDS, n_agents), rng.integers(1, WORDS, n_agents)[spoken])
    return said


def draws(n: int) -> Iterator[tuple[float, str, str, BorderOrContinuum]]:
    """Yield noise, kind, truth and what is found, `n` times each."""
    for level, noise in enumerate(NOISE):
        for number in range(n):
            for name, kind in kinds(np.random.default_rng([level, number])).items():
                rng = np.random.default_rng([level, number, *name.encode()])
                ends = np.array(kind.graph.edges)
                hops = hop_distances(np.concatenate([ends, ends[:, ::-1]]), len(kind.graph))
                yield noise, name, kind.truth, dialect_border(messages(kind, noise, rng), hops, splits=1)


def judged(found: BorderOrContinuum, loss: float, gradient: float) -> str:
    """Return the result with other thresholds."""

    def at_least(measure: float, low: float, bound: float) -> bool:
        return measure >= bound and low > 0

    lost, steep = found.linked.loss, found.gradient
    has_border = found.border > 0 and at_least(lost.value, (lost.interval or (np.nan,))[0], loss)
    has_gradient = max(found.continuum, found.both) > 0 and at_least(
        steep.value, (steep.interval or (np.nan,))[0], gradient
    )
    return RESULTS[has_border, has_gradient]


def main() -> None:
    """Print the choice of the thresholds, and how often each result comes out for each kind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=400)
    n = parser.parse_args().draws
    everything = list(draws(n))
    of_half: tuple[list[tuple[float, str, str, BorderOrContinuum]], ...] = ([], [])
    for number, one in enumerate(everything):
        of_half[number // len(kinds(np.random.default_rng(0))) % n >= n / 2].append(one)
    chosen, tried = of_half

    def share_right(loss: float, gradient: float) -> float:
        return float(np.mean([judged(found, loss, gradient) == truth for *_, truth, found in chosen]))

    print(f"{len(chosen)} draws to choose the thresholds; share of right results\n")
    print("| border: loss at least | " + " | ".join(f"{loss:.2f}" for loss in LOSSES) + " |")
    print("| --- |" + " --- |" * len(LOSSES))
    print(f"| gradient at least {GRADIENT} | " + " | ".join(f"{share_right(x, GRADIENT):.3f}" for x in LOSSES) + " |\n")
    print("| gradient at least | " + " | ".join(map(str, GRADIENTS)) + " |")
    print("| --- |" + " --- |" * len(GRADIENTS))
    print(f"| loss at least {LOSS} | " + " | ".join(f"{share_right(LOSS, x):.3f}" for x in GRADIENTS) + " |\n")
    print(f"{len(tried)} other draws, loss at least {LOSS}, gradient at least {GRADIENT}\n")
    results = list(RESULTS.values())
    print("| kind | truth | noise | " + " | ".join(results) + " | right |")
    print("| --- | --- |" + " --- |" * (len(results) + 2))
    for name, kind in kinds(np.random.default_rng(0)).items():
        for noise in NOISE:
            said = [found.result for level, of, _, found in tried if (level, of) == (noise, name)]
            shares = [said.count(result) / len(said) for result in results]
            print(
                f"| {name} | {kind.truth} | {noise} | "
                + " | ".join(f"{share:.3f}" for share in [*shares, said.count(kind.truth) / len(said)])
                + " |"
            )
    print()
    for what, wanted in (("border", (BORDER, BORDER_ON_GRADIENT)), ("gradient", (CONTINUUM, BORDER_ON_GRADIENT))):
        has, lacks = ([found.result for *_, truth, found in tried if (truth in wanted) == is_so] for is_so in (1, 0))
        print(
            f"{what}: found in {np.mean([one in wanted for one in has]):.3f} of the draws that have one, "
            f"and in {np.mean([one in wanted for one in lacks]):.3f} of those that have none"
        )


if __name__ == "__main__":
    main()
