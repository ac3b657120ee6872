"""The communication graph of a run with what was measured on it, as GraphML and GEXF."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.export.tables import agent_columns, edge_columns
from analysis.figures.layout import layout
from analysis.figures.style import colour
from analysis.text import printable

if TYPE_CHECKING:
    import networkx as nx

    from simulator.store import Run


def graphml_files(run: Run) -> Iterator[tuple[str, bytes]]:
    """Yield the graph as GraphML."""
    import networkx as nx

    file = BytesIO()
    nx.write_graphml(_graph(run), file)
    yield "graph.graphml", file.getvalue()


def gexf_files(run: Run) -> Iterator[tuple[str, bytes]]:
    """Yield the graph as GEXF, its agents placed, and coloured by dialect, as in the report."""
    import networkx as nx

    graph = _graph(run)
    places = run.agents().positions
    if places is None or places.shape[1] != 2:
        places = layout(np.array(graph.edges, dtype=np.int64).reshape(-1, 2), len(graph))
    for agent, (x, y) in enumerate(places.tolist()):
        node = graph.nodes[agent]
        red, green, blue = (int(colour(node["dialect"] - 1)[i : i + 2], 16) for i in (1, 3, 5))
        node["viz"] = {
            "position": {"x": 500 * x, "y": 500 * y, "z": 0.0},
            "color": {"r": red, "g": green, "b": blue, "a": 1.0},
            "size": 8.0 + node["out_degree"],
        }
    file = BytesIO()
    nx.write_gexf(graph, file)
    yield "graph.gexf", file.getvalue()


def _graph(run: Run) -> nx.DiGraph:
    """Return the graph, agents 0 … N − 1, the columns of the agent and edge tables as its attributes."""
    import networkx as nx

    agents, edges = agent_columns(run), edge_columns(run)
    n_agents = len(agents.pop("agent"))
    agents["label"] = agents.pop("name")
    graph = nx.DiGraph()
    graph.add_nodes_from((agent, _known(agents, agent)) for agent in range(n_agents))
    pairs = zip(edges.pop("source").tolist(), edges.pop("target").tolist(), strict=True)
    graph.add_edges_from((source, target, _known(edges, edge)) for edge, (source, target) in enumerate(pairs))
    return graph


def _known(columns: dict[str, Any], row: int) -> dict[str, Any]:
    """Return the values of one row that are there: what is None or NaN is left out."""
    values = {printable(key): column[row] for key, column in columns.items()}
    plain = {key: value.item() if isinstance(value, np.generic) else value for key, value in values.items()}
    return {
        key: printable(value) if isinstance(value, str) else value
        for key, value in plain.items()
        if value is not None and value == value
    }
