"""The success matrix with agents ordered by dialect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.figures.style import INK, PAPER, colour, panels, short, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAX_NAMED_AGENTS = 40
MOST_CELLS = 1000
"""About as many cells in a row as a figure has points."""


def success_heatmap(
    success: Real[np.ndarray, "N N"],
    labels: Int[np.ndarray, " N"],
    *,
    names: Sequence[str] = (),
    label: str = "share of referents understood",
    axes_of: tuple[str, str] = ("listener", "speaker"),
) -> Figure:
    """Draw the success matrix, ordered by dialect and then by mean success.

    Lines separate the dialects; strips at the edges have the colours of the dialects. With more than 1,000 agents a
    cell is the mean over a few agents that follow each other.

    Parameters
    ----------
    success
        Share of referents understood, `[N, N]` (speaker, listener).
    labels
        Dialect of each agent, `[N]`, −1 for none.
    label
        What the values are, beside the colours.
    axes_of
        Labels of the horizontal and the vertical axis.
    names
        Names of the N agents; they are written if all are short and N is at most 40.
    """
    from matplotlib.colors import ListedColormap

    success, labels = np.asarray(success), np.asarray(labels)
    n_agents = len(labels)
    order = np.lexsort((-(success.mean(axis=0) + success.mean(axis=1)), labels))
    with style():
        figure, [axes] = panels(1, size=(4.9, 4.2))
        image = axes.imshow(
            _at_most(MOST_CELLS, success[np.ix_(order, order)]),
            vmin=0,
            vmax=1,
            cmap="viridis",
            interpolation="nearest",
            extent=(-0.5, n_agents - 0.5, n_agents - 0.5, -0.5),
        )
        for border in np.flatnonzero(np.diff(labels[order])) + 0.5:
            axes.axhline(border, color=PAPER, linewidth=1.4)
            axes.axvline(border, color=PAPER, linewidth=1.4)
        strip = ListedColormap([colour(label) for label in labels[order]])
        for bounds, shape in (((-0.045, 0, 0.03, 1), (-1, 1)), ((0, 1.015, 1, 0.03), (1, -1))):
            edge = axes.inset_axes(bounds)
            edge.imshow(np.arange(n_agents).reshape(shape), cmap=strip, aspect="auto", interpolation="nearest")
            edge.set_axis_off()
        if n_agents <= MAX_NAMED_AGENTS and max((len(str(name)) for name in names), default=99) <= 14:
            ticks = [short(names[agent]) for agent in order]
            axes.set_xticks(range(n_agents), ticks, rotation=90, fontsize=5.5)
            axes.set_yticks(range(n_agents), ticks, fontsize=5.5)
        else:
            axes.set_xticks([])
            axes.set_yticks([])
        axes.tick_params(length=0, pad=13, axis="y")
        axes.tick_params(length=0, axis="x")
        axes.spines[:].set_visible(False)
        axes.set_xlabel(axes_of[0])
        axes.set_ylabel(axes_of[1])
        bar = figure.colorbar(image, ax=axes, shrink=0.8, aspect=28, pad=0.03)
        bar.outline.set_visible(False)
        bar.set_label(label, color=INK)
    return figure


def _at_most(n_cells: int, matrix: Real[np.ndarray, "N N"]) -> Real[np.ndarray, "n n"]:
    """Return a matrix of at most `n_cells` rows and columns, each the mean over some that are side by side."""
    n_agents = len(matrix)
    if n_agents <= n_cells:
        return matrix
    starts = np.arange(0, n_agents, -(-n_agents // n_cells))
    sums = np.add.reduceat(np.add.reduceat(matrix, starts, axis=0), starts, axis=1)
    sizes = np.diff(starts, append=n_agents)
    return sums / np.outer(sizes, sizes)
