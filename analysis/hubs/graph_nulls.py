"""Null models of a graph: random graphs with the same number of links, or with the same degrees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from jaxtyping import Bool, Float, Int

from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.hubs.shortest_paths import COMPILED_ABOVE
from hubbub.analysis.measure import Measure, against_null
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

ERDOS_RENYI, DEGREE_PRESERVING = "erdos-renyi", "degree-preserving"
NO_SCORE = "no z-score"
SWAPS_PER_LINK = 10

G = TypeVar("G")
GraphMeasure = Callable[[Int[np.ndarray, "E 2"], int], Measure]


@validated()
def against_graph_nulls(
    measure: GraphMeasure,
    edges: Int[np.ndarray, "E 2"],
    n_agents: int,
    *,
    generator: np.random.Generator,
    samples: int = 100,
) -> dict[str, Measure]:
    """Return `measure(edges, n_agents)` with each of two nulls, by name; see `.z_score` and `.p_value`.

    "erdos-renyi": uniform over the graphs with the same numbers of agents and links, G(N, M). "degree-preserving":
    uniform over the graphs with the same degrees; measures of the degrees alone do not vary there, have no z-score, and
    `reason` says so. Links count as undirected. Null graphs on which the measure is not finite are left out, and
    `reason` tells how many. `generator` draws `samples` graphs of each kind. O(samples) measures.

    Raises
    ------
    ConfigurationError
        Malformed edges.
    """
    return against_given_nulls(
        measure, edges, n_agents, graph_nulls(edges, n_agents, generator=generator, samples=samples)
    )


@validated()
def graph_nulls(
    edges: Int[np.ndarray, "E 2"], n_agents: int, *, generator: np.random.Generator, samples: int = 100
) -> dict[str, list[Int[np.ndarray, "M 2"]]]:
    """Return `samples` null graphs of both kinds as links `[M, 2]`, for use with several measures.

    `generator` draws them. O(samples · M).
    """
    drawn = nulls_of(Graph(edges, n_agents), generator=generator, samples=samples)
    return {model: list(graphs) for model, graphs in drawn.items()}


def nulls_of(
    graph: Graph, *, generator: np.random.Generator, samples: int
) -> dict[str, Iterator[Int[np.ndarray, "M 2"]]]:
    """Return `graph_nulls` of a graph; each is drawn when it is asked for."""
    n_agents, links = graph.n_agents, graph.links
    return {
        ERDOS_RENYI: (erdos_renyi(n_agents, len(links), generator=generator) for _ in range(samples)),
        DEGREE_PRESERVING: (swapped_links(links, n_agents, generator=generator) for _ in range(samples)),
    }


@validated()
def against_given_nulls(
    measure: GraphMeasure,
    edges: Int[np.ndarray, "E 2"],
    n_agents: int,
    nulls: Mapping[str, Sequence[Int[np.ndarray, "E 2"]]],
) -> dict[str, Measure]:
    """Return `measure(edges, n_agents)` with a null from each set of null graphs, as `against_graph_nulls` does."""
    return compared({"": lambda graph: measure(graph, n_agents)}, edges, nulls)[""]


def compared(
    measures: Mapping[str, Callable[[G], Measure]], graph: G, nulls: Mapping[str, Iterable[G]]
) -> dict[str, dict[str, Measure]]:
    """Return for each measure of a graph, by name, the measure with a null from each set of null graphs.

    Graphs have any form that the measures take. Each null graph is measured once by all and then dropped.
    """
    found = {name: measure(graph) for name, measure in measures.items()}
    defined = [name for name, one in found.items() if not np.isnan(one.value)]
    rows = {model: [[measures[name](other).value for name in defined] for other in nulls[model]] for model in nulls}
    values = {model: np.array(of, dtype=float).reshape(len(of), len(defined)) for model, of in rows.items()}
    return {
        name: {model: _with_null(one, values[model][:, defined.index(name)], model) for model in nulls}
        if name in defined
        else dict.fromkeys(nulls, one)
        for name, one in found.items()
    }


def _with_null(found: Measure, values: Float[np.ndarray, " P"], model: str) -> Measure:
    """Return a measure with the null of its values on P null graphs."""
    finite = values[np.isfinite(values)]
    against = against_null(found.value, finite, unit=found.unit, estimator=found.estimator, n=found.n, model=model)
    reasons, left_out = [found.reason], len(values) - len(finite)
    if left_out:
        reasons.append(f"{left_out} of {len(values)} null graphs left out: not finite")
    if len(finite) > 1 and np.isnan(against.z_score):
        if np.isclose(found.value, finite[0]):
            kept = ", which keep the degrees," if model == DEGREE_PRESERVING else ""
            reasons.append(f"{NO_SCORE}: all null graphs{kept} have this value")
            against = replace(against, p_value=np.nan)
        else:
            reasons.append(f"{NO_SCORE}: all null graphs have the same value")
    return replace(against, reason="; ".join(filter(None, reasons)))


@validated()
def erdos_renyi(n_agents: int, n_links: int, *, generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
    """Return the links of a graph drawn uniformly from those with `n_links` links (Erdős & Rényi 1959). O(N + M)."""
    n_pairs = n_agents * (n_agents - 1) // 2
    chosen = generator.choice(n_pairs, size=n_links, replace=False)
    first = np.cumsum(np.arange(n_agents - 1, 0, -1)) if n_agents > 1 else np.zeros(0, dtype=np.int64)
    smaller = np.searchsorted(first, chosen, side="right")
    before = np.concatenate([[0], first])[smaller]
    return np.stack([smaller, smaller + 1 + chosen - before], axis=1)


@validated()
def directed_erdos_renyi(n_agents: int, n_edges: int, *, generator: np.random.Generator) -> Int[np.ndarray, "E 2"]:
    """Return a directed graph drawn uniformly from those with `n_edges` edges and no self-loops. O(E)."""
    source, target = np.divmod(generator.choice(n_agents * (n_agents - 1), size=n_edges, replace=False), n_agents - 1)
    return np.stack([source, target + (target >= source)], axis=1)


@validated(stated_shapes=True)
def degree_preserving(
    links: Int[np.ndarray, "M 2"], n_agents: int, *, generator: np.random.Generator
) -> Int[np.ndarray, "M 2"]:
    """Return links after ten attempted double edge swaps per link; every agent keeps its degree.

    a–b and c–d become a–d and c–b unless that makes a self-loop or a double link. Rejected attempts count too, which
    makes the stationary distribution uniform over the graphs with these degrees (Fosdick et al. 2018). `links` holds
    each pair once. `generator` draws the swaps. O(M).

    Raises
    ------
    ConfigurationError
        Malformed links, a pair that is there twice, or a link of an agent with itself.
    """
    graph = Graph(links, n_agents)
    if len(graph.links) < len(graph.edges):
        got = len(graph.edges)
        raise ConfigurationError(complaint("links", expected="each pair once, no agent with itself", got=got))
    return swapped_links(graph.edges, n_agents, generator=generator)


def swapped_links(
    pairs: Int[np.ndarray, "M 2"], n_agents: int, *, generator: np.random.Generator
) -> Int[np.ndarray, "M 2"]:
    """Return `degree_preserving` of links that are known to be pairs of different agents, each once."""
    if len(pairs) < 2:
        return pairs.copy()
    chosen = generator.integers(len(pairs), size=(SWAPS_PER_LINK * len(pairs), 2))
    turned = generator.random(len(chosen)) < 0.5
    return (_swapped_by_loop if n_agents > COMPILED_ABOVE else _swapped)(pairs, n_agents, chosen, turned)


def _swapped_by_loop(
    pairs: Int[np.ndarray, "M 2"], n_agents: int, chosen: Int[np.ndarray, "A 2"], turned: Bool[np.ndarray, " A"]
) -> Int[np.ndarray, "M 2"]:
    from hubbub.analysis.hubs.loops import swap

    ends = pairs.ravel()
    order = np.argsort(ends, kind="stable")
    slots = np.empty(pairs.shape, dtype=np.int64)
    slots.reshape(-1)[order] = np.arange(len(ends))
    owners, neighbours = ends[order], pairs[:, ::-1].ravel()[order]
    first = np.searchsorted(owners, np.arange(n_agents + 1))
    swap(slots, neighbours, owners, first, chosen, turned)
    return owners[slots]


def _swapped(
    links: Int[np.ndarray, "M 2"], n_agents: int, chosen: Int[np.ndarray, "A 2"], turned: Bool[np.ndarray, " A"]
) -> Int[np.ndarray, "M 2"]:
    pairs = links.tolist()
    present = {a * n_agents + b if a < b else b * n_agents + a for a, b in pairs}
    for (one, other), turn in zip(chosen.tolist(), turned.tolist(), strict=True):
        (a, b), (c, d) = pairs[one], pairs[other]
        if turn:
            c, d = d, c
        if a == d or c == b or one == other:
            continue
        first, second = a * n_agents + d if a < d else d * n_agents + a, c * n_agents + b if c < b else b * n_agents + c
        if first in present or second in present:
            continue
        present -= {a * n_agents + b if a < b else b * n_agents + a, c * n_agents + d if c < d else d * n_agents + c}
        present |= {first, second}
        pairs[one], pairs[other] = [a, d], [c, b]
    return np.array(pairs, dtype=np.int64)
