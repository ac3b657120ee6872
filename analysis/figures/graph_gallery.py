"""Small graphs side by side; the size of an agent shows its degree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int

from hubbub.analysis.figures.layout import layout
from hubbub.analysis.figures.style import MUTED, PAPER, colour, panels, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def graph_gallery(graphs: Mapping[str, tuple[Int[np.ndarray, "E 2"], int]]) -> Figure:
    """Draw each graph in a panel of its own.

    Parameters
    ----------
    graphs
        By title, directed edges `[E, 2]` in both directions and the number of agents.
    """
    with style():
        figure, axes = panels(len(graphs), size=(2.2, 2.3), columns=4)
        for axis, (title, (edges, n_agents)) in zip(axes, graphs.items(), strict=True):
            places = layout(edges, n_agents)
            degrees = np.bincount(edges[:, 0], minlength=n_agents)
            for source, target in edges[edges[:, 0] < edges[:, 1]]:
                axis.plot(*places[[source, target]].T, color=MUTED, linewidth=0.7, alpha=0.7, zorder=1)
            axis.scatter(
                places[:, 0],
                places[:, 1],
                s=18 + 22 * degrees,
                color=colour(0),
                edgecolors=PAPER,
                linewidths=0.6,
                zorder=2,
            )
            axis.set_title(title)
            axis.margins(0.12)
            axis.set_aspect("equal", adjustable="datalim")
            axis.set_axis_off()
    return figure
