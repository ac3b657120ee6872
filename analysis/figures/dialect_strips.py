"""The dialect of every agent over training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int, Shaped

from hubbub.analysis.dialects.over_time import DialectsOverTime, dialects_over_time
from hubbub.analysis.figures.drawing import check_length, check_names, of_run
from hubbub.analysis.figures.style import INK, PALETTE, PAPER, UNKNOWN, panels, short, style
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

MAX_NAMED_AGENTS = 40
LONGEST_NAME = 14
NEEDED = 0.06
"""Share of the rows that neighbours of one dialect need for its number to fit beside them."""


def _of_run(run: Run) -> Mapping[str, Any]:
    return {"history": dialects_over_time(run), "names": run.agents().names}


@of_run(_of_run)
@validated()
def dialect_strips(
    history: DialectsOverTime,
    *,
    names: Sequence[str] = (),
    groups: Shaped[np.ndarray, " N"] | None = None,
    along: str = "training step",
    ax: Axes | None = None,
) -> Figure:
    """Draw one row for each agent, coloured by its dialect in every recorded lexicon.

    Rows are ordered by group, then by the last dialect, whose number is written at the right where there is room. The
    first ten dialects have colours, all others are grey.

    Parameters
    ----------
    history
        The dialects of N agents at T steps.
    names
        Names of the N agents; they are written if all have at most 14 characters and N is at most 40.
    groups
        Known group of each agent, `[N]`, compared and sorted only; white lines separate the groups.
    along
        Label of the horizontal axis.
    ax
        Axes to draw into.

    Raises
    ------
    ConfigurationError
        Names or groups that do not fit the agents.
    """
    from matplotlib.colors import ListedColormap

    steps, labels = history.steps, history.labels
    n_agents, beyond = labels.shape[1], len(PALETTE)
    check_names(names, n_agents)
    known = np.zeros(n_agents, dtype=np.int64) if groups is None else np.asarray(groups)
    check_length(known, n_agents, field="groups")
    order = np.lexsort((*labels, labels[-1], known))
    middle = (steps[1:] + steps[:-1]) / 2
    edges = np.concatenate([[steps[0]], middle, [steps[-1]]]) if len(steps) > 1 else steps[0] + np.array([-0.5, 0.5])
    named = len(names) > 0 and n_agents <= MAX_NAMED_AGENTS and max(map(len, map(str, names))) <= LONGEST_NAME
    with style():
        figure, [axes] = panels(1, size=(4.6, 0.9 + 0.135 * n_agents if named and n_agents > 20 else 3.6), ax=ax)
        axes.pcolormesh(
            edges,
            np.arange(n_agents + 1),
            np.where(labels < 0, beyond, np.minimum(labels, beyond))[:, order].T,
            cmap=ListedColormap([*PALETTE, UNKNOWN]),
            vmin=-0.5,
            vmax=beyond + 0.5,
            rasterized=True,
        )
        for border in (np.flatnonzero(known[order][1:] != known[order][:-1]) + 1).tolist():
            axes.axhline(border, color=PAPER, linewidth=2)
        axes.invert_yaxis()
        axes.spines[:].set_visible(False)
        axes.set_xlabel(along)
        axes.set_ylabel("agent")
        axes.set_yticks([])
        if named:
            axes.set_yticks(np.arange(n_agents) + 0.5, [short(names[agent]) for agent in order], fontsize=8)
        axes.tick_params(axis="y", length=0)
        if len(steps) == 1:
            axes.set_xticks(steps)
        _number_dialects(axes, labels[-1, order], known[order])
    return figure


def _number_dialects(axes: Axes, labels: Int[np.ndarray, " N"], known: Shaped[np.ndarray, " N"]) -> None:
    """Write the number of a dialect beside rows that follow each other, where there are enough of them."""
    changed = np.flatnonzero((np.diff(labels) != 0) | (known[1:] != known[:-1])) + 1
    for first, end in pairwise([0, *changed.tolist(), len(labels)]):
        if 0 <= labels[first] < len(PALETTE) and end - first >= NEEDED * len(labels):
            place = ((first + end) / 2, str(labels[first] + 1))
            axes.text(1.01, *place, transform=axes.get_yaxis_transform(), va="center", fontsize=8.5, color=INK)
