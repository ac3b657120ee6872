"""A measure of every agent against what is known of it: its degree, its success."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures.style import PAPER, colour, marker, panels, style
from hubbub.analysis.ranks import rank_correlation

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def agent_scatter(
    values: np.ndarray, against: Mapping[str, np.ndarray], *, label: str, groups: np.ndarray | None = None
) -> Figure:
    """Draw values `[N]` of agents against each property `[N]` by its name, in a panel of its own.

    `groups [N]`, dialects for example, give colours and markers. The title of a panel is the rank correlation with its
    permutation p-value; agents with NaN are left out.
    """
    values = np.asarray(values, dtype=float)
    of = np.zeros(len(values), dtype=int) if groups is None else np.asarray(groups)
    with style():
        figure, all_axes = panels(len(against), size=(4.0, 3.2))
        for axes, (name, column) in zip(all_axes, against.items(), strict=True):
            place = np.asarray(column, dtype=float)
            known = np.isfinite(place) & np.isfinite(values)
            for group in np.unique(of[known]).tolist():
                here = known & (of == group)
                axes.plot(
                    place[here], values[here], marker(group), color=colour(group), markeredgecolor=PAPER, markersize=6
                )
            found = rank_correlation(place[known], values[known]) if known.any() else None
            if found is not None and np.isfinite(found.value):
                axes.set_title(f"ρ = {found.value:.2f}, p = {found.p_value:.2g} (n = {found.n})")
            axes.set_xlabel(name)
            axes.set_ylabel(label)
            axes.margins(x=0.08, y=0.1)
            axes.grid(axis="y")
            axes.set_axisbelow(True)
    return figure
