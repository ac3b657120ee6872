"""From the nodes, edges and columns of a GraphML file to what it says of a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Int

from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.groups import Nesting, free_name, linked_agents, renumbered, taken
from hubbub.simulator.topology.files.labels import Columns, named, placed, weight_of, with_own_names
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.sparse_column import SparseColumn
from hubbub.simulator.topology.files.yed import Graphics


@dataclass(frozen=True)
class GraphmlParts:
    """N nodes and E edges with their columns, as the file lists them.

    Attributes
    ----------
    ids
        `[N]`.
    ends
        Numbers of the nodes at both ends, `[E, 2]`.
    directed
        `[E]`.
    nesting
        Which node lies in which.
    node_columns, edge_columns
        Attributes, with their names, in the order of the keys.
    graphics
        Labels and places that yEd shows; those of edges are labels only.
    left_out
        What is not used.
    """

    ids: Sequence[str]
    ends: Int[np.ndarray, "E 2"]
    directed: Bool[np.ndarray, " E"]
    nesting: Nesting
    node_columns: Sequence[SparseColumn]
    edge_columns: Sequence[SparseColumn]
    graphics: Sequence[Graphics]
    edge_graphics: Sequence[Graphics]
    left_out: tuple[str, ...]


def graphml_contents(parts: GraphmlParts, options: ReadOptions) -> Contents:
    """Return the contents; names and places are chosen among the agents, after groups are left out."""
    n_nodes, n_edges = len(parts.ids), len(parts.ends)
    agents = parts.nesting.agents(options.groups)
    columns: Columns = {column.name: column.values(n_nodes) for column in parts.node_columns}
    shown = next((_dense(graphics.labels, n_nodes) for graphics in parts.graphics if graphics.labels), [None] * n_nodes)
    places = next((_dense(graphics.places, n_nodes) for graphics in parts.graphics if graphics.places), None)
    attributes: Columns = {**taken(columns, agents)}
    labels: dict[str, tuple[str, Sequence[Any]]] = {"": ("labels of yEd", [shown[agent] for agent in agents.tolist()])}
    labels |= {key: (f"node attribute {key!r}", attributes[key]) for key in ("name", "label") if key in attributes}
    names, names_from, used = named([parts.ids[agent] for agent in agents.tolist()], labels)
    if used:
        del attributes[used]
    elif used is None and any(labels[""][1]):
        attributes.setdefault("label", labels[""][1])
    if places is not None and None not in (seen := [places[agent] for agent in agents.tolist()]):
        positions: Any = np.array(seen, dtype=np.float64)
    else:
        positions, attributes = placed(attributes)
    if options.groups == "attribute":
        captions = [_first(*said) for said in zip(shown, columns.get("name", shown), parts.ids, strict=True)]
        attributes[free_name(attributes)] = [parts.nesting.attribute(captions)[agent] for agent in agents.tolist()]
    weight = _weight(parts.edge_columns, n_edges)
    about = _link_attributes(parts, weight, n_edges)
    wanted = weight is not None and options.wants_weight(weight.name)
    weights = weight.numbers(n_edges, missing=1.0) if weight is not None and wanted else None
    return linked_agents(
        Contents(
            format="GraphML",
            names=names,
            names_from=names_from,
            links=renumbered(parts.ends, agents, n_nodes),
            directed=parts.directed
            if parts.directed.any() and not parts.directed.all()
            else bool(parts.directed.any()),
            weights=weights,
            weights_from="" if weight is None or not wanted else f"link attribute {weight.name!r}",
            attributes=with_own_names(attributes),
            link_attributes=with_own_names(about),
            positions=positions,
            left_out=(*parts.left_out, *([] if weight is None or wanted else [weight.name])),
        ),
        parts.nesting,
        options.groups,
    )


def _link_attributes(parts: GraphmlParts, weight: SparseColumn | None, n_edges: int) -> Columns:
    links: Columns = {column.name: column.values(n_edges) for column in parts.edge_columns if column is not weight}
    for graphics in parts.edge_graphics:
        if graphics.labels:
            links.setdefault("label", _dense(graphics.labels, n_edges))
    return links


def _weight(columns: Sequence[SparseColumn], n_edges: int) -> SparseColumn | None:
    known = {column.name: column for column in columns if column.name.lower() == "weight"}
    name = weight_of({name: () if name == "weight" else column.values(n_edges) for name, column in known.items()})
    return None if name is None else known[name]


def _dense(values: Mapping[int, Any], n: int) -> list[Any]:
    return [values.get(row) for row in range(n)]


def _first(*said: Any) -> str:
    return str(next(one for one in said if one is not None))
