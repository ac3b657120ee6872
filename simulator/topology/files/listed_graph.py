"""A graph as two lists, of nodes and of links, each with a dictionary of attributes: what JSON and GML files hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files import limits
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.groups import Nesting, free_name, linked_agents, renumbered, taken
from hubbub.simulator.topology.files.labels import Columns, are_numbers, named, placed, with_own_names
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.sparse_column import no_weight

Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class ListedGraph:
    """N nodes and E links.

    Attributes
    ----------
    ids
        One per node, as the links name them; no two are alike.
    nodes, links
        Attributes of each node, and (source, target, attributes) of each link.
    directed
        Whether links have a direction, for all or for each.
    parents, groups
        The id of the node that contains a node, and the ids of those that are marked as groups.
    left_out
        What is not used.
    """

    ids: Sequence[Any]
    nodes: Sequence[Attributes]
    links: Sequence[tuple[Any, Any, Attributes]]
    directed: bool | Sequence[bool]
    parents: Mapping[Any, Any] = field(default_factory=dict)
    groups: frozenset[Any] = frozenset()
    left_out: tuple[str, ...] = ()


def contents_of_lists(
    graph: ListedGraph,
    *,
    format: str,
    weight: Sequence[str] = ("weight",),
    label: Sequence[str] = ("name", "label"),
    options: ReadOptions,
) -> Contents:
    """Return the contents; the first attribute of `weight` that links have gives the weights, names are as in GraphML.

    Raises
    ------
    TopologyError
        If two nodes have the same id, a link ends at no node, or a weight is no number.
    """
    limits.check_size("nodes", len(graph.ids), limits.MAX_AGENTS)
    limits.check_size("edges", len(graph.links), limits.MAX_EDGES)
    number = {key: row for row, key in enumerate(graph.ids)}
    if len(number) < len(graph.ids):
        twice = next(key for row, key in enumerate(graph.ids) if number[key] != row)
        raise TopologyError(f"the node {twice!r:.60} is there twice")
    ends = np.array([[_row(number, end) for end in link[:2]] for link in graph.links], dtype=np.int64).reshape(-1, 2)
    nesting = Nesting(
        np.array([number.get(graph.parents.get(key), -1) for key in graph.ids], dtype=np.int64),
        np.array([key in graph.groups for key in graph.ids], dtype=bool),
    )
    groups = options.groups
    agents = nesting.agents(groups)
    attributes: Columns = {**taken(columns_of(graph.nodes), agents)}
    ids = [str(graph.ids[agent]) for agent in agents.tolist()]
    labels: dict[str, tuple[str, Sequence[Any]]]
    labels = {key: (f"node attribute {key!r}", attributes[key]) for key in label if key in attributes}
    names, names_from, used = named(ids, labels)
    if used is not None:
        del attributes[used]
    positions, attributes = placed(attributes)
    if groups == "attribute":
        captions = [str(node.get("label", key)) for node, key in zip(graph.nodes, graph.ids, strict=True)]
        attributes[free_name(attributes)] = [nesting.attribute(captions)[agent] for agent in agents.tolist()]
    links = columns_of([about for _, _, about in graph.links])
    weights_from = next((key for key in weight if key in links and (key == "weight" or are_numbers(links[key]))), None)
    left_out, given = graph.left_out, links.pop(weights_from) if weights_from is not None else []
    if weights_from is not None and not options.wants_weight(weights_from):
        left_out, weights_from = (*left_out, weights_from), None
    weights = None if weights_from is None else _numbers(given, weights_from)
    directed = graph.directed
    return linked_agents(
        Contents(
            format=format,
            names=names,
            names_from=names_from,
            links=renumbered(ends, agents, len(graph.ids)),
            directed=directed if isinstance(directed, bool) else np.array(directed, dtype=bool),
            weights=weights,
            weights_from="" if weights_from is None else f"link attribute {weights_from!r}",
            attributes=with_own_names(attributes),
            link_attributes=with_own_names(links),
            positions=positions,
            left_out=left_out,
        ),
        nesting,
        groups,
    )


def columns_of(rows: Sequence[Attributes]) -> dict[str, list[Any]]:
    """Return attribute name → one value per row, None where it says nothing; NaN says nothing."""
    keys = dict.fromkeys(key for row in rows for key in row)
    columns = {str(key): [row.get(key) for row in rows] for key in keys}
    return {key: [None if value != value else value for value in values] for key, values in columns.items()}


def _row(number: Mapping[Any, int], end: Any) -> int:
    try:
        return number[end]
    except (KeyError, TypeError):
        raise TopologyError(f"expected edges between nodes of the graph, got one that ends at {end!r:.60}") from None


def _numbers(values: Sequence[Any], name: str) -> np.ndarray:
    weights = np.ones(len(values))
    for link, value in enumerate(values):
        try:
            weights[link] = 1.0 if value is None else float(value)
        except (TypeError, ValueError, OverflowError):
            raise TopologyError(no_weight(name, f"{value!r:.60}")) from None
    return weights
