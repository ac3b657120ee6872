"""The communication graph with agents coloured by group, one panel for each grouping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.arrays import edge_list
from hubbub.analysis.dialects.recorded import recorded_dialects
from hubbub.analysis.figures.drawing import check_length, check_names, of_run
from hubbub.analysis.figures.layout import layout
from hubbub.analysis.figures.style import (
    MUTED,
    PALETTE,
    PAPER,
    UNKNOWN,
    colour,
    legend_below,
    marker,
    panels,
    short,
    style,
)
from hubbub.analysis.validation import Limits, array_of, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

GROUPS = Limits(least=-1)
MAX_NAMED_AGENTS = 80
MANY_NAMED_AGENTS = 40
"""With names of more agents than this the map is higher."""
MAX_VECTOR_EDGES = 3000
MAX_ARROWS = 1500
"""With more links in one direction only, arrowheads would cover the map."""
ROOM = {"o": 1.0, "s": 1.0, "D": 0.85, "p": 0.9, "h": 0.9}
"""Radius of the text that a marker has room for, as a share of its own radius; half of it for other markers."""
COVERED = 0.13
"""Share of the map that the agents cover; half of it where names stand beside them."""
SHORT_NAME = 3
"""Names of at most this many characters fit into an agent."""


@dataclass(frozen=True)
class Grouping:
    """A partition of the agents into groups, for their colours.

    Attributes
    ----------
    title
        Title of the panel.
    labels
        Group of each agent, `[N]`, −1 for none.
    names
        Name of each group.
    colours
        Number of the colour of each group; by default the number of the group.
    none
        What the agents without a group are called.
    """

    title: str
    labels: Int[np.ndarray, " N"]
    names: Sequence[str]
    colours: Sequence[int] = ()
    none: str = "unknown"

    def __post_init__(self) -> None:
        labels = array_of(self.labels, Int[np.ndarray, " N"], name="labels", limits=GROUPS)
        if labels.ndim != 1 or labels.max(initial=-1) >= len(self.names):
            expected = f"one group of {len(self.names)}, or −1, for each agent"
            got = labels.shape if labels.ndim != 1 else int(labels.max())
            raise ConfigurationError(complaint("labels", expected=expected, got=got))
        if len(self.colours):
            check_length(self.colours, len(self.names), field="colours", of="groups")
        object.__setattr__(self, "labels", labels)

    def colour_of(self, label: int) -> str:
        """Return the colour of a group, as a hexadecimal string."""
        return colour(self.number_of(label))

    def number_of(self, label: int) -> int:
        """Return the number of the colour and the shape of a group; −1 for no group."""
        return self.colours[label] if len(self.colours) and label >= 0 else label


def _of_run(run: Run) -> Mapping[str, Any]:
    agents, dialects = run.agents(), recorded_dialects(run)
    step = run.lexicon_steps()[-1]
    edges, places = run.edges(step), agents.positions
    if places is None or places.shape[1] != 2:
        places = layout(edges, len(agents.names))
    names = [f"dialect {number + 1}" for number in range(dialects.n_clusters)]
    groupings = [Grouping(f"Dialects at step {step:,}", dialects.labels, names, none="not heard by anybody")]
    return {"edges": edges, "positions": places, "groupings": groupings, "names": agents.names}


@of_run(_of_run)
@validated(shapes=GROUPS)
def graph_map(
    edges: Int[np.ndarray, "E 2"],
    positions: Float[np.ndarray, "N 2"],
    groupings: Sequence[Grouping],
    *,
    names: Sequence[str] = (),
    shapes: Int[np.ndarray, " N"] | None = None,
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw the graph once for each grouping, side by side; of a run: the dialects of its last lexicon.

    A link within a group has the colour of the group, a link between groups is grey. A link in one direction only has
    an arrowhead at the agent that hears, unless there are more than 1,500 of them. The area of an agent grows with its
    number of links. The first ten groups have a colour and a shape each, all others are grey.

    Parameters
    ----------
    edges, positions
        Directed edges `[E, 2]` between N agents, and coordinates of the agents `[N, 2]`, for example from `layout`.
    groupings
        One grouping of the N agents for each panel.
    names
        Names of the N agents; they are written if N is at most 80, shortened where they are long.
    shapes
        A number for each agent, `[N]`, that selects its marker, the same in all panels; by default its group.
    ax
        Axes to draw into, one for each grouping.

    Raises
    ------
    ConfigurationError
        Arrays or names that do not fit each other.
    """
    n_agents = len(positions)
    if positions.shape != (n_agents, 2):
        raise ConfigurationError(complaint("positions", expected="shape [N, 2]", got=positions.shape))
    links = edge_list(edges, n_agents)
    check_names(names, n_agents)
    for at, grouping in enumerate(groupings):
        check_length(grouping.labels, n_agents, field=f"groupings[{at}].labels")
    if shapes is not None:
        check_length(shapes, n_agents, field="shapes")
    written = [*names] if n_agents <= MAX_NAMED_AGENTS else []
    long = max(map(len, map(str, written)), default=0) > SHORT_NAME
    height = 3.9 if not long else 4.4 if n_agents <= MANY_NAMED_AGENTS else 5.2
    with style():
        figure, all_axes = panels(len(groupings), size=(4.5, height), ax=ax)
        for axes, grouping in zip(all_axes, groupings, strict=True):
            _draw(axes, links, positions, grouping, written, shapes)
    return figure


def _draw(
    axes: Axes,
    edges: np.ndarray,
    positions: np.ndarray,
    grouping: Grouping,
    names: Sequence[str],
    shapes: np.ndarray | None,
) -> None:
    from hubbub.analysis.figures.names import Names

    n_agents = len(positions)
    beside = any(len(str(name)) > SHORT_NAME for name in names)
    areas = _areas(edges, n_agents, COVERED / 2 if beside else COVERED)
    axes.set_title(short(grouping.title, longest=44))
    axes.set_aspect("equal", adjustable="datalim")
    axes.axis("off")
    axes.margins(0.08)
    if len(edges):
        _draw_edges(axes, edges, positions, grouping, radii=np.sqrt(areas) / 2)
    shape_of = np.array([grouping.number_of(label) for label in grouping.labels.tolist()] if shapes is None else shapes)
    for label in np.unique(grouping.labels).tolist():
        members = grouping.labels == label
        for shape in np.unique(shape_of[members]).tolist():
            chosen = members & (shape_of == shape)
            axes.scatter(
                positions[chosen, 0],
                positions[chosen, 1],
                s=areas[chosen],
                c=grouping.colour_of(label),
                marker=marker(shape),
                edgecolors=PAPER,
                linewidths=0.8 if n_agents <= 2 * MAX_NAMED_AGENTS else 0.3,
                zorder=3,
            )
    _add_legend(axes, grouping, shape_of)
    if names:
        colours = [grouping.colour_of(label) for label in grouping.labels.tolist()]
        radii = np.sqrt(areas) / 2
        room = radii * [ROOM.get(marker(shape), 0.5) for shape in shape_of.tolist()]
        written = Names(positions, names, radii=radii, room=room, colours=colours)
        axes.add_artist(written)
        written.set_clip_path(None)


def _areas(edges: np.ndarray, n_agents: int, covered: float) -> np.ndarray:
    """Return the areas of the agents in square points `[N]`, which together cover a share of the map.

    Half of them is the same for all agents, half is in proportion to the number of links.
    """
    degrees = np.bincount(np.ravel(edges), minlength=n_agents).astype(float)
    mean = min(covered * (4.1 * 72) * (3.1 * 72) / max(n_agents, 1), 1700 * covered)
    relative = degrees / degrees.mean() if degrees.any() else np.ones(n_agents)
    return np.asarray(mean * (0.5 + 0.5 * relative))


def _add_legend(axes: Axes, grouping: Grouping, shape_of: np.ndarray) -> None:
    """Add an entry for each group with a colour of its own, and one for all others.

    An entry has the shape of the group's agents, a disc where they have several.
    """
    labels = grouping.labels.tolist()
    shown = [label for label in sorted(set(labels)) if 0 <= grouping.number_of(label) < len(PALETTE)]
    for label in shown:
        own = set(shape_of[grouping.labels == label].tolist())
        shape = marker(own.pop()) if len(own) == 1 else "o"
        text = f"{short(grouping.names[label])} ({labels.count(label)})"
        axes.scatter([], [], s=40, c=grouping.colour_of(label), marker=shape, label=text)
    others = sorted(set(labels) - {-1, *shown})
    if others:
        n_members = sum(labels.count(label) for label in others)
        axes.scatter([], [], s=40, c=UNKNOWN, marker="X", label=f"{len(others)} other groups ({n_members})")
    if -1 in labels:
        axes.scatter([], [], s=40, c=UNKNOWN, marker="X", label=f"{short(grouping.none)} ({labels.count(-1)})")
    legend_below(axes, columns=3)


def _draw_edges(axes: Axes, edges: np.ndarray, positions: np.ndarray, grouping: Grouping, *, radii: np.ndarray) -> None:
    from matplotlib.collections import LineCollection

    links = np.unique(np.sort(edges, axis=1), axis=0).reshape(-1, 2)
    alpha = float(np.clip(7 / np.sqrt(len(links) + 1), 0.12, 0.7))
    colours, alphas = _of_links(links, grouping, alpha)
    lines = LineCollection(list(positions[links]), colors=colours, linewidths=0.9, alpha=alphas, zorder=1)
    lines.set_rasterized(len(links) > MAX_VECTOR_EDGES)
    axes.add_collection(lines)
    there = set(map(tuple, edges.tolist()))
    one_way = np.array([edge for edge in edges.tolist() if (edge[1], edge[0]) not in there], dtype=np.int64)
    if 0 < len(one_way) <= MAX_ARROWS:
        _draw_arrowheads(axes, one_way, positions, grouping, radii)


def _draw_arrowheads(
    axes: Axes, links: np.ndarray, positions: np.ndarray, grouping: Grouping, radii: np.ndarray
) -> None:
    """Draw a triangle at the edge of every agent that hears; its size is in points, smaller where there are many."""
    from matplotlib.collections import PolyCollection

    start, end = positions[links[:, 0]], positions[links[:, 1]]
    along = (end - start) / np.maximum(np.linalg.norm(end - start, axis=1, keepdims=True), 1e-9)
    length = float(np.clip(75 / np.sqrt(len(links)), 3.0, 7.0))
    tip = -along * (radii[links[:, 1]] + 0.6)[:, None]
    across = along[:, ::-1] * (-1, 1) * length * 0.36
    heads = np.stack([tip, tip - along * length + across, tip - along * length - across], axis=1)
    colours, alphas = _of_links(links, grouping, 0.9)
    drawn = PolyCollection(
        list(heads),
        sizes=[1.0],  # the triangles are in points around the agents that hear
        offsets=end,
        offset_transform=axes.transData,
        facecolors=colours,
        alpha=alphas,
        linewidths=0,
        zorder=2,
    )
    axes.add_collection(drawn, autolim=False)


def _of_links(links: np.ndarray, grouping: Grouping, alpha: float) -> tuple[list[str], np.ndarray]:
    """Return colours and opacities of links: those between groups are grey and fainter."""
    ends = grouping.labels[links]
    within = (ends[:, 0] == ends[:, 1]) & (ends[:, 0] >= 0)
    colours = [grouping.colour_of(label) if same else MUTED for label, same in zip(ends[:, 0], within, strict=True)]
    return colours, alpha * np.where(within, 1.0, 0.6)
