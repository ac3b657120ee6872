"""The values of the trials of an adaptive study in their order, and the best one so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hubbub.analysis.figures.style import INK, colour, legend_below, panels, style
from hubbub.analysis.validation import MAY_BE_NAN, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@validated(values=MAY_BE_NAN)
def trial_curve(values: Float[np.ndarray, " T"], *, label: str, maximize: bool, ax: Axes | None = None) -> Figure:
    """Draw the values of T trials, and a line for the best value so far.

    Parameters
    ----------
    values
        `[T]` in the order of the trials; NaN for those that failed.
    label
        What the value is called.
    maximize
        Whether larger values are better.
    ax
        Axes to draw into.

    Raises
    ------
    ConfigurationError
        The values are no row.
    """
    if values.ndim != 1:
        raise ConfigurationError(complaint("values", expected="shape [T]", got=values.shape))
    from matplotlib.ticker import MaxNLocator

    with style():
        figure, [axes] = panels(1, size=(4.6, 3.2), ax=ax)
        trials = np.arange(len(values))
        better = np.fmax.accumulate(values) if maximize else np.fmin.accumulate(values)
        axes.plot(trials, values, "o", color=colour(0), alpha=0.6, markersize=4, label="value of a trial")
        axes.step(trials, better, where="post", color=INK, linewidth=1.2, label="best so far")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("trial")
        axes.set_ylabel(label)
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        legend_below(axes)
    return figure
