"""The communication graph with agents coloured by group, one panel for each grouping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.figures.style import INK, MUTED, PAPER, colour, legend_below, marker, panels, short, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_NAMED_AGENTS = 60
MAX_VECTOR_EDGES = 3000


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

    def colour_of(self, label: int) -> str:
        """Return the colour of a group, as a hexadecimal string."""
        return colour(self.colours[label] if self.colours and label >= 0 else label)


def graph_map(
    edges: Int[np.ndarray, "E 2"],
    positions: Float[np.ndarray, "N 2"],
    groupings: Sequence[Grouping],
    *,
    names: Sequence[str] = (),
    shapes: Int[np.ndarray, " N"] | None = None,
) -> Figure:
    """Draw the graph once for each grouping, side by side.

    Edges within a group have the colour of the group, edges between groups are grey. An edge in one direction only has
    an arrowhead. The size of an agent increases with its degree.

    Parameters
    ----------
    edges, positions
        Directed edges `[E, 2]` between N agents, and coordinates of the agents `[N, 2]`, for example from `layout`.
    groupings
        One grouping of the N agents for each panel.
    names
        Names of the N agents; they are written if all have at most 3 characters and N is at most 60.
    shapes
        A number for each agent, `[N]`, that selects its marker, the same in all panels.
    """
    with style():
        figure, all_axes = panels(len(groupings), size=(4.4, 3.7))
        for axes, grouping in zip(all_axes, groupings, strict=True):
            _draw(axes, edges, positions, grouping, names, shapes)
    return figure


def _draw(
    axes: Axes,
    edges: np.ndarray,
    positions: np.ndarray,
    grouping: Grouping,
    names: Sequence[str],
    shapes: np.ndarray | None,
) -> None:
    n_agents = len(positions)
    degrees = np.bincount(np.ravel(edges), minlength=n_agents)
    base = float(np.clip(5200 / max(n_agents, 1), 6, 170))
    sizes = base * (0.6 + 1.1 * degrees / max(degrees.max(), 1))
    axes.set_title(short(grouping.title, longest=44))
    axes.set_aspect("equal", adjustable="datalim")
    axes.axis("off")
    axes.margins(0.08)
    if len(edges):
        _draw_edges(axes, edges, positions, grouping)
    shape_of = np.zeros(n_agents, dtype=np.int64) if shapes is None else np.asarray(shapes)
    for label in np.unique(grouping.labels):
        members = grouping.labels == label
        name = grouping.none if label < 0 else str(grouping.names[label])
        axes.scatter([], [], s=40, c=grouping.colour_of(label), label=f"{short(name)} ({members.sum()})")
        for shape in np.unique(shape_of[members]):
            chosen = members & (shape_of == shape)
            axes.scatter(
                positions[chosen, 0],
                positions[chosen, 1],
                s=sizes[chosen],
                c=grouping.colour_of(label),
                marker=marker(shape),
                edgecolors=PAPER,
                linewidths=0.8,
                zorder=3,
            )
    longest = max((len(str(name)) for name in names), default=99)
    if longest <= 3 and n_agents <= MAX_NAMED_AGENTS:
        for (x, y), name in zip(positions, names, strict=True):
            axes.text(x, y, short(name), ha="center", va="center_baseline", fontsize=5.5, color="#fffffe", zorder=4)
    if len(np.unique(grouping.labels)) <= 10:
        legend_below(axes, columns=3)


def _draw_edges(axes: Axes, edges: np.ndarray, positions: np.ndarray, grouping: Grouping) -> None:
    from matplotlib.collections import LineCollection, PolyCollection

    links = np.unique(np.sort(edges, axis=1), axis=0).reshape(-1, 2)
    ends = grouping.labels[links]
    within = (ends[:, 0] == ends[:, 1]) & (ends[:, 0] >= 0)
    colours = [grouping.colour_of(label) if same else MUTED for label, same in zip(ends[:, 0], within, strict=True)]
    alpha = float(np.clip(7 / np.sqrt(len(links) + 1), 0.12, 0.7)) * np.where(within, 1.0, 0.6)
    lines = LineCollection(list(positions[links]), colors=colours, linewidths=0.9, alpha=alpha, zorder=1)
    lines.set_rasterized(len(links) > MAX_VECTOR_EDGES)
    axes.add_collection(lines)
    there = set(map(tuple, edges.tolist()))
    one_way = np.array([edge for edge in edges.tolist() if (edge[1], edge[0]) not in there], dtype=np.int64)
    if len(one_way):
        start, end = positions[one_way[:, 0]], positions[one_way[:, 1]]
        along = (end - start) / np.maximum(np.linalg.norm(end - start, axis=1, keepdims=True), 1e-9)
        size = 0.02 * np.ptp(positions, axis=0).max()
        across, tip = along[:, ::-1] * (-1, 1) * size * 0.6, start + 0.72 * (end - start)
        heads = np.stack([tip + along * size, tip - along * size + across, tip - along * size - across], axis=1)
        axes.add_collection(PolyCollection(list(heads), facecolors=INK, alpha=0.5, linewidths=0, zorder=2))
