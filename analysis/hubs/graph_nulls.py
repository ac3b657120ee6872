"""Null models of a graph: random graphs with the same number of links, or with the same degrees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Int

from hubbub.analysis.arrays import edge_list
from hubbub.analysis.hubs.links import undirected_links
from hubbub.analysis.hubs.shortest_paths import COMPILED_ABOVE
from hubbub.analysis.measure import Measure, against_null
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

ERDOS_RENYI, DEGREE_PRESERVING = "erdos-renyi", "degree-preserving"
NO_SCORE = "no z-score"
SWAPS_PER_LINK = 10

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
    links = undirected_links(edges, n_agents)
    return {
        ERDOS_RENYI: [erdos_renyi(n_agents, len(links), generator=generator) for _ in range(samples)],
        DEGREE_PRESERVING: [degree_preserving(links, n_agents, generator=generator) for _ in range(samples)],
    }


@validated()
def against_given_nulls(
    measure: GraphMeasure,
    edges: Int[np.ndarray, "E 2"],
    n_agents: int,
    nulls: Mapping[str, Sequence[Int[np.ndarray, "E 2"]]],
) -> dict[str, Measure]:
    """Return `measure(edges, n_agents)` with a null from each set of null graphs, as `against_graph_nulls` does."""
    found = measure(edges, n_agents)
    if np.isnan(found.value):
        return dict.fromkeys(nulls, found)
    return {model: _with_null(measure, found, graphs, n_agents, model) for model, graphs in nulls.items()}


def _with_null(
    measure: GraphMeasure,
    found: Measure,
    graphs: Sequence[Int[np.ndarray, "E 2"]],
    n_agents: int,
    model: str,
) -> Measure:
    values = np.array([measure(graph, n_agents).value for graph in graphs])
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
    pairs = edge_list(links, n_agents)
    if len(undirected_links(pairs, n_agents)) < len(pairs):
        raise ConfigurationError(complaint("links", expected="each pair once, no agent with itself", got=len(pairs)))
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
    def key(a: int, b: int) -> int:
        return a * n_agents + b if a < b else b * n_agents + a

    pairs = links.tolist()
    present = {key(a, b) for a, b in pairs}
    for (one, other), turn in zip(chosen.tolist(), turned.tolist(), strict=True):
        (a, b), (c, d) = pairs[one], pairs[other]
        if turn:
            c, d = d, c
        if a == d or c == b or one == other:
            continue
        first, second = key(a, d), key(c, b)
        if first in present or second in present:
            continue
        present.remove(key(a, b))
        present.remove(key(c, d))
        present.add(first)
        present.add(second)
        pairs[one], pairs[other] = [a, d], [c, b]
    return np.array(pairs, dtype=np.int64)
