"""A graph from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.files import read_topology
from hubbub.simulator.topology.graph import Topology


@topology("file")
def file(
    path: Path,
    *,
    format: str | None = None,
    directed: bool | None = None,
    undirected: bool = False,
    source: str | int | None = None,
    target: str | int | None = None,
    heading: bool | None = None,
    weight: str | int | None = None,
    time: str | int | None = None,
    at: float | str | None = None,
    self_loops: Literal["refuse", "drop"] = "refuse",
    zero_weights: Literal["refuse", "drop"] = "refuse",
    parallel: Literal["add", "once", "refuse"] | None = None,
    component: Literal["all", "largest"] = "all",
    groups: Literal["drop", "attribute", "agents"] = "drop",
    people: Path | None = None,
    key: str | int | None = None,
) -> Topology:
    """Return the graph of a file, with its names, attributes, weights and positions.

    Suffix and look of the file tell its format, or `format` does. `directed` says whether a line "source target" of a
    table, list or matrix is one link or, by default, a link both ways; other formats say it themselves. `undirected`
    ignores directions. `source`, `target`, `weight` and `time` name columns of an edge table, or number them from 1;
    `weight` and `time` may also name an attribute of the links of another format. `at` chooses a moment of links with
    time. `groups` says whether groups of nodes, as yEd draws them, are agents. `people` is a table with attributes of
    the agents, whose column `key` has their names. See `hubbub.simulator.topology.files.options.ReadOptions`.
    """
    return read_topology(
        path,
        format=format,
        directed=directed,
        undirected=undirected,
        source=source,
        target=target,
        heading=heading,
        weight=weight,
        time=time,
        at=at,
        self_loops=self_loops,
        zero_weights=zero_weights,
        parallel=parallel,
        component=component,
        groups=groups,
        people=people,
        key=key,
    )
