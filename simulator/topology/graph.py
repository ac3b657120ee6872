"""The communication graph: who may hear whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

import networkx as nx
import numpy as np
from jaxtyping import Int, Num
from numpy.typing import NDArray

from hubbub.formats.graph_data import own_name, written_name
from hubbub.formats.notebook import summary_html
from hubbub.formats.values import without_numpy
from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.edge_order import are_ordered, order_of
from hubbub.simulator.topology.limits import MAX_AGENTS
from hubbub.simulator.topology.listed_links import ListedLinks
from hubbub.simulator.topology.places import points
from hubbub.simulator.topology.summary import Summary


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
    link_attributes
        What it says of its edges besides the weight: attribute name → E values, in the order of the edges.
    summary
        What was read, if the graph comes from a file. It describes the graph as it was read.
    """

    n_agents: int
    sources: Int[np.ndarray, " E"]
    targets: Int[np.ndarray, " E"]
    weights: Num[np.ndarray, " E"] | None = None
    positions: Num[np.ndarray, "N d"] | None = None
    names: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    link_attributes: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    summary: Summary | None = None

    def __post_init__(self) -> None:
        n = self.n_agents
        if not 1 <= n <= MAX_AGENTS:
            raise TopologyError(f"n_agents: expected 1 … {MAX_AGENTS:,}, got {n}")
        sources, targets = _whole(self.sources).reshape(-1), _whole(self.targets).reshape(-1)
        if sources.shape != targets.shape:
            raise TopologyError(f"edges: expected as many sources as targets, got {len(sources)} and {len(targets)}")
        names = _names(self.names, n)
        for ends in (sources, targets):
            _check_agents(ends, n)
        if np.any(sources == targets):
            agent = names[sources[sources == targets][0]]
            raise TopologyError(
                f"edges: agent {agent} is linked to itself; hearing oneself is `agent.self_talk`, not an edge"
            )
        order = None
        if are_ordered(sources, targets):  # as many graphs are made
            sources, targets = sources.copy(), targets.copy()  # nobody else can change them
        else:
            order = order_of(sources, targets, n)
            sources, targets = sources[order], targets[order]
        twice = (sources[1:] == sources[:-1]) & (targets[1:] == targets[:-1])
        if twice.any():
            source, target = names[sources[1:][twice][0]], names[targets[1:][twice][0]]
            raise TopologyError(f"edges: {source} → {target} is there twice")
        object.__setattr__(self, "sources", sources)
        object.__setattr__(self, "targets", targets)
        object.__setattr__(self, "weights", _weights(self.weights, len(sources), order))
        object.__setattr__(self, "positions", _positions(self.positions, n))
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "attributes", _attributes(self.attributes, n))
        about = _attributes(self.link_attributes, len(sources), what="link attribute")
        if order is not None and about:
            numbers = order.tolist()
            about = {key: tuple(values[one] for one in numbers) for key, values in about.items()}
        object.__setattr__(self, "link_attributes", about)

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
        codes, opposite = self.sources * self.n_agents + self.targets, self.targets * self.n_agents + self.sources
        if not np.array_equal(codes, np.sort(opposite)):
            return False
        if self.weights is None:
            return True
        return np.array_equal(self.weights, self.weights[order_of(self.targets, self.sources, self.n_agents)])

    def __repr__(self) -> str:
        return f"<Topology: {self.n_agents:,} agents, {self._links}>"

    @property
    def _links(self) -> str:
        n, which = (
            (self.n_edges // 2, " in both directions") if self.is_symmetric else (self.n_edges, " in one direction")
        )
        return f"{n:,} link{'' if n == 1 else 's'}{which}"

    def _repr_html_(self) -> str:
        """Return a table of agents, links and attributes, for notebooks."""
        degrees = self.out_degrees
        heard = f"{degrees.min()} … {degrees.max()} others, {degrees.mean():.2f} on average" if self.n_agents else ""
        facts = {
            "agents": f"{self.n_agents:,}",
            "links": self._links,
            "an agent is heard by": heard,
            "weights": "all alike" if self.weights is None else f"{self.weights.min():.4g} … {self.weights.max():.4g}",
            "attributes of agents": ", ".join(map(str, self.attributes)),
            "attributes of links": ", ".join(map(str, self.link_attributes)),
        }
        return summary_html("Topology", facts)

    def with_summary(self, summary: Summary) -> Topology:
        """Return the same graph with a summary."""
        told = copy(self)
        object.__setattr__(told, "summary", summary)
        return told

    def adjacency(self) -> NDArray[np.bool_]:
        """Return the boolean matrix `[N, N]` with True where row may be heard by column."""
        matrix = np.zeros((self.n_agents, self.n_agents), dtype=bool)
        matrix[self.sources, self.targets] = True
        return matrix

    def with_edges(
        self, sources: NDArray[np.int64], targets: NDArray[np.int64], *, weights: NDArray[np.float64] | None = None
    ) -> Topology:
        """Return the same agents with other edges, of which nothing is known but their weights."""
        return replace(self, sources=sources, targets=targets, weights=weights, link_attributes={})

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
        pairs = _whole(pairs)
        if pairs.size and (pairs.ndim != 2 or pairs.shape[1] != 2):
            raise TopologyError(f"edges: expected pairs [P, 2], got an array of shape {pairs.shape}")
        pairs = pairs.reshape(-1, 2)
        _check_agents(pairs, n_agents)
        one, other = pairs.T
        codes = np.concatenate([one * n_agents + other, other * n_agents + one])
        codes.sort()  # np.unique of so many numbers takes twenty times as long
        codes = codes[np.concatenate([[True], codes[1:] > codes[:-1]])[: len(codes)]]
        sources = codes // max(n_agents, 1)
        return cls(n_agents, sources, codes - sources * n_agents, positions=positions)

    @classmethod
    def from_neighbours(
        cls, neighbours: NDArray[np.int64], *, positions: NDArray[np.float64] | None = None
    ) -> Topology:
        """Return the topology in which each agent hears, and is heard by, the agents of its row of `neighbours [N, k]`.

        If j is in row i, i has to be in row j. An agent that is there twice counts once. O(N k) where most rows
        increase.
        """
        n_agents, k = neighbours.shape
        rows, falls = neighbours.copy(), (neighbours[:, 1:] < neighbours[:, :-1]).any(axis=1)
        rows[falls] = np.sort(rows[falls], axis=1)
        sources, targets = np.repeat(np.arange(n_agents), k), rows.ravel()
        twice = (targets[1:] == targets[:-1]) & (sources[1:] == sources[:-1])
        if twice.any():
            once = np.concatenate([[True], ~twice])
            sources, targets = sources[once], targets[once]
        return cls(n_agents, sources, targets, positions=positions)

    @classmethod
    def from_networkx(cls, graph: nx.Graph, *, positions: NDArray[np.float64] | None = None) -> Topology:
        """Return the topology of any networkx graph, nodes in the graph's own order.

        An undirected edge becomes two directed ones; an edge of a directed graph from i to j means that j hears i.
        Parallel edges are merged (their weights added; another attribute is kept where all have the same value) and
        self-loops are refused. Attributes of nodes and edges are kept; where every node has one of up to three
        numbers, the node attribute `pos` becomes the positions, and `name`, if no two are alike, the names (else the
        nodes themselves are the names).
        """
        nodes = list(graph.nodes)
        number = {node: index for index, node in enumerate(nodes)}
        listed = list(graph.edges(data=True))
        ends = np.array([(number[one], number[other]) for one, other, _ in listed], dtype=np.int64).reshape(-1, 2)
        weights = None
        if any("weight" in data for *_, data in listed):
            weights = np.array([_number(data.get("weight", 1.0), one, other) for one, other, data in listed])
        known = dict.fromkeys(key for *_, data in listed for key in data if key != "weight")
        links = ListedLinks(ends, weights, {str(key): [data.get(key) for *_, data in listed] for key in known})
        if not graph.is_directed():
            links = links.in_order_of_numbers()
        if len(links.repeated(len(nodes))):
            links = links.merged(len(nodes), add=True)  # links side by side weigh more than one
        if not graph.is_directed():
            links = links.both_ways(np.ones(len(links), dtype=bool))
        keys = dict.fromkeys(key for _, data in graph.nodes(data=True) for key in data)
        attributes = {str(key): tuple(graph.nodes[node].get(key) for node in nodes) for key in keys}
        there = [place for place in attributes.get("pos", ()) if place is not None]
        if positions is None and (places := points(there)) is not None:
            positions = places if len(places) == len(nodes) else None
            del attributes["pos"]
        labels = attributes.get("name", (None,))
        names = nodes if None in labels or len(set(map(str, labels))) < len(nodes) else labels
        return cls(
            len(nodes),
            links.ends[:, 0],
            links.ends[:, 1],
            weights=links.weights,
            positions=positions,
            names=tuple(str(name) for name in names),
            attributes=_own_names({key: values for key, values in attributes.items() if values is not names}),
            link_attributes={key: tuple(values) for key, values in links.attributes.items()},
        )

    def to_networkx(self) -> nx.DiGraph:
        """Return a directed networkx graph, agents 0 … N − 1 with `name`, `pos` and their attributes.

        An attribute that is called name itself, or pos beside positions, is `attribute:name` or `attribute:pos`.
        `from_networkx` turns it back into the same topology.
        """
        graph = nx.DiGraph()
        taken = ("name",) if self.positions is None else ("name", "pos")
        for agent in range(self.n_agents):
            known = {written_name(key, taken): values[agent] for key, values in self.attributes.items()}
            place = {} if self.positions is None else {"pos": tuple(self.positions[agent].tolist())}
            graph.add_node(agent)
            about = {key: value for key, value in known.items() if value is not None}
            graph.nodes[agent].update(about | place | {"name": self.names[agent]})
        graph.add_edges_from(zip(self.sources.tolist(), self.targets.tolist(), strict=True))
        columns = dict(self.link_attributes)
        if self.weights is not None:
            columns["weight"] = tuple(self.weights.tolist())
        for key, values in columns.items():
            for about, value in zip((about for *_, about in graph.edges(data=True)), values, strict=True):
                if value is not None:
                    about[key] = value
        return graph


def _whole(ends: Any) -> NDArray[np.int64]:
    """Return ends of edges as int64; `TopologyError` for fractions, masked values and what is no number."""
    if np.ma.isMaskedArray(ends) and np.ma.getmaskarray(ends).any():
        raise TopologyError("edges: expected numbers of agents without a mask, got masked ones")
    given = np.asarray(ends)
    if given.dtype.kind not in "iu" and given.size:
        wrong = given if given.dtype.kind != "f" else given[~(np.isfinite(given) & (given % 1 == 0))]
        if wrong.size:
            raise TopologyError(f"edges: expected numbers of agents, got {wrong.ravel()[0]!s}")
    return given.astype(np.int64, copy=False)


def _check_agents(ends: NDArray[np.int64], n: int) -> None:
    if ends.size and (ends.min() < 0 or ends.max() >= n):
        wrong = ends[(ends < 0) | (ends >= n)][0]
        raise TopologyError(f"edges: expected agents 0 … {n - 1}, got {wrong}")


def _number(weight: Any, source: Any, target: Any) -> float:
    try:
        return float(weight)
    except (TypeError, ValueError):
        raise TopologyError(f"weight of edge {source!r}–{target!r}: expected a number, got {weight!r}") from None


def _weights(weights: np.ndarray | None, n_edges: int, order: NDArray[np.int64] | None) -> NDArray[np.float64] | None:
    if weights is None:
        return None
    values = np.array(weights, dtype=np.float64).reshape(-1)
    if len(values) != n_edges:
        raise TopologyError(f"weights: expected one per edge ({n_edges}), got {len(values)}")
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        raise TopologyError(f"weights: expected finite numbers above 0, got {values[wrong][0]}")
    return values if order is None else values[order]


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
    labels = tuple(map(str, names))
    if not labels:
        return tuple(map(str, range(n)))
    if len(labels) != n:
        raise TopologyError(f"names: expected {n}, got {len(labels)}")
    if len(set(labels)) < n:
        twice, times = Counter(labels).most_common(1)[0]
        raise TopologyError(f"names: expected every one once, got {twice!r} {times} times")
    return labels


def _attributes(
    attributes: Mapping[str, Sequence[Any]], n: int, *, what: str = "attribute"
) -> dict[str, tuple[Any, ...]]:
    for key, values in attributes.items():
        if len(values) != n:
            raise TopologyError(f"{what} {key!r}: expected {n} values, got {len(values)}")
    return {key: tuple(map(without_numpy, values)) for key, values in attributes.items()}


def _own_names(attributes: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """Return attributes under the names that they had before `to_networkx`."""
    return {own_name(key, tuple(attributes)): values for key, values in attributes.items()}
