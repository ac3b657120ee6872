"""Success and similarity against distance on the graph."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.dialects.distance import ByDistance, by_distance
from hubbub.analysis.dialects.success import chance_success
from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.style import MUTED, colour, panels, style
from hubbub.analysis.language.similarity import similarity_matrix
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

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


def _of_run(run: Run) -> Mapping[str, Any]:
    lexicon, n_agents = run.lexicon(), len(run.agents().names)
    trained, edges = lexicon.splits["train"], run.edges(lexicon.step)
    alike = similarity_matrix(trained.messages, lengths=trained.lengths)
    return {
        "curves": [
            DistanceCurve("Success", by_distance(trained.success, edges, n_agents), chance=chance_success(run)),
            DistanceCurve("Similarity of messages", by_distance(alike, edges, n_agents), 4),
        ]
    }


@of_run(_of_run)
@validated()
def distance_curves(curves: Sequence[DistanceCurve], *, ax: Axes | Sequence[Axes] | None = None) -> Figure:
    """Draw one panel for each quantity: means with 95 % intervals, and the numbers of pairs below the axis.

    Pairs of agents without a path between them are at distance ∞. Of a run: success and similarity of messages at its
    last lexicon.

    Parameters
    ----------
    curves
        The quantities by distance.
    ax
        Axes to draw into, one for each quantity.
    """
    with style():
        figure, all_axes = panels(len(curves), size=(4.3, 3.3), ax=ax)
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
    return f"{hops}\n({_counted(int(found.pairs[i]))})"


def _counted(n: int) -> str:
    """Return a number with at most four characters, in thousands or millions where it is large."""
    if n < 10_000:
        return str(n)
    return f"{n / 1e3:.0f}k" if n < 1_000_000 else f"{n / 1e6:.0f}M" if n >= 10_000_000 else f"{n / 1e6:.1f}M"
