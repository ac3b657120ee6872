"""The success matrix with agents ordered by dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.arrays import square
from hubbub.analysis.dialects.recorded import recorded_dialects
from hubbub.analysis.figures.drawing import check_length, check_names, of_run
from hubbub.analysis.figures.style import INK, PALETTE, PAPER, colour, panels, short, style
from hubbub.analysis.validation import AT_LEAST_1, Limits, validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

MAX_NAMED_AGENTS = 30
LONGEST_NAME = 14
MOST_CELLS = 1000
"""About as many cells in a row as a figure has points."""
NEEDED = 0.07
"""Share of the agents that a group needs for its name to fit beside it."""


def _of_run(run: Run) -> Mapping[str, Any]:
    dialects = recorded_dialects(run)
    return {
        "success": run.lexicon().splits["train"].success,
        "labels": dialects.labels,
        "names": run.agents().names,
    }


@of_run(_of_run)
@validated(labels=Limits(least=-1), most_cells=AT_LEAST_1)
def success_heatmap(
    success: Real[np.ndarray, "N N"],
    labels: Int[np.ndarray, " N"],
    *,
    names: Sequence[str] = (),
    label: str = "share of referents understood",
    axes_of: tuple[str, str] = ("listener", "speaker"),
    most_cells: int = MOST_CELLS,
    ax: Axes | None = None,
) -> Figure:
    """Draw the success matrix, ordered by dialect and then by mean success; of a run: at its last lexicon.

    Lines separate the dialects; strips at the edges have the colours of the dialects and, for large ones, their
    numbers. With more agents than `most_cells` a cell is the mean over a few agents of one dialect that follow each
    other.

    Parameters
    ----------
    success
        Share of referents understood, `[N, N]` (speaker, listener).
    labels
        Dialect of each agent, `[N]`, −1 for none.
    label
        What the values are, at the colours.
    axes_of
        Labels of the horizontal and the vertical axis.
    names
        Names of the N agents; they are written if all have at most 14 characters and N is at most 30.
    most_cells
        About how many cells a row has at most.
    ax
        Axes to draw into.

    Raises
    ------
    ConfigurationError
        No square matrix, or labels or names that do not fit it.
    """
    success = square(success, name="success")
    n_agents = len(success)
    check_length(labels, n_agents, field="labels")
    check_names(names, n_agents)
    order = np.lexsort((-(success.mean(axis=0) + success.mean(axis=1)), labels))
    starts = _starts(labels[order], most_cells)
    borders = np.flatnonzero(np.diff(labels[order])) + 0.5
    named = len(names) > 0 and n_agents <= MAX_NAMED_AGENTS and max(map(len, map(str, names))) <= LONGEST_NAME
    with style():
        figure, [axes] = panels(1, size=(4.6, 4.9), ax=ax)
        image = axes.pcolorfast(
            *(np.append(starts, n_agents) - 0.5,) * 2, _means(success[np.ix_(order, order)], starts), vmin=0, vmax=1
        )
        axes.set_xlim(-0.5, n_agents - 0.5)
        axes.set_ylim(n_agents - 0.5, -0.5)
        axes.set_aspect("equal")
        for border in borders:
            axes.axhline(border, color=PAPER, linewidth=1.4)
            axes.axvline(border, color=PAPER, linewidth=1.4)
        _draw_strips(axes, labels[order])
        axes.set_xticks([])
        axes.set_yticks([])
        if named:
            ticks = [short(names[agent]) for agent in order]
            axes.set_xticks(range(n_agents), ticks, rotation=90, fontsize=8)
            axes.set_yticks(range(n_agents), ticks, fontsize=8)
        axes.tick_params(length=0, pad=2)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(axes_of[0])
        axes.set_ylabel(axes_of[1])
        bar = figure.colorbar(image, ax=axes, location="bottom", shrink=0.8, aspect=32, pad=0.03)
        bar.outline.set_visible(False)
        bar.set_label(label, color=INK)
    return figure


def _draw_strips(axes: Axes, labels: Int[np.ndarray, " N"]) -> None:
    """Draw strips in the colours of the dialects at the right and at the top, with the numbers of large dialects."""
    from matplotlib.colors import ListedColormap

    n_agents = len(labels)
    strip = ListedColormap([colour(label) for label in labels.tolist()])
    for bounds, shape in (((1.015, 0, 0.03, 1), (-1, 1)), ((0, 1.015, 1, 0.03), (1, -1))):
        edge = axes.inset_axes(bounds)
        edge.imshow(np.arange(n_agents).reshape(shape), cmap=strip, aspect="auto", interpolation="nearest")
        edge.set_axis_off()
    for group in np.unique(labels[(labels >= 0) & (labels < len(PALETTE))]).tolist():
        members = np.flatnonzero(labels == group)
        if len(members) < NEEDED * n_agents:
            continue
        middle = (members.mean() + 0.5) / n_agents
        centred: dict[str, Any] = {"transform": axes.transAxes, "fontsize": 8.5, "color": INK}
        axes.text(1.055, 1 - middle, str(group + 1), ha="left", va="center", **centred)
        axes.text(middle, 1.055, str(group + 1), ha="center", va="bottom", **centred)


def _starts(labels: Int[np.ndarray, " N"], most_cells: int) -> Int[np.ndarray, " n"]:
    """Return the first agent of each cell: at most `most_cells` of them or a few more, none with two dialects."""
    size = -(-len(labels) // most_cells)
    first = np.concatenate([[0], np.flatnonzero(np.diff(labels)) + 1, [len(labels)]])
    return np.concatenate([np.arange(low, high, size) for low, high in pairwise(first.tolist())])


def _means(matrix: Real[np.ndarray, "N N"], starts: Int[np.ndarray, " n"]) -> Real[np.ndarray, "n n"]:
    """Return the means over the blocks of a matrix whose rows and columns begin at `starts`."""
    sums = np.add.reduceat(np.add.reduceat(matrix, starts, axis=0), starts, axis=1)
    sizes = np.diff(starts, append=len(matrix))
    return np.asarray(sums / np.outer(sizes, sizes))
