"""Two measures against each other over training, from the first step to the last, for each setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Real

from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import PAPER, curve_look, legend_below, panels, style
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Trajectories:
    """Two measures of S seeds at T steps, `[S, T]` each.

    Raises
    ------
    ConfigurationError
        The two have different shapes, not two axes, or no seeds or steps.
    """

    x: Real[np.ndarray, "S T"]
    y: Real[np.ndarray, "S T"]

    def __post_init__(self) -> None:
        shapes = np.shape(self.x), np.shape(self.y)
        if len(shapes[0]) != 2 or shapes[0] != shapes[1] or 0 in shapes[0]:
            raise ConfigurationError(complaint("x, y", expected="two arrays of one shape [S, T]", got=shapes))


@validated()
def phase_plane(
    lines: Mapping[str, Trajectories],
    *,
    x_label: str,
    y_label: str,
    logarithmic: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw the mean over seeds of each setting as a line, and every seed as a thin line.

    The first point of a mean has a hollow marker, the last a filled one.

    Parameters
    ----------
    lines
        The two measures `[S, T]` by the name of a setting.
    x_label, y_label
        Labels of the axes.
    logarithmic
        Whether the vertical axis is logarithmic; then values that are not positive are not drawn.
    ax
        Axes to draw into.
    """
    with style():
        figure, [axes] = panels(1, size=(4.6, 4.0), ax=ax)
        for number, (name, line) in enumerate(lines.items()):
            x, y = np.asarray(line.x, dtype=float), np.asarray(line.y, dtype=float)
            if logarithmic:
                y = np.where(y > 0, y, np.nan)
            look = curve_look(number)
            axes.plot(x.T, y.T, color=look["color"], alpha=0.25, linewidth=0.8)
            mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
            axes.plot(mean_x, mean_y, **look, label=name, markevery=[-1], markersize=7)
            axes.plot(mean_x[:1], mean_y[:1], **look, markerfacecolor=PAPER, markersize=7)
        if logarithmic:
            log_axis(axes, "y")
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.grid()
        axes.set_axisbelow(True)
        legend_below(axes, columns=4)
    return figure
