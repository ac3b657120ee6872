"""Links as they were recorded: contact lists and other graphs with time."""

from __future__ import annotations

import functools
import math
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files.assembly import to_topology
from hubbub.simulator.topology.files.contents import Contents
from hubbub.simulator.topology.files.moments import moment_of
from hubbub.simulator.topology.files.options import ReadOptions
from hubbub.simulator.topology.files.read import contents_and_format
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.rewiring.catalogue import rewiring

MOST_COMPARED = 1000
"""Names among which the nearest is looked for."""


@rewiring("recorded")
def recorded(
    topology: Topology,
    *,
    path: Path,
    time_per_step: Annotated[float, Field(gt=0)],
    window: Annotated[float, Field(ge=0)] = 0,
    start: float | str | None = None,
    format: str | None = None,
    directed: bool | None = None,
    undirected: bool = False,
    source: str | int | None = None,
    target: str | int | None = None,
    time: str | int | None = None,
    parallel: Literal["add", "once"] | None = None,
    self_loops: Literal["refuse", "drop"] = "refuse",
    step: int,
) -> Topology:
    """Give the agents the links that a file has at the moment of the step, and no others.

    Step s is the moment `start` + s × `time_per_step`, in units of the file (seconds for dates); `start` is by default
    the first moment in the file. Links are those that are there at that moment, or at any time before the end of the
    `window` that begins with it. Agents have the names that they have in the file. Where the file has no link, nobody
    talks. The other options are those of `topology.kind=file`.
    """
    options = ReadOptions(
        format=format,
        directed=directed,
        undirected=undirected,
        source=source,
        target=target,
        time=time,
        parallel=parallel,
        self_loops=self_loops,
    )
    try:
        made = _links(Path(path).expanduser(), options, (start, step * time_per_step, window))
        return _among(topology, made)
    except TopologyError as error:
        raise TopologyError(f"{path}: {error}") from error


def _links(path: Path, options: ReadOptions, when: tuple[float | str | None, float, float]) -> Topology:
    """Return the graph of the file at a moment: where it starts, the time since then, and the length of the window."""
    contents, handled = _contents(path, options, _changed(path))
    if contents.span is None:
        raise TopologyError(f"expected a file whose links have times, got {contents.format} without any")
    start, elapsed, window = when
    begin = (contents.span[0] if start is None else moment_of(start, dated=contents.dated)) + elapsed
    end = math.nextafter(begin + window, -math.inf) if window else begin
    at = replace(options, at=(begin, end))
    if "at" in handled:
        contents, handled = _contents(path, at, _changed(path))
    return to_topology(contents, at, handled=handled)


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


@functools.lru_cache(maxsize=4)
def _contents(path: Path, options: ReadOptions, changed: int) -> tuple[Contents, tuple[str, ...]]:
    """Return what a file says, kept as long as it is not changed, and which options its format has applied."""
    contents, how = contents_and_format(path, options)
    return contents, how.options


def _among(topology: Topology, made: Topology) -> Topology:
    """Return the agents of a topology with the links of another, joined by name."""
    number = {name: agent for agent, name in enumerate(topology.names)}
    linked = np.unique(np.concatenate([made.sources, made.targets])).tolist()
    strange = [made.names[agent] for agent in linked if made.names[agent] not in number]
    if strange:
        expected = "links between agents of the topology"
        raise TopologyError(complaint("names", expected=expected, got=strange[0], valid=topology.names[:MOST_COMPARED]))
    agents = np.array([number.get(name, -1) for name in made.names], dtype=np.int64)
    return topology.with_edges(agents[made.sources], agents[made.targets], weights=made.weights)
