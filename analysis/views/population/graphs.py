"""The communication graph of a run, with measures of its agents and edges, as GraphML and GEXF."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.dialects import dialects_over_time
from hubbub.analysis.figures.layout import layout
from hubbub.analysis.figures.style import colour
from hubbub.analysis.hubs import hubs_over_time, success_of_agents
from hubbub.analysis.text import printable
from hubbub.analysis.views.population.spells import edge_spells, value_spells
from hubbub.analysis.views.population.tables import agent_columns, edge_columns

if TYPE_CHECKING:
    import networkx as nx

    from hubbub.simulator.store import Run


def graphml_files(run: Run) -> Iterator[tuple[str, bytes]]:
    """Yield the graph as GraphML."""
    import networkx as nx

    file = BytesIO()
    nx.write_graphml(_graph(run), file)
    yield "graph.graphml", file.getvalue()


def gexf_files(run: Run) -> Iterator[tuple[str, bytes]]:
    """Yield the graph as GEXF, static and dynamic; agents have the positions and the colours (dialects) of the report.

    `graph.gexf` is the graph at the last lexicon. `dynamic.gexf` has every edge of any step, with the times at which it
    existed, and the same attributes. Attributes with "over time" in their names are the dialect, the success as speaker
    and as listener at every lexicon, and the number of links at every change. Time is the training step.
    """
    graph = _placed(_graph(run), run)
    yield "graph.gexf", _gexf(graph)
    yield "dynamic.gexf", _gexf(_in_time(graph, run))


def _gexf(graph: nx.DiGraph) -> bytes:
    import networkx as nx

    file = BytesIO()
    nx.write_gexf(graph, file)
    return file.getvalue()


def _placed(graph: nx.DiGraph, run: Run) -> nx.DiGraph:
    """Return the graph with the position, the colour and the size of every agent."""
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
    return graph


def _in_time(graph: nx.DiGraph, run: Run) -> nx.DiGraph:
    """Return the graph with the times of its edges, and of attributes of its agents."""
    for (source, target), spells in edge_spells(run).items():
        graph.add_edge(source, target, spells=spells)
    recorded = [success_of_agents(run.lexicon(step).splits["train"].success) for step in run.lexicon_steps()]
    steps, hubs = np.array(run.lexicon_steps()), hubs_over_time(run)
    courses: dict[str, tuple[NDArray[np.int64], NDArray[Any]]] = {
        "dialect": (steps, dialects_over_time(run).labels + 1),
        "success_as_speaker": (steps, np.array([speaker for speaker, _ in recorded])),
        "success_as_listener": (steps, np.array([listener for _, listener in recorded])),
        "links": (hubs.steps, hubs.degrees),
    }
    for name, (times, values) in courses.items():
        spells = value_spells(times)
        for agent, course in enumerate(values.T.tolist()):
            known = [(value, *spell) for value, spell in zip(course, spells, strict=True) if value == value]
            if known:
                graph.nodes[agent][f"{name} over time"] = known
    graph.graph["mode"] = "dynamic"
    return graph


def _graph(run: Run) -> nx.DiGraph:
    """Return the graph of agents 0 … N − 1; the columns of the agent and edge tables are its attributes."""
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
    """Return the values of one row; None and NaN are left out."""
    values = {printable(key): column[row] for key, column in columns.items()}
    plain = {key: value.item() if isinstance(value, np.generic) else value for key, value in values.items()}
    return {
        key: printable(value) if isinstance(value, str) else value
        for key, value in plain.items()
        if value is not None and value == value
    }
