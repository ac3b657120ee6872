"""From the nodes, links, values and times of a GEXF file to what it says of a graph at one moment."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Bool, Int

from hubbub.formats.graph_data import COURSE
from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.groups import Nesting, free_name, renumbered, taken
from hubbub.simulator.topology.files.labels import Columns, named, weight_of, with_own_names
from hubbub.simulator.topology.files.lifetimes import Lifetimes, Stretch, are_dates, last_moment, there
from hubbub.simulator.topology.files.moments import Moment, contents_with, spelled, stretch_from
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.sparse_column import SparseColumn
from hubbub.simulator.topology.files.typed_values import converted, converter


@dataclass
class Elements:
    """What a file says of its nodes, or of its links.

    Attributes
    ----------
    columns
        Attributes by their keys; values that have times are not in them.
    lives, spells
        Times of the elements themselves; where an element has spells, they count.
    valid, timed
        Times of values, by element, and key and text of each of these values.
    """

    columns: dict[str, SparseColumn] = field(default_factory=dict)
    lives: Lifetimes = field(default_factory=Lifetimes)
    spells: Lifetimes = field(default_factory=Lifetimes)
    valid: Lifetimes = field(default_factory=Lifetimes)
    timed: list[tuple[str, str]] = field(default_factory=list)

    def own_times(self) -> Lifetimes:
        """Return the times of the elements."""
        return self.lives.without(set(self.spells.rows)).joined(self.spells) if self.spells.rows else self.lives


@dataclass(frozen=True)
class GexfParts:
    """N nodes and E links, as the file lists them.

    Attributes
    ----------
    ids, labels, parents
        Of each node; a parent is the number of the node around it, −1 where there is none, `[N]`.
    ends, directed
        Numbers of the nodes at both ends of each link, `[E, 2]`, and whether it has a direction, `[E]`.
    nodes, edges
        Attributes and times.
    weights, about_edges
        What stands at the links themselves.
    places
        Number of a node → its place.
    left_out
        What is not used.
    """

    ids: Sequence[str]
    labels: Sequence[str | None]
    parents: Int[np.ndarray, " N"]
    ends: Int[np.ndarray, "E 2"]
    directed: Bool[np.ndarray, " E"]
    nodes: Elements
    edges: Elements
    weights: SparseColumn
    about_edges: Mapping[str, SparseColumn]
    places: Mapping[int, tuple[float, ...]]
    left_out: tuple[str, ...]


def gexf_contents(parts: GexfParts, options: ReadOptions) -> Contents:
    """Return the contents at the moment or during the stretch of time that the options name."""
    n_nodes, n_edges = len(parts.ids), len(parts.ends)
    times = _Times(parts)
    stretch = times.stretch(options.at)
    nodes_there, edges_there = times.there(stretch)
    nesting = Nesting(parts.parents, np.zeros(n_nodes, dtype=bool))
    agents = np.flatnonzero(nodes_there)
    columns = _at(parts.nodes, n_nodes, times.of_node_values, stretch)
    attributes: Columns = {**taken(columns, agents)}
    ids = [parts.ids[agent] for agent in agents.tolist()]
    labels = [parts.labels[agent] for agent in agents.tolist()]
    known: dict[str, tuple[str, Sequence[Any]]] = {}
    if "name" in attributes:
        known["name"] = "node attribute 'name'", attributes["name"]
    names, names_from, used = named(ids, known | {"": ("node labels", labels)})
    if used == "name":
        del attributes["name"]
    if used != "" and any(label is not None for label in labels) and labels != ids:
        attributes.setdefault("label", labels)
    left_out = parts.left_out
    if options.groups == "attribute":
        captions = [one if one is not None else other for one, other in zip(parts.labels, parts.ids, strict=True)]
        attributes[free_name(attributes)] = [nesting.attribute(captions)[agent] for agent in agents.tolist()]
    elif (parts.parents >= 0).any():
        left_out = (*left_out, "pid (topology.groups=attribute keeps it)")
    links = _at(parts.edges, n_edges, times.of_edge_values, stretch)
    name = weight_of(links)
    if options.wants_weight(name or "weight"):
        weights, weights_from, links = _weights(parts, links, n_edges)
    else:
        weights, weights_from = None, ""
        left_out = left_out if name is None and parts.weights.is_empty() else (*left_out, name or "weight")
        links = {key: said for key, said in links.items() if key != name}
    for name, column in parts.about_edges.items():
        if not column.is_empty():
            links.setdefault(name, column.values(n_edges))
    ends = renumbered(parts.ends, agents, n_nodes)
    kept = edges_there & (ends >= 0).all(axis=1)
    directed = parts.directed
    contents = Contents(
        format="GEXF",
        names=names,
        names_from=names_from,
        links=ends,
        directed=directed if directed.any() and not directed.all() else bool(directed.any()),
        weights=weights,
        weights_from=weights_from,
        attributes=with_own_names(attributes),
        link_attributes=with_own_names(links),
        positions=_positions(parts, agents.tolist()),
        left_out=left_out,
        dated=times.dated,
        span=times.span,
        notes=() if stretch is None else (times.note(stretch, len(agents), int(kept.sum())),),
    )
    return contents if kept.all() else contents_with(contents, np.flatnonzero(kept))


class _Times:
    """The times of all parts as numbers."""

    def __init__(self, parts: GexfParts) -> None:
        self._parts = parts
        self._nodes, self._edges = parts.nodes.own_times(), parts.edges.own_times()
        everything = (self._nodes, self._edges, parts.nodes.valid, parts.edges.valid)
        self.dated = are_dates(*everything)
        self._of_nodes, self._of_edges, self.of_node_values, self.of_edge_values = (
            lives.in_numbers(dated=self.dated) for lives in everything
        )
        flat = np.concatenate([self._of_nodes, self._of_edges, self.of_node_values, self.of_edge_values]).ravel()
        self._known = np.unique(flat[np.isfinite(flat)])

    @property
    def span(self) -> tuple[float, float] | None:
        """Return the first and the last moment, None for a graph without time."""
        return (float(self._known[0]), float(self._known[-1])) if len(self._known) else None

    def stretch(self, at: Moment | None) -> Stretch | None:
        """Return the stretch of time that is wanted, None for a graph without time."""
        if not len(self._known):
            if at is not None:
                raise TopologyError("at: expected a file with times, got GEXF without any")
            return None
        last = float(self._known[-1])
        if at is None or "last" in str(at):
            last = last_moment(self._known, self._has_link)
        return stretch_from("last" if at is None else at, float(self._known[0]), last, self.dated)

    def there(self, stretch: Stretch | None) -> tuple[np.ndarray, np.ndarray]:
        """Return which nodes `[N]` and links `[E]` are there."""
        whole = stretch or (-math.inf, math.inf)
        nodes = there(self._nodes.rows, self._of_nodes, len(self._parts.ids), whole)
        return nodes, there(self._edges.rows, self._of_edges, len(self._parts.ends), whole)

    def note(self, stretch: Stretch, agents: int, links: int) -> str:
        """Return in words what is there."""
        moments = " … ".join(dict.fromkeys(spelled(one, self.dated) for one in stretch))
        n_nodes, n_edges = len(self._parts.ids), len(self._parts.ends)
        return f"at {moments}: {links:,} of {n_edges:,} links, {agents:,} of {n_nodes:,} agents (topology.at)"

    def _has_link(self, moment: float) -> bool:
        nodes, edges = self.there((moment, moment))
        return bool((edges & nodes[self._parts.ends].all(axis=1)).any())


def _at(elements: Elements, n: int, times: np.ndarray, stretch: Stretch | None) -> Columns:
    """Return all attributes, those with times as they are in the stretch: the last value that is there."""
    courses: dict[str, list[int]] = {}
    for entry, (key, _) in enumerate(elements.timed):
        courses.setdefault(key, []).append(entry)
    found: Columns = {}
    for key, column in elements.columns.items():
        if column.is_empty() and key not in courses:
            continue
        values = column.values(n)
        entries = courses.get(key, [])
        texts = [elements.timed[entry][1] for entry in entries]
        said = dict(
            zip(entries, converted(texts, converter(column.declared), what=f"attribute {column.name!r}"), strict=True)
        )
        for entry in entries:
            values[elements.valid.rows[entry]] = None
        first, last = stretch or (-math.inf, math.inf)
        for entry in sorted(entries, key=lambda one: tuple(times[one])):
            if times[entry, 0] <= last and times[entry, 1] >= first:
                values[elements.valid.rows[entry]] = said[entry]
        found[column.name] = values
    for name in [name for name in found if name.endswith(COURSE) and name.removesuffix(COURSE) in found]:
        found[name.removesuffix(COURSE)] = found.pop(name)
    return found


def _weights(parts: GexfParts, links: Columns, n_edges: int) -> tuple[np.ndarray | None, str, Columns]:
    """Return the weights of the links, or of their attribute weight in any case, and the other attributes."""
    name = weight_of(links)
    others = {key: said for key, said in links.items() if key != name}
    if not parts.weights.is_empty():
        weights = parts.weights.numbers(n_edges, missing=1.0)
        timed = {parts.edges.columns[key].name for key, _ in parts.edges.timed}
        if name is None or name not in timed:
            return weights, "link weights", links
        changed = [one if value is None else float(value) for one, value in zip(weights, links[name], strict=True)]
        return np.array(changed, dtype=np.float64), f"link weights, where they change the attribute {name!r}", others
    if name is None:
        return None, "", links
    values = [1.0 if value is None else SparseColumn(name).number(value) for value in links[name]]
    return np.array(values, dtype=np.float64), f"link attribute {name!r}", others


def _positions(parts: GexfParts, agents: list[int]) -> np.ndarray | None:
    if not all(agent in parts.places for agent in agents):
        return None
    positions = np.array([parts.places[agent] for agent in agents], dtype=np.float64).reshape(-1, 3)
    return positions if positions[:, 2].any() else positions[:, :2]
