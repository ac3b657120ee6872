"""Success as a speaker and as a listener against the number of links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures.style import INK, PAPER, colour, panels, short, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROLES = {
    "speaker": ("Heard by many, understood by many?", "out_degree", "agents that may hear it", "success as a speaker"),
    "listener": ("Hears many, understands many?", "in_degree", "agents that it may hear", "success as a listener"),
}


def degree_success(
    table: Mapping[str, np.ndarray],
    labels: np.ndarray,
    *,
    roles: Sequence[str] = ("speaker", "listener"),
    named: int = 3,
) -> Figure:
    """Draw one panel for each role: the rows of a `degree_table`, coloured by dialect, the top hubs named."""
    with style():
        figure, all_axes = panels(len(roles), size=(4.3, 3.2))
        for axes, role in zip(all_axes, roles, strict=True):
            title, degree_name, x_label, y_label = ROLES[role]
            degree, success = table[degree_name], table[f"success_as_{role}"]
            axes.scatter(degree, success, s=30, c=[colour(label) for label in labels], edgecolors=PAPER, linewidths=0.6)
            seen: set[tuple[int, int]] = set()
            for agent in np.argsort(-degree, kind="stable")[:named].tolist():
                place = (int(degree[agent]), round(20 * success[agent]))
                if place in seen:  # two names in one place could not be read
                    continue
                seen.add(place)
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
