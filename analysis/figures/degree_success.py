"""Success as a speaker and as a listener against degree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int, Shaped

from hubbub.analysis.figures.style import INK, PAPER, colour, panels, short, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROLES = {
    "speaker": ("Success of speakers by out-degree", "out_degree", "agents that may hear it", "success as a speaker"),
    "listener": ("Success of listeners by in-degree", "in_degree", "agents that it may hear", "success as a listener"),
}


def degree_success(
    table: Mapping[str, Shaped[np.ndarray, " N"]],
    labels: Int[np.ndarray, " N"],
    *,
    roles: Sequence[str] = ("speaker", "listener"),
    named: int = 3,
) -> Figure:
    """Draw success against degree, one panel for each role.

    Parameters
    ----------
    table
        Columns `[N]` by name, from `degree_table` with a success matrix.
    labels
        Dialect of each agent, `[N]`, −1 for none; it gives the colour.
    roles
        "speaker", "listener" or both.
    named
        Number of agents of highest degree whose names are written.
    """
    with style():
        figure, all_axes = panels(len(roles), size=(4.3, 3.2))
        for axes, role in zip(all_axes, roles, strict=True):
            title, degree_name, x_label, y_label = ROLES[role]
            degree, success = table[degree_name], table[f"success_as_{role}"]
            axes.scatter(degree, success, s=30, c=[colour(label) for label in labels], edgecolors=PAPER, linewidths=0.6)
            taken: set[tuple[int, int]] = set()
            for agent in np.argsort(-degree, kind="stable")[:named].tolist():
                place = (int(degree[agent]), round(20 * success[agent]))
                if place in taken:  # two names at the same point would cover each other
                    continue
                taken.add(place)
                axes.annotate(
                    short(table["name"][agent], longest=16),
                    (degree[agent], success[agent]),
                    xytext=(0, 6),
                    textcoords="offset points",
                    ha="center",
                    fontsize=8,
                    color=INK,
                )
            axes.set_title(title)
            axes.set_xlabel(f"{x_label} (number)")
            axes.set_ylabel(f"{y_label} (share)")
            axes.set_ylim(0, 1.05)
            axes.margins(x=0.08)
            axes.locator_params(axis="x", integer=True)
            axes.grid(axis="y")
            axes.set_axisbelow(True)
    return figure
