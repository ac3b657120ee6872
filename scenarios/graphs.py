"""A topology looked at without a run: what it is, and a drawing of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.simulator.configuration import section_of
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.topology import Topology, build_topology, topology
from hubbub.simulator.topology.describing import components, summary_of
from hubbub.simulator.topology.summary import Summary

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DRAWINGS = (".png", ".svg")
MAX_LAID_OUT = 3000
"""Agents for whom places are computed; the time grows with the square of their number."""

MAX_GROUPS = 10


def examine_topology(
    source: str | Path, options: Mapping[str, Any] | None = None, *, seed: int = 0
) -> tuple[Topology, Summary]:
    """Return a topology and its summary.

    Parameters
    ----------
    source
        Name of a kind of topology, or path of a graph file.
    options
        Those of the section `topology`, with or without this name before them: `{"topology.directed": True}`.
    seed
        Of the random numbers, as in a run.

    Raises
    ------
    HubbubError
        There is no such kind or file, an option is wrong, or the graph is not one that agents can talk on.
    """
    given = {name.removeprefix("topology."): value for name, value in (options or {}).items()}
    kind = str(source)
    if kind not in topology:
        if not Path(source).expanduser().is_file():
            expected = f"a graph file, or a kind of topology ({', '.join(topology)})"
            raise ConfigurationError(complaint("topology", expected=expected, got=kind, valid=topology))
        kind, given = "file", {"path": str(source), **given}
    from hubbub.simulator.randomness import RandomStreams

    made = build_topology(section_of(topology, kind, given), RandomStreams(seed))
    return made, summary_of(made, kind=kind)


def check_drawing(path: Path) -> None:
    """Raise a `ConfigurationError` unless a drawing can have this name."""
    if path.suffix.lower() not in DRAWINGS:
        got = path.suffix or str(path)
        raise ConfigurationError(complaint("draw", expected=f"a file that ends in {' or '.join(DRAWINGS)}", got=got))


def draw_topology(made: Topology, path: Path, *, title: str) -> Path:
    """Draw a topology to a PNG or SVG file and return its path.

    Agents are coloured by the first attribute that has two to ten values, else by component, if these are at most ten.
    Places are those of the topology, if it has any on a plane, else computed.
    """
    from hubbub.analysis.figures import as_png, as_svg
    from hubbub.analysis.files import write_whole

    check_drawing(path)
    figure = _figure(made, title)
    return write_whole(path, as_png(figure) if path.suffix.lower() == ".png" else as_svg(figure))


def _figure(made: Topology, title: str) -> Figure:
    from hubbub.analysis.figures import Grouping, graph_map, layout

    edges, places = np.column_stack([made.sources, made.targets]), made.positions
    if places is None or places.shape[1] != 2:
        if made.n_agents > MAX_LAID_OUT:
            raise ConfigurationError(
                f"draw: expected at most {MAX_LAID_OUT:,} agents without places, got {made.n_agents:,}; "
                "topology.component=largest may leave fewer"
            )
        places = layout(edges, made.n_agents)
    for name, values in made.attributes.items():
        known = list(dict.fromkeys(str(value) for value in values if value is not None))
        if 2 <= len(known) <= MAX_GROUPS:
            number = {value: at for at, value in enumerate(known)}
            labels = np.array([-1 if value is None else number[str(value)] for value in values])
            return graph_map(edges, places, [Grouping(f"{title}: {name}", labels, known)], names=made.names)
    parts = components(made)
    if parts.max() >= MAX_GROUPS:
        parts = np.zeros_like(parts)
    groups = ["agents"] if not parts.any() else [f"component {part + 1}" for part in range(parts.max() + 1)]
    return graph_map(edges, places, [Grouping(title, parts, groups)], names=made.names)
