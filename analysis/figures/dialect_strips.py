"""The dialect of every agent over training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Shaped

from hubbub.analysis.dialects.over_time import DialectsOverTime
from hubbub.analysis.figures.style import PALETTE, PAPER, UNKNOWN, panels, short, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAX_NAMED_AGENTS = 40


def dialect_strips(
    history: DialectsOverTime, *, names: Sequence[str] = (), groups: Shaped[np.ndarray, " N"] | None = None
) -> Figure:
    """Draw one row for each agent, coloured by its dialect in every recorded lexicon.

    Rows are ordered by group, then by the last dialect. The first ten dialects have colours, all others are grey.

    Parameters
    ----------
    history
        The dialects of N agents at T steps.
    names
        Names of the N agents; they are written if all are short and N is at most 40.
    groups
        Known group of each agent, `[N]`, compared and sorted only; white lines separate the groups.
    """
    from matplotlib.colors import ListedColormap

    steps, labels = history.steps, history.labels
    n_agents, beyond = labels.shape[1], len(PALETTE)
    known = np.zeros(n_agents, dtype=np.int64) if groups is None else np.asarray(groups)
    order = np.lexsort((*labels, labels[-1], known))
    middle = (steps[1:] + steps[:-1]) / 2
    edges = np.concatenate([[steps[0]], middle, [steps[-1]]]) if len(steps) > 1 else steps[0] + np.array([-0.5, 0.5])
    with style():
        figure, [axes] = panels(1, size=(6.2, 3.6))
        axes.pcolormesh(
            edges,
            np.arange(n_agents + 1),
            np.where(labels < 0, beyond, np.minimum(labels, beyond))[:, order].T,
            cmap=ListedColormap([*PALETTE, UNKNOWN]),
            vmin=-0.5,
            vmax=beyond + 0.5,
            rasterized=True,
        )
        for border in (np.flatnonzero(np.diff(known[order])) + 1).tolist():
            axes.axhline(border, color=PAPER, linewidth=2)
        axes.invert_yaxis()
        axes.spines[:].set_visible(False)
        axes.set_xlabel("training step")
        axes.set_ylabel("agent")
        if n_agents <= MAX_NAMED_AGENTS and max((len(str(name)) for name in names), default=99) <= 14:
            axes.set_yticks(np.arange(n_agents) + 0.5, [short(names[agent]) for agent in order], fontsize=5.5)
        else:
            axes.set_yticks([])
        axes.tick_params(axis="y", length=0)
        if len(steps) == 1:
            axes.set_xticks(steps)
    return figure
