"""Activity over time with avalanches shaded, and a raster of the units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Shaped

from hubbub.analysis.figures.style import INK, MUTED, colour, legend_below, style
from hubbub.analysis.temporal import Avalanches
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def activity_raster(
    activity: Shaped[np.ndarray, " T"],
    found: Avalanches,
    *,
    states: Shaped[np.ndarray, "T D"] | None = None,
    first: int = 0,
    last: int | None = None,
    along: str = "step",
) -> Figure:
    """Draw the activity over time with the avalanches shaded.

    Parameters
    ----------
    activity
        Numbers, `[T]`.
    found
        The avalanches of this activity.
    states
        States of D units, `[T, D]`; units with a state above 0 are dots in a raster above the activity.
    first, last
        Steps `first` … `last` − 1 are drawn; by default all.
    along
        Label of the horizontal axis.

    Raises
    ------
    ConfigurationError
        `first` and `last` are not a range of steps.
    """
    from matplotlib.figure import Figure

    activity = np.asarray(activity, dtype=float)
    last = len(activity) if last is None else min(last, len(activity))
    if not 0 <= first < last:
        expected = f"a range of steps within 0 … {len(activity)}"
        raise ConfigurationError(complaint("first, last", expected=expected, got=(first, last)))
    with style():
        figure = Figure(figsize=(6.6, 2.6 if states is None else 4.4), layout="constrained")
        [panel] = figure.subfigures(1, 1, squeeze=False)[0]
        if states is None:
            below = panel.subplots()
        else:
            above, below = panel.subplots(2, 1, sharex=True, height_ratios=(1.3, 1))
            _draw_raster(above, np.asarray(states)[first:last] > 0, first)
        steps = np.arange(first, last)
        shown = (found.deaths > first) & (found.births < last)
        spans = np.stack([found.births, found.deaths], axis=1)[shown].clip(first, last)
        for axes in panel.axes:
            for number, (birth, death) in enumerate(spans):
                name = f"avalanches ({len(spans)})" if number == 0 and axes is below else None
                axes.axvspan(birth - 0.5, death - 0.5, color=colour(1), alpha=0.3, linewidth=0, label=name)
        below.plot(steps, activity[first:last], color=colour(0), linewidth=0.9, drawstyle="steps-mid", label="activity")
        if np.isfinite(found.threshold):
            level = f"threshold: {found.rule}"
            below.axhline(found.threshold, color=MUTED, linestyle=(0, (4, 3)), linewidth=1.0, label=level)
        below.set_xlim(first - 0.5, last - 0.5)
        below.set_xlabel(along)
        below.set_ylabel("activity")
        legend_below(below, columns=3)
    return figure


def _draw_raster(axes: Axes, on: np.ndarray, first: int) -> None:
    from matplotlib.colors import ListedColormap

    axes.imshow(
        np.where(on.T, 1.0, np.nan),
        extent=(first - 0.5, first + len(on) - 0.5, on.shape[1] - 0.5, -0.5),
        cmap=ListedColormap([INK]),
        aspect="auto",
        interpolation="nearest",
        zorder=2,
    )
    axes.set_ylabel("unit")
    axes.tick_params(labelbottom=False)
