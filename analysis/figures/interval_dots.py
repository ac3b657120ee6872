"""Means with confidence intervals, one row for each name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hubbub.analysis.figures.style import colour, panels, short, style
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_TICKS = 5
"""Intervals between ticks at most, so that their numbers stay apart where they have many digits."""


@validated()
def interval_dots(
    panels_of: Mapping[str, Mapping[str, Measure]],
    *,
    along: str,
    columns: int | None = None,
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw one panel for each title with a row for each name: mean, 95 % interval, and single seeds as dots.

    Parameters
    ----------
    panels_of
        By title and name, the measures; `each` of a measure holds the seeds.
    along
        Label of the horizontal axis.
    columns
        How many panels are side by side; all when not given.
    ax
        Axes to draw into, one for each title.
    """
    from matplotlib.ticker import MaxNLocator

    most = max((len(rows) for rows in panels_of.values()), default=0)
    with style():
        figure, axes = panels(len(panels_of), size=(4.6, 0.9 + 0.28 * most), columns=columns, ax=ax)
        for axis, (title, rows) in zip(axes, panels_of.items(), strict=True):
            for place, measure in enumerate(rows.values()):
                low, high = measure.interval or (measure.value,) * 2
                seeds = [seed.value for seed in measure.each]
                axis.plot(seeds, [place] * len(seeds), ".", color=colour(0), alpha=0.4, markersize=4)
                axis.plot([low, high], [place, place], color=colour(0), linewidth=1.4)
                axis.plot(measure.value, place, "o", color=colour(0), markersize=5)
            axis.set_yticks(range(len(rows)), [short(name, longest=44) for name in rows])
            axis.set_ylim(len(rows) - 0.4, -0.6)
            axis.set_title(title)
            axis.set_xlabel(along)
            axis.xaxis.set_major_locator(MaxNLocator(MOST_TICKS))
            axis.grid(axis="x")
            axis.set_axisbelow(True)
    return figure
