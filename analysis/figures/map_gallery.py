"""Small maps of graphs side by side, agents coloured by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from hubbub.analysis.figures.style import MUTED, PAPER, colour, marker, panels, short, style
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_VECTOR_EDGES = 1000
COLUMNS = 3


@validated()
def map_gallery(
    maps: Mapping[str, tuple[Int[np.ndarray, "E 2"], Float[np.ndarray, "N 2"], Int[np.ndarray, " N"]]],
    *,
    heading: str = "",
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw each graph in a small panel of its own; a group has a colour and a shape, the same in all panels.

    Parameters
    ----------
    maps
        By title, directed edges `[E, 2]`, places of the agents `[N, 2]`, and their groups `[N]`, −1 for none.
    heading
        Text above all panels; not written into axes that are given.
    ax
        Axes to draw into, one for each graph.
    """
    from matplotlib.collections import LineCollection

    with style():
        figure, all_axes = panels(len(maps), size=(1.9, 1.9), columns=COLUMNS, ax=ax)
        if heading and ax is None:
            figure.suptitle(short(heading, longest=60), fontsize=9.5, fontweight="bold", x=0.01, ha="left")
        for axes, (title, (edges, places, labels)) in zip(all_axes, maps.items(), strict=True):
            links = np.unique(np.sort(edges, axis=1), axis=0).reshape(-1, 2)
            lines = LineCollection(list(places[links]), colors=MUTED, linewidths=0.4, alpha=0.35, zorder=1)
            lines.set_rasterized(len(links) > MAX_VECTOR_EDGES)
            axes.add_collection(lines)
            size = float(np.clip(1500 / max(len(places), 1), 3, 40))
            for label in np.unique(labels):
                x, y = places[labels == label].T
                axes.scatter(
                    x,
                    y,
                    s=size,
                    color=colour(label),
                    marker=marker(label),
                    edgecolors=PAPER,
                    linewidths=0.3,
                    zorder=2,
                )
            axes.set_title(short(title), fontsize=8.5, fontweight="normal", pad=2)
            axes.margins(0.08)
            axes.set_aspect("equal", adjustable="datalim")
            axes.set_axis_off()
    return figure
