"""Every public measure against an independent implementation, over random small inputs.

An oracle here is the definition in loops, another library, or a numerical solution; it shares no code with the measure.
Where a measure has its oracle (or published values) in another file, `ELSEWHERE` names it.
"""

from __future__ import annotations

import importlib.util
import itertools
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
import scipy.integrate
import scipy.signal
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.analysis import (
    collapse,
    concepts,
    control,
    dialects,
    emergence,
    hubs,
    language,
    layers,
    percolation,
    tails,
    temporal,
)
from hubbub.analysis import skills as skill
from hubbub.analysis.crossing import crossing
from hubbub.analysis.measure import over_seeds
from hubbub.analysis.ranks import rank_correlation, standard_ranks
from hubbub.analysis.shape_bias import shape_bias

Rng = np.random.Generator
ORACLES: dict[str, Callable[[Rng], None]] = {}


def oracle(*names: str) -> Callable[[Callable[[Rng], None]], Callable[[Rng], None]]:
    def register(check: Callable[[Rng], None]) -> Callable[[Rng], None]:
        ORACLES.update(dict.fromkeys(names, check))
        return check

    return register


def close(found: Any, expected: Any, **tolerance: float) -> None:
    found, expected = (np.asarray(of, dtype=float) for of in (found, expected))
    np.testing.assert_allclose(found, expected, **{"rtol": 1e-8, "atol": 1e-9, **tolerance})


def graph_of(rng: Rng, n: int = 9) -> tuple[nx.Graph, np.ndarray, int]:
    graph = nx.gnp_random_graph(n, 0.35, seed=int(rng.integers(10**6)))
    graph.add_edge(0, 1)
    graph.add_edge(1, 2)
    return graph, np.array(graph.edges), n


def bits(*columns: Any) -> float:
    """Entropy of the joint states of columns, from a dictionary of counts."""
    counts = Counter(zip(*[list(map(str, column)) for column in columns], strict=True))
    total = sum(counts.values())
    return -sum(n / total * math.log2(n / total) for n in counts.values())


def shared(one: Any, other: Any) -> float:
    return bits(one) + bits(other) - bits(one, other)


def edits(one: list[int], other: list[int]) -> int:
    """Levenshtein distance by the recursion."""
    if not one or not other:
        return len(one) + len(other)
    return min(edits(one[1:], other) + 1, edits(one, other[1:]) + 1, edits(one[1:], other[1:]) + (one[0] != other[0]))


def speech(rng: Rng, n: int = 3) -> tuple[np.ndarray, list[list[list[int]]], np.ndarray]:
    """Messages that end with their first 0, the same as lists, and referents."""
    messages = rng.integers(0, 4, (n, 9, 3))
    said = [
        [list(itertools.chain(itertools.takewhile(bool, words), [0] if 0 in words else [])) for words in of.tolist()]
        for of in messages
    ]
    return messages, said, np.array(list(itertools.product(range(3), repeat=2)))


@oracle("degrees", "link_counts", "undirected_links", "degree_distribution", "degree_assortativity")
def _degrees(rng: Rng) -> None:
    graph, edges, n = graph_of(rng)
    expected = [graph.degree[agent] for agent in range(n)]
    close(hubs.degrees(edges, n), expected)
    close(hubs.link_counts(edges, n), expected)
    assert {tuple(link) for link in hubs.undirected_links(edges, n).tolist()} == {tuple(sorted(e)) for e in graph.edges}
    table = hubs.degree_distribution(edges, n)
    for degree, agents, at_least in zip(*table.values(), strict=True):
        assert agents == expected.count(degree)
        assert at_least == pytest.approx(sum(k >= degree for k in expected) / n)
    found = hubs.degree_assortativity(edges, n)
    if found.value == found.value:
        ends = np.array(
            [(expected[a], expected[b]) for a, b in itertools.chain(graph.edges, map(reversed, graph.edges))]
        )
        close(found.value, np.corrcoef(ends.T)[0, 1])


@oracle("shortest_paths", "clustering", "path_length", "efficiency", "core_numbers", "k_core", "eigenvector_centrality")
def _paths(rng: Rng) -> None:
    graph, edges, n = graph_of(rng)
    close(hubs.clustering(edges, n).value, nx.average_clustering(graph))
    close(hubs.efficiency(edges, n).value, nx.global_efficiency(graph))
    between = nx.betweenness_centrality(graph)
    close(hubs.shortest_paths(edges, n).betweenness(), [between[agent] for agent in range(n)])
    far = dict(nx.all_pairs_shortest_path_length(graph))
    lengths = [far[a].get(b, math.inf) for a, b in itertools.combinations(range(n), 2)]
    assert hubs.path_length(edges, n).value == pytest.approx(float(np.mean(lengths)))
    cores = []
    for agent in range(n):
        k = 0
        while agent in nx.k_core(graph, k + 1):
            k += 1
        cores.append(k)
    close(hubs.core_numbers(edges, n), cores)
    assert hubs.k_core(edges, n).value == max(cores)
    leading = hubs.eigenvector_centrality(edges, n)
    if not np.isnan(leading).any():
        vector = np.ones(n)
        for _ in range(4000):
            vector = vector + nx.to_numpy_array(graph) @ vector
            vector /= vector.max()
        close(leading, vector, atol=1e-3)


@oracle(
    "degree_centralisation", "betweenness_centralisation", "eigenvector_centralisation", "rich_club", "rich_club_curve"
)
def _centralised(rng: Rng) -> None:
    graph, edges, n = graph_of(rng)
    degree, star = dict(graph.degree), nx.star_graph(n - 1)

    def against_star(values: dict[int, float], of_star: dict[int, float]) -> float:
        return sum(max(values.values()) - x for x in values.values()) / sum(
            max(of_star.values()) - x for x in of_star.values()
        )

    close(hubs.degree_centralisation(edges, n).value, against_star(degree, dict(star.degree)))
    between, of_star = nx.betweenness_centrality(graph), nx.betweenness_centrality(star)
    close(hubs.betweenness_centralisation(edges, n).value, against_star(between, of_star))
    found = hubs.eigenvector_centralisation(edges, n).value
    if found == found:
        leading = dict(enumerate(hubs.eigenvector_centrality(edges, n)))
        spoke = 1 / math.sqrt(n - 1)
        close(found, against_star(leading, {0: 1.0, **dict.fromkeys(range(1, n), spoke)}))
    curve = hubs.rich_club_curve(edges, n)
    for k, phi in zip(curve["degree"], curve["phi"], strict=True):
        club = [agent for agent in graph if degree[agent] > k]
        close(phi, nx.density(graph.subgraph(club)))
    last = sorted(degree.values(), reverse=True)[math.ceil(0.5 * n) - 1]
    close(
        hubs.rich_club(edges, n, fraction=0.5).value,
        nx.density(graph.subgraph([a for a in graph if degree[a] >= last])),
    )


@oracle("gini", "top_share", "largest_to_mean")
def _concentration(rng: Rng) -> None:
    values = rng.integers(0, 9, 12) + (np.arange(12) == 3)
    close(hubs.gini(values).value, np.abs(np.subtract.outer(values, values)).mean() / (2 * values.mean()))
    close(hubs.top_share(values, fraction=0.25).value, sum(sorted(values.tolist())[-3:]) / values.sum())
    close(hubs.largest_to_mean(values).value, max(values.tolist()) / (sum(values.tolist()) / 12))


@oracle(
    "erdos_renyi",
    "directed_erdos_renyi",
    "degree_preserving",
    "ring_lattice",
    "graph_nulls",
    "against_graph_nulls",
    "against_given_nulls",
)
def _nulls(rng: Rng) -> None:
    _, edges, n = graph_of(rng)
    links = hubs.undirected_links(edges, n)
    drawn = hubs.erdos_renyi(n, len(links), generator=rng)
    assert len({tuple(sorted(link)) for link in drawn.tolist() if link[0] != link[1]}) == len(links)
    directed = hubs.directed_erdos_renyi(n, 12, generator=rng)
    assert len({tuple(edge) for edge in directed.tolist() if edge[0] != edge[1]}) == 12
    kept = hubs.degree_preserving(links, n, generator=rng)
    assert sorted(Counter(kept.ravel().tolist()).items()) == sorted(Counter(links.ravel().tolist()).items())
    assert {tuple(sorted(link)) for link in hubs.ring_lattice(n, 2 * n).tolist()} == {
        tuple(sorted(edge)) for edge in nx.circulant_graph(n, [1, 2]).edges
    }
    nulls = hubs.graph_nulls(edges, n, generator=rng, samples=2)
    assert {len(of) for graphs in nulls.values() for of in graphs} == {len(links)}
    found = hubs.against_graph_nulls(hubs.clustering, edges, n, generator=np.random.default_rng(1), samples=3)
    drawn = {"one": [np.array([[0, 1], [1, 2], [0, 2]]), np.array([[0, 1], [1, 2], [2, 3]])]}
    given = hubs.against_given_nulls(hubs.clustering, edges, n, drawn)["one"].null
    close(given.mean, np.mean([nx.average_clustering(_as_graph(of, n)) for of in drawn["one"]]))
    again = hubs.graph_nulls(edges, n, generator=np.random.default_rng(1), samples=3)
    for name, graphs in again.items():
        close(found[name].null.mean, np.mean([nx.average_clustering(_as_graph(of, n)) for of in graphs]))


def _as_graph(links: np.ndarray, n: int) -> nx.Graph:
    graph = nx.empty_graph(n)
    graph.add_edges_from(links.tolist())
    return graph


@oracle("success_of_agents", "pair_means", "hop_distances", "by_distance")
def _pairs(rng: Rng) -> None:
    graph, edges, n = graph_of(rng)
    matrix = rng.random((n, n))
    speaker, listener = hubs.success_of_agents(matrix)
    close(speaker[2], np.mean([matrix[2, j] for j in range(n) if j != 2]))
    close(listener[2], np.mean([matrix[j, 2] for j in range(n) if j != 2]))
    found = dialects.pair_means(matrix, edges)
    close(found["over_links"], np.mean([matrix[a, b] for a, b in edges.tolist()]))
    close(
        found["asymmetry"], np.mean([abs(matrix[a, b] - matrix[b, a]) for a, b in itertools.permutations(range(n), 2)])
    )
    both = np.concatenate([edges, edges[:, ::-1]])
    far = dict(nx.all_pairs_shortest_path_length(graph))
    expected = np.array([[far[a].get(b, math.inf) for b in range(n)] for a in range(n)])
    close(dialects.hop_distances(both, n), expected)
    by = dialects.by_distance(matrix, both, n)
    for distance, mean in zip(by.distance, by.mean, strict=True):
        chosen = [matrix[a, b] for a, b in itertools.permutations(range(n), 2) if expected[a, b] == distance]
        close(mean, np.mean(chosen))


@oracle("scale_free_evidence")
def _evidence(rng: Rng) -> None:
    degrees = np.ceil(1 / rng.random(200))
    found = tails.scale_free_evidence(degrees, generator=np.random.default_rng(0), samples=3)
    fit = tails.fit_power_law(degrees, discrete=True)
    assert found.fit == fit
    assert {name: of.ratio_nats for name, of in found.ratios.items()} == {
        name: of.ratio_nats for name, of in tails.compare(degrees, fit).items()
    }


@oracle("rank_correlation", "standard_ranks", "mantel_test", "over_seeds")
def _ranks(rng: Rng) -> None:
    left, right = rng.integers(0, 5, (2, 12)) + np.arange(12) % 3
    close(rank_correlation(left, right, permutations=0).value, scipy.stats.spearmanr(left, right)[0])
    close(standard_ranks(left) @ standard_ranks(right), scipy.stats.spearmanr(left, right)[0])
    one, other = rng.random((2, 6, 6))
    off = ~np.eye(6, dtype=bool)
    close(dialects.mantel_test(one, other, permutations=0).value, scipy.stats.spearmanr(one[off], other[off])[0])
    close(
        dialects.mantel_test(one, other, method="pearson", permutations=0).value,
        np.corrcoef(one[off], other[off])[0, 1],
    )
    found = over_seeds(left[:5].tolist())
    assert found.interval is not None
    if np.ptp(left[:5]):
        close(found.interval, scipy.stats.t.interval(0.95, 4, left[:5].mean(), scipy.stats.sem(left[:5])))


@oracle("similarity_matrix", "similarity", "speaker_synchrony", "topographic_similarity", "abbreviation")
def _similar(rng: Rng) -> None:
    messages, said, referents = speech(rng)
    alike = np.array(
        [
            [
                np.mean([1 - edits(a, b) / max(len(a), len(b)) for a, b in zip(one, other, strict=True)])
                for other in said
            ]
            for one in said
        ]
    )
    close(language.similarity_matrix(messages), alike)
    mean = (alike.sum() - 3) / 6
    close(language.similarity(messages, permutations=0).mean.value, mean)
    close(language.speaker_synchrony(messages, permutations=0).value, mean)
    pairs = list(itertools.combinations(range(9), 2))
    form = [edits(said[0][a], said[0][b]) / max(len(said[0][a]), len(said[0][b])) for a, b in pairs]
    meaning = [sum(referents[a] != referents[b]) for a, b in pairs]
    expected = scipy.stats.spearmanr(form, meaning)[0]
    close(language.topographic_similarity(messages[0], referents, permutations=0).value, expected)
    counts = Counter(map(tuple, said[0]))
    if len(set(counts.values())) > 1 and len(set(map(len, counts))) > 1:
        expected = scipy.stats.spearmanr(list(counts.values()), list(map(len, counts)))[0]
        close(language.abbreviation(messages[0], permutations=0).value, expected)


@oracle(
    "message_entropy", "message_length", "symbol_entropy", "position_entropy", "distinct_messages", "vocabulary_use"
)
def _symbols(rng: Rng) -> None:
    messages, [said, *_], _ = speech(rng)
    close(language.message_entropy(messages[0]).value, bits(said))
    close(language.message_length(messages[0]).value, np.mean(list(map(len, said))))
    close(language.symbol_entropy(messages[0]).value, bits(list(itertools.chain(*said))))
    padded = [[*words, *["none"] * (3 - len(words))] for words in said]
    for at, found in enumerate(language.position_entropy(messages[0])):
        close(found.value, bits([words[at] for words in padded]))
    close(language.distinct_messages(messages[0]).value, len(set(map(tuple, said))) / 9)
    close(language.vocabulary_use(messages[0], 5).value, len(set(itertools.chain(*said))) / 5)


@oracle("positional_disentanglement", "bag_of_symbols_disentanglement", "positive_signalling", "context_independence")
def _disentangled(rng: Rng) -> None:
    messages, [said, *_], referents = speech(rng)

    def gaps(columns: list[list[Any]]) -> float:
        varying = [column for column in columns if bits(column) > 0]
        most = [sorted(shared(column, attribute) for attribute in referents.T) for column in varying]
        return float(np.mean([(of[-1] - of[-2]) / bits(column) for of, column in zip(most, varying, strict=True)]))

    padded = [[*words, *["none"] * (3 - len(words))] for words in said]
    found = language.positional_disentanglement(messages[0], referents, permutations=0).value
    close(found, gaps([[words[at] for words in padded] for at in range(3)]))
    found = language.bag_of_symbols_disentanglement(messages[0], referents, permutations=0).value
    close(found, gaps([[words.count(symbol) for words in said] for symbol in (1, 2, 3)]))
    found = language.positive_signalling(messages[0], referents, permutations=0).value
    close(found, shared(said, referents.tolist()))
    own = []
    for attribute, value in itertools.product(range(2), range(3)):
        named = [words for words, of in zip(said, referents, strict=True) if of[attribute] == value]
        scores = []
        for symbol in (1, 2, 3):
            with_symbol = sum(symbol in words for words in said)
            both = sum(symbol in words for words in named)
            scores.append((both / len(named), both / with_symbol if with_symbol else 0.0))
        own.append(math.prod(max(scores)))
    close(language.context_independence(messages[0], referents, permutations=0).value, np.mean(own))


@oracle("positive_listening", "causal_influence", "listener_synchrony")
def _listening(rng: Rng) -> None:
    answers, silent = rng.dirichlet(np.ones(3), 4), rng.dirichlet(np.ones(3))
    close(language.positive_listening(answers, silent).value, np.mean([abs(row - silent).sum() / 2 for row in answers]))
    mean = answers.mean(axis=0)
    expected = np.mean([sum(p * math.log2(p / q) for p, q in zip(row, mean, strict=True)) for row in answers])
    close(language.causal_influence(answers).value, expected)
    given = rng.integers(0, 3, (4, 5))
    expected = np.mean([given[a, m] == given[b, m] for a, b in itertools.combinations(range(4), 2) for m in range(5)])
    close(language.listener_synchrony(given, permutations=0).value, expected)


@oracle("lmc_complexity", "jensen_shannon_complexity", "participation_ratio", "effective_rank")
def _complexity(rng: Rng) -> None:
    weights = rng.integers(1, 9, 5)
    p = weights / weights.sum()
    entropy = -sum(x * math.log(x) for x in p) / math.log(5)
    close(emergence.lmc_complexity(weights).value, entropy * sum((x - 0.2) ** 2 for x in p))
    uniform, certain = np.full(5, 0.2), np.eye(5)[0]

    def divergence(q: np.ndarray) -> float:
        middle = (q + uniform) / 2
        return (scipy.stats.entropy(q, middle) + scipy.stats.entropy(uniform, middle)) / 2

    close(emergence.jensen_shannon_complexity(weights).value, entropy * divergence(p) / divergence(certain))
    values = rng.standard_normal((20, 3)) * [1, 2, 3]
    spectrum = np.linalg.eigvalsh(np.cov(values.T))
    close(emergence.participation_ratio(values).value, spectrum.sum() ** 2 / (spectrum**2).sum())
    close(emergence.effective_rank(values).value, math.exp(scipy.stats.entropy(spectrum / spectrum.sum())))


@oracle("effective_information", "coarse_grained", "causal_emergence", "estimated_effective_information")
def _effective(rng: Rng) -> None:
    rows = rng.dirichlet(np.ones(4), 4)

    def information(of: np.ndarray) -> float:
        return float(scipy.stats.entropy(of.mean(axis=0), base=2) - np.mean(scipy.stats.entropy(of, base=2, axis=1)))

    close(emergence.effective_information(rows).value, information(rows))
    groups = np.array([0, 1, 1, 0])
    coarse = np.array(
        [
            [np.mean([rows[s][groups == other].sum() for s in range(4) if groups[s] == one]) for other in (0, 1)]
            for one in (0, 1)
        ]
    )
    close(emergence.coarse_grained(rows, groups), coarse)
    best = max(
        information(emergence.coarse_grained(rows, np.unique(labels, return_inverse=True)[1]))
        for labels in itertools.product(range(4), repeat=4)
    )
    close(emergence.causal_emergence(rows).value, max(best - information(rows), 0))
    states = rng.integers(0, 2, 60)
    counts = np.array([[sum((states[:-1] == a) & (states[1:] == b)) for b in (0, 1)] for a in (0, 1)])
    if counts.sum(axis=1).all():
        close(
            emergence.estimated_effective_information(states, shuffles=0).value,
            information(counts / counts.sum(axis=1, keepdims=True)),
        )


@oracle("total_correlation", "dual_total_correlation", "o_information", "psi_delta_gamma", "data_emergence")
def _informations(rng: Rng) -> None:
    x = rng.integers(0, 2, (200, 3))
    joint = bits(*x.T)
    total = sum(bits(column) for column in x.T) - joint
    dual = joint - sum(joint - bits(*[x[:, j] for j in range(3) if j != i]) for i in range(3))
    for measure, expected in (
        (emergence.total_correlation, total),
        (emergence.dual_total_correlation, dual),
        (emergence.o_information, total - dual),
    ):
        close(measure(x, shuffles=0).value, expected)
    v = x.sum(axis=1)
    found = emergence.psi_delta_gamma(v, x, shuffles=0)
    close(found.psi.value, shared(v[:-1], v[1:]) - sum(shared(x[:-1, i], v[1:]) for i in range(3)))
    close(found.gamma.value, max(shared(v[:-1], x[1:, j]) for j in range(3)))
    deltas = [shared(v[:-1], x[1:, j]) - sum(shared(x[:-1, i], x[1:, j]) for i in range(3)) for j in range(3)]
    close(found.delta.value, max(deltas))
    tokens = rng.integers(0, 3, (20, 2))
    found = layers.data_emergence(tokens)
    close((found.macro, found.micro), (bits(*tokens.T), np.mean([bits(column) for column in tokens.T])))


@oracle("quantised_information", "copula_information")
def _layers(rng: Rng) -> None:
    one = rng.standard_normal((40, 2))
    other = one @ rng.standard_normal((2, 1)) + rng.standard_normal((40, 1))

    def cell(of: np.ndarray) -> list[tuple[int, ...]]:
        centred = of - of.mean(axis=0)
        side = 0.7 * math.sqrt((centred**2).mean())
        return [tuple(np.rint(row / side).astype(int).tolist()) for row in centred]

    close(layers.quantised_information(one, other, resolution=0.7), shared(cell(one), cell(other)))
    one = one[:, :1]
    scores = [scipy.stats.norm.ppf(scipy.stats.rankdata(of[:, 0]) / 41) for of in (one, other)]
    expected = -0.5 * math.log2(1 - np.corrcoef(*scores)[0, 1] ** 2)
    close(layers.copula_information(one, other, components=1), expected)


@oracle("giant_component", "critical_probability", "giant_shares", "random_bipartite_graph")
def _percolation(rng: Rng) -> None:
    edges = percolation.random_bipartite_graph(6, 8, 0.15, generator=rng)
    assert len(set(map(tuple, edges.tolist()))) == len(edges)
    graph = nx.empty_graph(14)
    graph.add_edges_from((a, 6 + b) for a, b in edges.tolist())
    sizes = [len(part) for part in nx.connected_components(graph)]
    left, right = percolation.giant_component(edges, 6, 8)
    assert round(6 * left + 8 * right) == max(sizes)
    assert percolation.critical_probability(4, 9) == pytest.approx(1 / 6)
    one, other = percolation.giant_shares(400, 900, 0.004)
    close(one, 1 - math.exp(-900 * 0.004 * other))
    close(other, 1 - math.exp(-400 * 0.004 * one))


@oracle("shape_bias", "crossing", "transition_step", "reached", "bend", "critical_interval")
def _curves(rng: Rng) -> None:
    named, shapes, textures = rng.integers(0, 3, (3, 30))
    found = shape_bias(named, shapes, textures, n_classes=3)
    conflict = [(a, s, t) for a, s, t in zip(named, shapes, textures, strict=True) if s != t]
    by_shape, by_texture = sum(a == s for a, s, _ in conflict), sum(a == t for a, _, t in conflict)
    close(found.value, by_shape / (by_shape + by_texture))
    x, y = np.arange(6.0), np.sort(rng.random(6))
    level = float(rng.uniform(y[0], y[-1]))
    expected = float(np.interp(level, y, x))
    close(crossing(x.tolist(), y.tolist(), level=level), expected)
    close(concepts.reached(x.tolist(), y.tolist(), level=level)[0], expected)
    smooth = np.convolve(np.pad(y, 1), np.ones(3), "valid") / np.array([2, 3, 3, 3, 3, 2])
    level = float(rng.uniform(smooth[0], smooth[-1]))
    close(percolation.transition_step(x.tolist(), y.tolist(), level=level), np.interp(level, smooth, x))
    path = rng.random((5, 2))
    along = path[-1] - path[0]
    sides = [float(np.linalg.det([p - path[0], along])) / float(along @ along) for p in path]
    close(concepts.bend(path), max(sides, key=abs))
    noise, h = np.arange(5.0), np.array([0.4, 0.55, 0.8, 0.7, 0.5])
    found = temporal.critical_interval(noise, h, np.zeros(5), level=0.6)
    close((found.lower[0], found.upper[0]), (np.interp(0.6, h[:3], noise[:3]), np.interp(-0.6, -h[2:], noise[2:])))


@oracle("burstiness", "memory_coefficient", "coincidences", "switched_on", "inter_event_times", "event_walk")
def _events(rng: Rng) -> None:
    gaps = rng.exponential(3, 20)
    mean, sd = gaps.mean(), math.sqrt(((gaps - gaps.mean()) ** 2).mean())
    close(temporal.burstiness(gaps, samples=0).value, (sd - mean) / (sd + mean))
    close(temporal.memory_coefficient(gaps, samples=0).value, np.corrcoef(gaps[:-1], gaps[1:])[0, 1])
    states = rng.standard_normal((15, 4))
    expected = [0, *[sum(states[t, d] > 0 >= states[t - 1, d] for d in range(4)) for t in range(1, 15)]]
    assert temporal.switched_on(states).tolist() == expected
    level = np.mean(expected) + np.std(expected)
    assert temporal.coincidences(np.array(expected), deviations=1).tolist() == [
        t for t, n in enumerate(expected) if n >= level - 1e-9 and len(set(expected)) > 1
    ]
    times = np.flatnonzero(rng.random(30) < 0.4)
    assert temporal.inter_event_times(times).tolist() == [b - a for a, b in itertools.pairwise(times.tolist())]
    assert temporal.event_walk(times, 30).tolist() == [float(t in times) for t in range(30)]


@oracle("dfa", "spectral_exponent", "branching_ratio", "shuffled", "shuffled_intervals", "phase_randomised")
def _records(rng: Rng) -> None:
    record = rng.standard_normal(1100)
    profile = np.cumsum(record - record.mean())
    fluctuations = []
    for lag in (12, 30, 70):
        residuals = []
        for start in range(0, len(profile) - lag + 1, lag):
            y = profile[start : start + lag]
            residuals.append(np.mean((y - np.polyval(np.polyfit(np.arange(lag), y, 1), np.arange(lag))) ** 2))
        fluctuations.append(0.5 * math.log(np.mean(residuals)))
    close(temporal.dfa(record, lags=np.array([12, 30, 70]), surrogates=0).curve, fluctuations, atol=0.02)
    found = temporal.spectral_exponent(record, surrogates=0)
    _, power = scipy.signal.welch(record, nperseg=128, detrend="constant", window="hann")
    first, last = found.curve[-1], math.log(power[4])
    assert first - found.curve[0] == pytest.approx(last - math.log(power[12]), abs=0.5)
    activity = rng.poisson(5, 1100).astype(float)
    activity[1:] += 0.9 * activity[:-1]
    ratio = temporal.branching_ratio(activity)
    if not ratio.reason:
        slopes = [np.polyfit(activity[:-lag], activity[lag:], 1)[0] for lag in ratio.lags.tolist()]
        close(ratio.correlations, slopes, atol=0.01)
    assert sorted(temporal.shuffled(record, rng)) == sorted(record)
    times = np.cumsum(rng.integers(1, 9, 20))
    assert sorted(np.diff(temporal.shuffled_intervals(times, rng))) == sorted(np.diff(times))
    other = temporal.phase_randomised(record, rng)
    close(np.abs(np.fft.fft(other)), np.abs(np.fft.fft(record)), atol=1e-7)


@oracle("neural_collapse", "block_kernel", "collapse_invariant", "invariant_alignment")
def _collapse(rng: Rng) -> None:
    n_classes, m, width = 3, 4, 5
    classes = rng.permutation(np.repeat(np.arange(n_classes), m))
    features, weights = rng.standard_normal((12, width)) + classes[:, None], rng.standard_normal((n_classes, width))
    found = collapse.neural_collapse(features, classes, weights, np.zeros(n_classes))
    means = np.array([np.mean([f for f, c in zip(features, classes, strict=True) if c == k], axis=0) for k in range(3)])
    within = sum(np.outer(f - means[c], f - means[c]) for f, c in zip(features, classes, strict=True)) / 12
    between = sum(np.outer(x, x) for x in means - means.mean(axis=0)) / 3
    close(found.variability, np.trace(within @ np.linalg.pinv(between, rcond=1e-8)) / 3, rtol=1e-6)
    wrong = [
        int(np.argmax(weights @ f)) != min(range(3), key=lambda k: float(np.linalg.norm(f - means[k])))
        for f in features
    ]
    close(found.nearest_centre, np.mean(wrong))
    kernel = features @ features.T + 20 * np.eye(12)
    block = collapse.block_kernel(kernel, classes)
    pairs = list(itertools.permutations(range(12), 2))
    close(block.same_class, np.mean([kernel[a, b] for a, b in pairs if classes[a] == classes[b]]))
    close(block.other, np.mean([kernel[a, b] for a, b in pairs if classes[a] != classes[b]]))
    same = classes[:, None] == classes
    matrix = np.where(same, block.same_class, block.other) + np.eye(12) * (block.same_sample - block.same_class)
    expected = weights.T @ weights - features.T @ np.linalg.inv(matrix) @ features
    close(collapse.collapse_invariant(weights, features, classes, block), expected, rtol=1e-6)
    gram, balance = weights.T @ weights, weights.T @ weights - expected
    alignment = (gram * balance).sum() / np.linalg.norm(gram) / np.linalg.norm(balance)
    close(collapse.invariant_alignment(weights, features, classes, block), alignment, rtol=1e-6)


@oracle(
    "boundary_mass", "squared_action", "switches", "returns", "performance_ratio", "minimum_time", "switching_curve"
)
def _control(rng: Rng) -> None:
    actions = rng.uniform(-1, 1, (2, 3, 4, 1))
    actions[1, 0, 2:] = np.nan
    flat = [[a for a in of.ravel() if a == a] for of in actions]
    close(control.boundary_mass(actions, boundary=0.5), [np.mean([abs(a) > 0.5 for a in of]) for of in flat])
    close(control.squared_action(actions), [np.mean([a * a for a in of]) for of in flat])
    turns = [
        np.mean([x * y < 0 for episode in of[..., 0] for x, y in itertools.pairwise(episode.tolist()) if y == y])
        for of in actions
    ]
    close(control.switches(actions), turns)
    rewards = rng.random((2, 3, 4))
    close(control.returns(rewards), [np.mean([sum(episode) for episode in of.tolist()]) for of in rewards])
    assert control.performance_ratio(3.0, 5.0, baseline=1.0) == 0.5
    x, v = rng.uniform(-2, 2, 2)
    time, step = 0.0, 1e-3
    while math.hypot(x, v) > 0.02 and time < 20:
        force = float(control.time_optimal_force(np.array(x), np.array(v)))
        x, v, time = x + step * v + step**2 / 2 * force, v + step * force, time + step
    assert time < 20  # the law brings the mass to rest, in the stated time
    start = np.array(rng.uniform(-2, 2)), np.array(rng.uniform(-2, 2))
    close(control.minimum_time(*start), control.minimum_time(-start[0], -start[1]))
    close(control.switching_curve(np.array(1.5)), -1.125)


@oracle(
    "skill_strength", "learning_time", "skill_frequencies", "strength_from_samples", "loss_by_units", "loss_by_time"
)
def _skills(rng: Rng) -> None:
    often, rate, initial = float(rng.uniform(0.1, 0.9)), 0.3, 0.02
    solved = scipy.integrate.solve_ivp(
        lambda _, r: 2 * rate * often * r * (1 - r), (0, 20), [initial], rtol=1e-9, atol=1e-12
    )
    found = skill.skill_strength(20.0, often, initial=initial, learning_rate=rate)
    close(found, solved.y[0, -1], rtol=1e-6)
    when = skill.learning_time(0.5, np.array([often]), initial=initial, learning_rate=rate)
    close(skill.skill_strength(when, np.array([often]), initial=initial, learning_rate=rate), 0.5)
    weights = [k**-1.6 for k in range(1, 6)]
    close(skill.skill_frequencies(5, 0.6), np.array(weights) / sum(weights))
    close(skill.strength_from_samples(np.array([3.0]), critical=4.0), 1 - math.sqrt(1 / 4))
    whole = sum(k**-3.0 for k in range(1, 200_000))
    close(skill.loss_by_units(np.array([2.0]), 2.0), 1 - (1 + 2**-3.0) / whole, rtol=1e-6)
    times = np.array([30.0])
    terms = (k**-3.0 / whole for k in range(1, 3000))
    direct = sum(p * (1 - 1 / (1 + (1 / initial - 1) * math.exp(-p * 30.0))) ** 2 for p in terms)
    close(skill.loss_by_time(times, 2.0, initial=initial), direct, rtol=1e-4)


@oracle("identity_map", "identity_variances", "identity_learning_time", "tied_identity_maps", "probe_loss")
def _identity(rng: Rng) -> None:
    variances, initial = rng.uniform(0.5, 2, 2), rng.standard_normal((2, 2))
    a = np.diag(variances)
    solved = scipy.integrate.solve_ivp(
        lambda _, w: ((np.eye(2) - w.reshape(2, 2)) @ a).ravel(), (0, 1), initial.ravel(), rtol=1e-9, atol=1e-12
    )
    close(concepts.identity_map(1.0, variances, initial=initial), solved.y[:, -1].reshape(2, 2), rtol=1e-6)
    data = np.concatenate([np.array([[2.0, 0.0]]), np.array([[0.0, 1.0]])])
    close(concepts.identity_variances(np.array([2.0, 1.0]), 0.0), (data**2).mean(axis=0))
    close(concepts.identity_learning_time(0.8, variances), np.log(5) / variances)
    u = 0.3 * rng.standard_normal((2, 2)) + np.eye(2) * 0.3

    def change(_: float, flat: np.ndarray) -> np.ndarray:
        now = flat.reshape(2, 2)
        w = now @ now.T
        return (a @ now - (a @ w @ now + w @ a @ now) / 2).ravel()

    solved = scipy.integrate.solve_ivp(change, (0, 1), u.ravel(), rtol=1e-9, atol=1e-12)
    end = solved.y[:, -1].reshape(2, 2)
    close(concepts.tied_identity_maps(np.array([0.0, 1.0]), variances, initial=u @ u.T)[-1], end @ end.T, rtol=1e-5)
    x = rng.standard_normal(2)
    close(concepts.probe_loss(initial[None], x), [np.linalg.norm(initial @ x - x) ** 2 / 2])


@oracle("closed_form_paths", "path_emergence_stack", "pruning_curve")
def _paths_of_networks(rng: Rng) -> None:
    sizes = [2, 3, 2]
    on = [rng.random(n) < 0.5 for n in sizes]
    paths = 0
    for first, last in itertools.combinations(range(3), 2):
        for units in itertools.product(*[range(n) for n in sizes[first : last + 1]]):
            paths += not on[first][units[0]] and on[last][units[-1]]
    found = emergence.closed_form_paths(np.array(sizes), np.array([of.sum() for of in on]))
    assert found == paths
    stack = emergence.path_emergence_stack([of[None, None].astype(float) for of in on], threshold=0.5, sweep=())
    assert stack.value[0] == paths
    curve = emergence.pruning_curve(lambda share: 1 - share**2, [0.0, 0.5, 1.0])
    close(curve.area, np.mean([(1 + 0.75) / 2, (0.75 + 0) / 2]))


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6))
@pytest.mark.parametrize("check", sorted({check.__name__ for check in ORACLES.values()}))
def test_measures_agree_with_their_oracle(check: str, seed: int) -> None:
    {of.__name__: of for of in ORACLES.values()}[check](np.random.default_rng(seed))


ELSEWHERE = {
    "activity_from_counts": "temporal/test_activity.py",
    "activity_from_events": "temporal/test_activity.py",
    "activity_from_raster": "temporal/test_activity.py",
    "mean_interval": "temporal/test_activity.py",
    "agreement": "dialects/test_agreement.py",
    "avalanches": "temporal/test_avalanches.py",
    "threshold_sweep": "test_units.py",
    "betweenness": "hubs/test_communities.py",
    "distances": "hubs/test_communities.py",
    "graph_communities": "hubs/test_communities.py",
    "modularity": "hubs/test_communities.py",
    "degree_table": "hubs/test_communities.py",
    "border_or_continuum": "dialects/test_border.py",
    "cluster": "dialects/test_clusters.py",
    "compare": "tails/test_comparison.py",
    "crackling": "temporal/test_crackling.py",
    "size_growth": "temporal/test_crackling.py",
    "shape_collapse": "temporal/test_crackling.py",
    "delta_of_mu": "temporal/test_exponent_relations.py",
    "h_of_mu": "temporal/test_exponent_relations.py",
    "mu_of_delta": "temporal/test_exponent_relations.py",
    "mu_of_h": "temporal/test_exponent_relations.py",
    "dialect_border": "dialects/test_border.py",
    "diffusion_entropy": "temporal/test_diffusion_entropy.py",
    "dynamical_dependence": "emergence/test_dynamical_independence.py",
    "dynamical_independence": "emergence/test_dynamical_independence.py",
    "event_scaling": "temporal/test_event_walk.py",
    "fit_power_law": "tails/test_power_law_fit.py",
    "fit_sizes": "test_units.py",
    "goodness_of_fit": "tails/test_goodness.py",
    "heavy_tailed": "hubs/test_heavy_tailed.py",
    "hub_table": "hubs/test_hub_table.py",
    "integrated_information_decomposition": "emergence/test_psi_delta_gamma.py",
    "intelligibility_asymmetry": "dialects/test_asymmetry.py",
    "least_cost": "control/test_double_integrator.py",
    "time_optimal_force": "control/test_double_integrator.py",
    "local_learning_coefficient": "emergence/test_local_learning_coefficient.py",
    "local_learning_coefficients": "emergence/test_local_learning_coefficient.py",
    "loss_by_compute": "skills/test_skills.py",
    "loss_by_samples": "skills/test_skills.py",
    "magnitude_pruned": "emergence/test_path_emergence.py",
    "multifractal_dfa": "temporal/test_dfa.py",
    "neural_information": "layers/test_layers.py",
    "path_emergence": "emergence/test_path_emergence.py",
    "rapid_transition_events": "temporal/test_rapid_transitions.py",
    "scale_free_form": "hubs/test_scale_free_form.py",
    "scale_free_grade": "tails/test_grade.py",
    "small_world_omega": "hubs/test_graph_nulls.py",
    "small_world_sigma": "hubs/test_graph_nulls.py",
    "speaking_path_emergence": "emergence/test_speaking_paths.py",
    "speaking_states": "emergence/test_speaking_paths.py",
    "surrogate_null": "temporal/test_surrogates.py",
    "tangent_kernel": "collapse/test_collapse.py",
    "zig_zag": "dialects/test_zig_zag.py",
    "measure_activity": "temporal/test_measuring_activity.py",
    "page_rank": "hubs/test_large_graphs.py",
}


def test_where_the_other_oracles_are() -> None:
    assert not ELSEWHERE.keys() & ORACLES.keys()
    for name, file in ELSEWHERE.items():
        assert name in (Path(__file__).parent / file).read_text(encoding="utf-8"), name


CHECKED_ELSEWHERE = {
    *("below", "edge_list", "square", "most_links"),  # they check their input, or count
    *("compare_conditions", "holm", "hedges_g", "bootstrap_interval", "permutation_test"),  # `test_comparison.py`
}


def test_every_public_measure_has_an_oracle() -> None:
    """The functions that `test_doors.py` finds are all measures; those that only check their input are left out."""
    spec = importlib.util.spec_from_file_location("doors", Path(__file__).parent / "test_doors.py")
    assert spec is not None and spec.loader is not None
    doors = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(doors)
    assert doors.EXAMPLES.keys() - CHECKED_ELSEWHERE == ORACLES.keys() | ELSEWHERE.keys()
