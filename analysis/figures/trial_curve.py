"""The values of the trials of an adaptive study in their order, and the best one so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hubbub.analysis.figures.style import INK, colour, legend_below, panels, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def trial_curve(values: Float[np.ndarray, " T"], *, label: str, maximize: bool) -> Figure:
    """Draw the values of T trials, and a line for the best value so far.

    Parameters
    ----------
    values
        `[T]` in the order of the trials; NaN for those that failed.
    label
        What the value is called.
    maximize
        Whether larger values are better.
    """
    from matplotlib.ticker import MaxNLocator

    with style():
        figure, [axes] = panels(1, size=(6.2, 3.2))
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
