"""Success and similarity against distance on the graph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.dialects.distance import ByDistance
from hubbub.analysis.figures.style import MUTED, colour, panels, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_TICKS = 9


@dataclass(frozen=True)
class DistanceCurve:
    """A quantity by distance on the graph.

    Attributes
    ----------
    title
        Title of the panel.
    by_distance
        Mean, standard error and number of pairs at each distance.
    colour
        Number of the colour.
    chance
        Chance level, drawn as a line; NaN for none.
    """

    title: str
    by_distance: ByDistance
    colour: int = 0
    chance: float = math.nan


def distance_curves(curves: Sequence[DistanceCurve]) -> Figure:
    """Draw one panel for each quantity: means with 95 % intervals, and the numbers of pairs below the axis.

    Pairs of agents without a path between them are at distance ∞.
    """
    with style():
        figure, all_axes = panels(len(curves), size=(4.3, 3.3))
        for axes, curve in zip(all_axes, curves, strict=True):
            _draw(axes, curve)
    return figure


def _draw(axes: Axes, curve: DistanceCurve) -> None:
    found = curve.by_distance
    finite = np.isfinite(found.distance)
    furthest = found.distance[finite].max(initial=0)
    places = np.where(finite, found.distance, furthest + 1.5)
    axes.set_title(curve.title)
    if not math.isnan(curve.chance):
        axes.axhline(curve.chance, color=MUTED, linestyle=(0, (4, 3)), linewidth=1.1)
        axes.annotate(
            "chance",
            (1, curve.chance),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            color=MUTED,
            fontsize=8,
        )
    whisker = 1.96 * np.nan_to_num(found.standard_error)
    options: dict[str, Any] = {
        "color": colour(curve.colour),
        "fmt": "o-",
        "capsize": 2.5,
        "elinewidth": 1.0,
        "clip_on": False,
    }
    for chosen, face in ((finite, colour(curve.colour)), (~finite, "none")):
        if chosen.any():
            axes.errorbar(places[chosen], found.mean[chosen], yerr=whisker[chosen], mfc=face, **options)
    every = -(-int(finite.sum()) // MAX_TICKS) or 1
    shown = [*range(0, int(finite.sum()), every), *np.flatnonzero(~finite).tolist()]
    axes.set_xticks(places[shown], [_tick(found, i) for i in shown])
    axes.set_ylim(0, 1.02)
    axes.set_xlim(min(places, default=1) - 0.3, max(places, default=1) + 0.3)
    axes.set_xlabel("distance from speaker to listener in hops\n(number of pairs)")
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _tick(found: ByDistance, i: int) -> str:
    hops = f"{found.distance[i]:.0f}" if np.isfinite(found.distance[i]) else "∞"
    return f"{hops}\n({found.pairs[i]:,})"
