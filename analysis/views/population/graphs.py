"""The communication graph of a run, with measures of its agents and edges, as GraphML and GEXF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.dialects import dialects_over_time
from hubbub.analysis.figures.layout import layout
from hubbub.analysis.figures.style import colour
from hubbub.analysis.hubs import hubs_over_time, success_of_agents
from hubbub.analysis.text import printable
from hubbub.analysis.views.population.spells import Spell, edge_spells, value_spells
from hubbub.analysis.views.population.tables import agent_columns, edge_columns
from hubbub.formats.gexf import gexf
from hubbub.formats.graph_data import GraphData
from hubbub.formats.graphml import graphml

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

RESERVED = ("label", "viz")
"""Names of attributes of the source graph that stand for something else here; they are written as source_NAME."""


def graphml_files(run: Run) -> Iterator[tuple[str, bytes]]:
    """Yield the graph as GraphML."""
    yield "graph.graphml", graphml(_graph(run), label="label")


def gexf_files(run: Run) -> Iterator[tuple[str, bytes]]:
    """Yield the graph as GEXF, static and dynamic; agents have the positions and the colours (dialects) of the report.

    `graph.gexf` is the graph at the last lexicon. `dynamic.gexf` has every edge of any step, with the times at which it
    existed, and the same attributes. Attributes with "over time" in their names are the dialect, the success as speaker
    and as listener at every lexicon, and the number of links at every change. Time is the training step. `dynamic.gexf`
    read as a topology is `graph.gexf`; at an earlier moment it is the graph of that step.
    """
    courses = _courses(run)
    graph = _placed(_graph(run), run)
    links = [[value for value, *_ in course][-1] for course in courses["links"]]
    graph = replace(graph, attributes={**graph.attributes, "links": links})
    yield "graph.gexf", gexf(graph)
    yield "dynamic.gexf", gexf(_in_time(graph, run, courses))


def _placed(graph: GraphData, run: Run) -> GraphData:
    """Return the graph with the position, the colour and the size of every agent."""
    places = run.agents().positions
    if places is None or places.shape[1] != 2:
        places = layout(graph.ends, len(graph.labels))
    colours = [colour(int(dialect) - 1) for dialect in graph.attributes["dialect"]]
    return replace(
        graph,
        positions=500 * places,
        colours=[(int(one[1:3], 16), int(one[3:5], 16), int(one[5:7], 16)) for one in colours],
        sizes=[8.0 + int(degree) for degree in graph.attributes["out_degree"]],
    )


def _in_time(graph: GraphData, run: Run, courses: dict[str, Sequence[Sequence[tuple[Any, float, float]]]]) -> GraphData:
    """Return the graph with every edge of any step, the times of the edges, and of attributes of its agents."""
    spells = edge_spells(run)
    ends = np.array(list(spells), dtype=np.int64).reshape(-1, 2)
    number = {edge: link for link, edge in enumerate(map(tuple, graph.ends.tolist()))}
    known = [number.get(edge) for edge in spells]
    links = {
        name: [None if link is None else values[link] for link in known]
        for name, values in graph.link_attributes.items()
    }
    weights = graph.weights
    return replace(
        graph,
        ends=ends,
        link_attributes=links,
        weights=None if weights is None else [np.nan if link is None else float(weights[link]) for link in known],
        spells=list(spells.values()),
        courses={f"{name} over time": course for name, course in courses.items()},
    )


def _courses(run: Run) -> dict[str, Sequence[Sequence[tuple[Any, float, float]]]]:
    """Return the values that attributes of the agents had, with the times of each."""
    recorded = [success_of_agents(run.lexicon(step).splits["train"].success) for step in run.lexicon_steps()]
    steps, hubs = np.array(run.lexicon_steps()), hubs_over_time(run)
    measured: dict[str, tuple[NDArray[np.int64], NDArray[Any]]] = {
        "dialect": (steps, dialects_over_time(run).labels + 1),
        "success_as_speaker": (steps, np.array([speaker for speaker, _ in recorded])),
        "success_as_listener": (steps, np.array([listener for _, listener in recorded])),
        "links": (hubs.steps, hubs.degrees),
    }
    return {
        name: [_timed(course, value_spells(times)) for course in values.T.tolist()]
        for name, (times, values) in measured.items()
    }


def _timed(course: list[Any], spells: list[Spell]) -> list[tuple[Any, float, float]]:
    return [(value, *spell) for value, spell in zip(course, spells, strict=True) if value == value]


def _graph(run: Run) -> GraphData:
    """Return the graph of agents 0 … N − 1; the columns of the agent and edge tables are its attributes."""
    agents, edges = agent_columns(run), edge_columns(run)
    del agents["agent"]
    labels = [printable(name) for name in agents.pop("name")]
    ends = np.column_stack([edges.pop("source"), edges.pop("target")])
    weights = None if run.edge_weights() is None else edges.pop("weight")
    return GraphData(
        labels=labels,
        ends=ends,
        directed=True,
        weights=weights,
        attributes={
            f"source_{name}" if name in RESERVED else printable(name): _clean(of) for name, of in agents.items()
        },
        link_attributes={printable(name): _clean(values) for name, values in edges.items()},
    )


def _clean(values: Sequence[Any] | NDArray[Any]) -> list[Any]:
    return [printable(value) if isinstance(value, str) else value for value in values]
