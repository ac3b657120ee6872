"""Many systems side by side under the same measures, with the transition of each marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.figures.style import INK, MUTED, colour, style
from analysis.measure import Measure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL = (2.0, 1.55)


@dataclass(frozen=True)
class AtlasColumn:
    """One system: `along` names its axis, with `settings [T]`.

    `rows` has the measures `[T]` of each quantity, or why there are none. `transition` is marked with its interval.
    """

    along: str
    settings: Sequence[float]
    rows: Mapping[str, Sequence[Measure] | str]
    transition: Measure


def atlas_grid(columns: Mapping[str, AtlasColumn]) -> Figure:
    """Draw a column for each system and a row for each quantity: mean, 95 % interval, the transition as a line."""
    from matplotlib.figure import Figure

    titles = list(next(iter(columns.values())).rows)
    with style():
        figure = Figure(figsize=(CELL[0] * len(columns), CELL[1] * len(titles)), layout="constrained")
        grid = figure.subplots(len(titles), len(columns), squeeze=False)
        for at, (name, column) in enumerate(columns.items()):
            for row, title in enumerate(titles):
                axes = grid[row, at]
                _draw(axes, column, title, shade=colour(row))
                if not row:
                    axes.set_title(name, fontsize=8)
                if not at:
                    axes.set_ylabel(title, fontsize=8)
                if row == len(titles) - 1:
                    axes.set_xlabel(column.along, fontsize=7.5)
                else:
                    axes.tick_params(labelbottom=False)
        figure.align_ylabels(grid[:, 0])
    return figure


def _draw(axes: Axes, column: AtlasColumn, title: str, *, shade: str) -> None:
    from matplotlib.ticker import MaxNLocator

    measures = column.rows[title]
    settings = np.asarray(column.settings, dtype=float)
    axes.set_xlim(settings[0], settings[-1])
    axes.tick_params(labelsize=6.5)
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    if isinstance(measures, str):
        axes.text(0.5, 0.5, measures, transform=axes.transAxes, ha="center", va="center", color=MUTED, fontsize=6.5)
        axes.set_yticks([])
        return
    values = np.array([measure.value for measure in measures])
    ends = np.array([measure.interval or (measure.value,) * 2 for measure in measures])
    axes.fill_between(settings, ends[:, 0], ends[:, 1], color=shade, alpha=0.22, linewidth=0)
    axes.plot(settings, values, color=shade, linewidth=1.3)
    if np.isfinite(column.transition.value):
        axes.axvspan(*(column.transition.interval or (column.transition.value,) * 2), color=MUTED, alpha=0.15, lw=0)
        axes.axvline(column.transition.value, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
