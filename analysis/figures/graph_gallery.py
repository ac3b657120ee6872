"""Small graphs side by side; the size of an agent shows its degree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int

from hubbub.analysis.arrays import edge_list
from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.layout import layout
from hubbub.analysis.figures.style import MUTED, PAPER, colour, panels, style
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run


def _of_run(run: Run) -> Mapping[str, Any]:
    first, last, n_agents = run.edges(-1), run.edges(), len(run.agents().names)
    if np.array_equal(first, last):
        return {"graphs": {"the graph": (last, n_agents)}}
    return {"graphs": {"at the start": (first, n_agents), "at the end": (last, n_agents)}}


@of_run(_of_run)
@validated()
def graph_gallery(
    graphs: Mapping[str, tuple[Int[np.ndarray, "E 2"], int]], *, ax: Axes | Sequence[Axes] | None = None
) -> Figure:
    """Draw each graph in a panel of its own; of a run: its graph, at the start and at the end if it changed.

    Parameters
    ----------
    graphs
        By title, directed edges `[E, 2]` in both directions and the number of agents.
    ax
        Axes to draw into, one for each graph.
    """
    from matplotlib.collections import LineCollection

    with style():
        figure, axes = panels(len(graphs), size=(2.2, 2.3), columns=4, ax=ax)
        for axis, (title, (edges, n_agents)) in zip(axes, graphs.items(), strict=True):
            links = edge_list(edges, n_agents)
            places = layout(links, n_agents)
            degrees = np.bincount(links[:, 0], minlength=n_agents)
            pairs = np.unique(np.sort(links, axis=1), axis=0)
            lines = LineCollection(list(places[pairs]), colors=MUTED, linewidths=0.7, alpha=0.7, zorder=1)
            axis.add_collection(lines)
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
