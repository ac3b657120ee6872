"""Activity over time with avalanches shaded, and a raster of the units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Real

from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.style import MUTED, UNKNOWN, colour, legend_below, panels, style
from hubbub.analysis.temporal import Avalanches
from hubbub.analysis.temporal.recorded import recorded_activity
from hubbub.analysis.validation import Limits, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run


def _of_run(run: Run, copy: int = 0) -> Mapping[str, Any]:
    activity, found = recorded_activity(run, copy)
    return {"activity": activity, "found": found}


@of_run(_of_run)
@validated(first=Limits(), last=Limits())
def activity_raster(
    activity: Real[np.ndarray, " T"],
    found: Avalanches,
    *,
    states: Real[np.ndarray, "T D"] | Bool[np.ndarray, "T D"] | None = None,
    first: int = 0,
    last: int | None = None,
    along: str = "step",
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw the activity over time with the avalanches shaded; of a run: of its copy 0, or `copy`, after the burn-in.

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
    ax
        Axes to draw into; with `states` two of them, the raster first.

    Raises
    ------
    ConfigurationError
        `first` and `last` are not a range of steps, or the states are of other steps.
    """
    if activity.ndim != 1 or (states is not None and (states.ndim != 2 or len(states) != len(activity))):
        got = (activity.shape,) if states is None else (activity.shape, states.shape)
        raise ConfigurationError(complaint("activity, states", expected="shapes [T] and [T, D]", got=got))
    activity = np.asarray(activity, dtype=float)
    last = len(activity) if last is None else min(last, len(activity))
    if not 0 <= first < last:
        expected = f"a range of steps within 0 … {len(activity)}"
        raise ConfigurationError(complaint("first, last", expected=expected, got=(first, last)))
    with style():
        if states is None:
            figure, drawn = panels(1, size=(4.6, 2.8), ax=ax)
        else:
            figure, drawn = panels(2, ax=ax) if ax is not None else _one_above_the_other()
            _draw_raster(drawn[0], np.asarray(states)[first:last] > 0, first)
        below = drawn[-1]
        steps = np.arange(first, last)
        shown = (found.deaths > first) & (found.births < last)
        spans = np.stack([found.births, found.deaths], axis=1)[shown].clip(first, last)
        for axes in drawn:
            for number, (birth, death) in enumerate(spans):
                name = f"avalanches ({len(spans)})" if number == 0 and axes is below else "_nolegend_"
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


def _one_above_the_other() -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.6, 4.6), layout="constrained")
    [panel] = figure.subfigures(1, 1, squeeze=False)[0]
    return figure, list(panel.subplots(2, 1, sharex=True, height_ratios=(1.3, 1)))


def _draw_raster(axes: Axes, on: np.ndarray, first: int) -> None:
    from matplotlib.colors import ListedColormap

    axes.imshow(
        np.where(on.T, 1.0, np.nan),
        extent=(first - 0.5, first + len(on) - 0.5, on.shape[1] - 0.5, -0.5),
        cmap=ListedColormap([UNKNOWN]),
        aspect="auto",
        interpolation="nearest",
        zorder=2,
    )
    axes.set_ylabel("unit")
    axes.tick_params(labelbottom=False)
