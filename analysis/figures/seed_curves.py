"""Curves over training: the mean over seeds, and every seed as a thin line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Real

from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import curve_look, legend_below, panels, style
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class SeedCurves:
    """Values of S seeds, `[S, T]`, at T positions on the horizontal axis, `[T]`, for example training steps."""

    at: Real[np.ndarray, " T"]
    values: Real[np.ndarray, "S T"]


@validated()
def seed_curves(
    panels_of: Mapping[str, Mapping[str, SeedCurves]],
    *,
    along: Mapping[str, str],
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw one panel for each title with a line for each label; values lie between 0 and 1.

    Parameters
    ----------
    panels_of
        By title and label, the curves.
    along
        By title, the label of the horizontal axis, which is logarithmic; positions that are not positive are not drawn.
    ax
        Axes to draw into, one for each title.
    """
    with style():
        figure, axes = panels(len(panels_of), size=(4.3, 3.6), columns=2, ax=ax)
        for axis, (title, lines) in zip(axes, panels_of.items(), strict=True):
            for number, (label, curves) in enumerate(lines.items()):
                look, shown = {**curve_look(number), "marker": ""}, curves.at > 0
                axis.plot(curves.at[shown], curves.values[:, shown].T, color=look["color"], alpha=0.25, linewidth=0.6)
                axis.plot(curves.at[shown], curves.values[:, shown].mean(axis=0), **look, label=label)
            log_axis(axis, "x")
            axis.set_ylim(-0.02, 1.02)
            axis.set_title(title)
            axis.set_xlabel(along[title])
            axis.grid(axis="y")
            axis.set_axisbelow(True)
            legend_below(axis, columns=3)
    return figure
