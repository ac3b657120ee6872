"""The communication graph: who may hear whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import networkx as nx
import numpy as np
from jaxtyping import Int, Num
from numpy.typing import NDArray

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.limits import MAX_AGENTS


@dataclass(frozen=True, eq=False)
class Topology:
    """A directed communication graph of N agents; an edge i → j says "j may hear i".

    Attributes
    ----------
    n_agents
        Number of agents N; agents are numbered 0 … N − 1.
    sources, targets
        Edges as two index arrays `[E]` (int64), sorted by source, then target; no self-loops, no duplicates.
    weights
        Relative frequency with which each edge is drawn, `[E]` float64 > 0, or None when all are alike.
    positions
        Places of the agents, `[N, d]` float64 with d ≤ 3, for drawing and for distance penalties, or None.
    names
        One label per agent, `[N]`, no two alike; the numbers as text when the source graph had none.
    attributes
        What the source graph says of its agents: attribute name → N values (None where it says nothing).
    """

    n_agents: int
    sources: Int[np.ndarray, " E"]
    targets: Int[np.ndarray, " E"]
    weights: Num[np.ndarray, " E"] | None = None
    positions: Num[np.ndarray, "N d"] | None = None
    names: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = self.n_agents
        if not 1 <= n <= MAX_AGENTS:
            raise TopologyError(f"n_agents: expected 1 … {MAX_AGENTS:,}, got {n}")
        sources = np.asarray(self.sources, dtype=np.int64).reshape(-1)
        targets = np.asarray(self.targets, dtype=np.int64).reshape(-1)
        if sources.shape != targets.shape:
            raise TopologyError(f"edges: expected as many sources as targets, got {len(sources)} and {len(targets)}")
        names = _names(self.names, n)
        ends = np.concatenate([sources, targets])
        if len(ends) and (ends.min() < 0 or ends.max() >= n):
            wrong = ends[(ends < 0) | (ends >= n)][0]
            raise TopologyError(f"edges: expected agents 0 … {n - 1}, got {wrong}")
        if np.any(sources == targets):
            agent = names[sources[sources == targets][0]]
            raise TopologyError(
                f"edges: agent {agent} is linked to itself; hearing oneself is `agent.self_talk`, not an edge"
            )
        order = np.lexsort((targets, sources))
        sources, targets = sources[order], targets[order]
        twice = (np.diff(sources) == 0) & (np.diff(targets) == 0)
        if twice.any():
            source, target = names[sources[1:][twice][0]], names[targets[1:][twice][0]]
            raise TopologyError(f"edges: {source} → {target} is there twice")
        object.__setattr__(self, "sources", sources)
        object.__setattr__(self, "targets", targets)
        object.__setattr__(self, "weights", _weights(self.weights, order))
        object.__setattr__(self, "positions", _positions(self.positions, n))
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "attributes", _attributes(self.attributes, n))

    @property
    def n_edges(self) -> int:
        """Number of directed edges E."""
        return len(self.sources)

    @property
    def out_degrees(self) -> NDArray[np.int64]:
        """How many agents may hear each agent, `[N]`."""
        return np.bincount(self.sources, minlength=self.n_agents)

    @property
    def in_degrees(self) -> NDArray[np.int64]:
        """How many agents each agent may hear, `[N]`."""
        return np.bincount(self.targets, minlength=self.n_agents)

    @property
    def first_edges(self) -> NDArray[np.int64]:
        """`[N + 1]`: the out-edges of agent i are the edges `first_edges[i] … first_edges[i + 1] − 1`."""
        return np.searchsorted(self.sources, np.arange(self.n_agents + 1))

    @property
    def is_symmetric(self) -> bool:
        """Whether every edge has its opposite, with the same weight."""
        opposite = np.lexsort((self.sources, self.targets))
        return (
            np.array_equal(self.sources, self.targets[opposite])
            and np.array_equal(self.targets, self.sources[opposite])
            and (self.weights is None or np.array_equal(self.weights, self.weights[opposite]))
        )

    def adjacency(self) -> NDArray[np.bool_]:
        """Return the boolean matrix `[N, N]` with True where row may be heard by column."""
        matrix = np.zeros((self.n_agents, self.n_agents), dtype=bool)
        matrix[self.sources, self.targets] = True
        return matrix

    def with_edges(
        self, sources: NDArray[np.int64], targets: NDArray[np.int64], *, weights: NDArray[np.float64] | None = None
    ) -> Topology:
        """Return the same agents with other edges."""
        return replace(self, sources=sources, targets=targets, weights=weights)

    @classmethod
    def from_pairs(
        cls,
        n_agents: int,
        pairs: NDArray[np.int64] | Sequence[tuple[int, int]],
        *,
        positions: NDArray[np.float64] | None = None,
    ) -> Topology:
        """Return the topology in which both ends of every undirected pair `[P, 2]` may hear each other.

        A pair that is given twice, in either order, counts once.
        """
        pairs = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
        both = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
        return cls(n_agents, both[:, 0], both[:, 1], positions=positions)

    @classmethod
    def from_networkx(cls, graph: nx.Graph, *, positions: NDArray[np.float64] | None = None) -> Topology:
        """Return the topology of any networkx graph, nodes in the graph's own order.

        An undirected edge becomes two directed ones; an edge of a directed graph from i to j means that j
        hears i. Parallel edges are merged (their weights added) and self-loops are refused. Node attributes
        and the edge attribute `weight` are kept; where every node has it, the node attribute `pos` becomes the
        positions and `name`, if no two are alike, the names (else the nodes themselves are the names).
        """
        nodes = list(graph.nodes)
        number = {node: index for index, node in enumerate(nodes)}
        weights: dict[tuple[int, int], float] = {}
        weighted = False
        for source, target, data in graph.edges(data=True):
            weighted |= "weight" in data
            weight = data.get("weight", 1.0)
            pair = (number[source], number[target])
            weighted |= pair in weights  # links side by side weigh more than one
            for edge in (pair,) if graph.is_directed() else (pair, pair[::-1]):
                weights[edge] = weights.get(edge, 0.0) + _number(weight, source, target)
        edges = np.array(sorted(weights), dtype=np.int64).reshape(-1, 2)
        values = np.array([weights[source, target] for source, target in edges.tolist()]) if weighted else None
        keys = dict.fromkeys(key for _, data in graph.nodes(data=True) for key in data)
        attributes = {str(key): tuple(graph.nodes[node].get(key) for node in nodes) for key in keys}
        places = attributes.pop("pos", (None,))
        if positions is None and not any(place is None for place in places):
            positions = np.array([tuple(place) for place in places], dtype=float)
        labels = attributes.get("name", (None,))
        names = nodes if None in labels or len(set(map(str, labels))) < len(nodes) else labels
        return cls(
            len(nodes),
            edges[:, 0],
            edges[:, 1],
            weights=values,
            positions=positions,
            names=tuple(str(name) for name in names),
            attributes={key: values for key, values in attributes.items() if values is not names},
        )

    def to_networkx(self) -> nx.DiGraph:
        """Return a directed networkx graph, agents 0 … N − 1 with `name`, `pos` and their attributes.

        `from_networkx` turns it back into the same topology.
        """
        graph = nx.DiGraph()
        for agent in range(self.n_agents):
            known = {key: values[agent] for key, values in self.attributes.items() if values[agent] is not None}
            place = {} if self.positions is None else {"pos": tuple(self.positions[agent].tolist())}
            graph.add_node(agent, **known | place | {"name": self.names[agent]})
        edges = zip(self.sources.tolist(), self.targets.tolist(), strict=True)
        if self.weights is None:
            graph.add_edges_from(edges)
        else:
            graph.add_weighted_edges_from(
                (source, target, weight) for (source, target), weight in zip(edges, self.weights.tolist(), strict=True)
            )
        return graph


def _number(weight: Any, source: Any, target: Any) -> float:
    try:
        return float(weight)
    except (TypeError, ValueError):
        raise TopologyError(f"weight of edge {source!r}–{target!r}: expected a number, got {weight!r}") from None


def _weights(weights: np.ndarray | None, order: NDArray[np.int64]) -> NDArray[np.float64] | None:
    if weights is None:
        return None
    values = np.asarray(weights, dtype=np.float64).reshape(-1)
    if values.shape != order.shape:
        raise TopologyError(f"weights: expected one per edge ({len(order)}), got {len(values)}")
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        raise TopologyError(f"weights: expected finite numbers above 0, got {values[wrong][0]}")
    return values[order]


def _positions(positions: np.ndarray | None, n: int) -> NDArray[np.float64] | None:
    if positions is None:
        return None
    places = np.asarray(positions, dtype=np.float64)
    if places.ndim != 2 or len(places) != n or places.shape[1] > 3 or not np.isfinite(places).all():
        raise TopologyError(
            f"positions: expected {n} finite points of at most 3 coordinates, got an array of shape {places.shape}"
        )
    return places


def _names(names: Sequence[str], n: int) -> tuple[str, ...]:
    labels = tuple(str(name) for name in names) or tuple(str(agent) for agent in range(n))
    if len(labels) != n:
        raise TopologyError(f"names: expected {n}, got {len(labels)}")
    if len(set(labels)) < n:
        twice, times = Counter(labels).most_common(1)[0]
        raise TopologyError(f"names: expected every one once, got {twice!r} {times} times")
    return labels


def _attributes(attributes: Mapping[str, Sequence[Any]], n: int) -> dict[str, tuple[Any, ...]]:
    for key, values in attributes.items():
        if len(values) != n:
            raise TopologyError(f"attribute {key!r}: expected {n} values, got {len(values)}")
    return {key: tuple(_plain(value) for value in values) for key, values in attributes.items()}


def _plain(value: Any) -> Any:
    """Return numpy scalars as Python's own, so that files accept them."""
    return value.item() if isinstance(value, np.generic) else value
