"""A measure of every agent against other properties of the agents, for example degree or success."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.figures.drawing import check_length
from hubbub.analysis.figures.style import PAPER, colour, marker, panels, style
from hubbub.analysis.ranks import rank_correlation
from hubbub.analysis.validation import MAY_BE_NAN, Limits, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@validated(values=MAY_BE_NAN, against=MAY_BE_NAN, groups=Limits(least=-1))
def agent_scatter(
    values: Real[np.ndarray, " N"],
    against: Mapping[str, Real[np.ndarray, " N"]],
    *,
    label: str,
    groups: Int[np.ndarray, " N"] | None = None,
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw the values of N agents against each of their properties, in one panel per property.

    The title of a panel is the rank correlation with its permutation p-value. Agents with NaN are left out.

    Parameters
    ----------
    values
        A value of each agent, `[N]`.
    against
        Properties `[N]` by name; the name is the label of the horizontal axis.
    label
        Label of the vertical axis.
    groups
        A group of each agent, `[N]`, for example its dialect, for colour and marker.
    ax
        Axes to draw into, one for each property.

    Raises
    ------
    ConfigurationError
        Properties or groups of another number of agents, or infinite values.
    """
    if values.ndim != 1:
        raise ConfigurationError(complaint("values", expected="shape [N]", got=values.shape))
    for name, column in against.items():
        check_length(column, len(values), field=f"against[{name!r}]")
    values = np.asarray(values, dtype=float)
    of = np.zeros(len(values), dtype=int) if groups is None else np.asarray(groups)
    check_length(of, len(values), field="groups")
    with style():
        figure, all_axes = panels(len(against), size=(4.0, 3.2), ax=ax)
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
