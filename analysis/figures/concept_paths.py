"""Paths through concept space over training, one panel for each setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hubbub.analysis.figures.style import PAPER, curve_look, legend_below, panels, style
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@validated()
def concept_paths(
    panels_of: Mapping[str, Mapping[str, Float[np.ndarray, "S T 2"]]],
    *,
    x_label: str,
    y_label: str,
    columns: int = 3,
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw one panel for each title with one path for each label: the mean over seeds, and every seed as a thin line.

    The first point of a mean path has a hollow marker, the last a filled one.

    Parameters
    ----------
    panels_of
        By title and label, the paths of S seeds at T steps in two dimensions, `[S, T, 2]`, within 0 … 1.
    x_label, y_label
        Labels of the axes.
    columns
        Largest number of panels side by side.
    ax
        Axes to draw into, one for each title.
    """
    with style():
        figure, axes = panels(len(panels_of), size=(3.4, 3.5), columns=columns, ax=ax)
        for axis, (title, paths) in zip(axes, panels_of.items(), strict=True):
            for number, (label, path) in enumerate(paths.items()):
                look = curve_look(number)
                for seed in path:
                    axis.plot(*seed.T, color=look["color"], alpha=0.2, linewidth=0.7)
                mean = path.mean(axis=0)
                axis.plot(*mean.T, **look, label=label, markevery=[-1], markersize=7)
                axis.plot(*mean[:1].T, **look, markerfacecolor=PAPER, markersize=7)
            axis.set_xlim(-0.05, 1.05)
            axis.set_ylim(-0.05, 1.05)
            axis.set_title(title)
            axis.set_xlabel(x_label)
            axis.set_ylabel(y_label)
            axis.grid()
            axis.set_axisbelow(True)
            if len(paths) > 1:
                legend_below(axis, columns=2)
    return figure
