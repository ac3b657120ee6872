"""A grid of several systems and several measures, with the transition of each system marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures.style import INK, MUTED, curve_look, panels, style
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CELL = (2.25, 1.35)
"""Width and height of a cell in inches."""


@dataclass(frozen=True)
class AtlasRow:
    """One system, a row of the grid.

    Attributes
    ----------
    along
        Name of the setting that varies, the label of the horizontal axis.
    settings
        T values of it, ascending.
    columns
        By the name of a quantity, T measures, or a text that says why there are none.
    transition
        Setting of the transition, marked with its interval; NaN for none.
    """

    along: str
    settings: Sequence[float]
    columns: Mapping[str, Sequence[Measure] | str]
    transition: Measure


@validated()
def atlas_grid(rows: Mapping[str, AtlasRow], *, ax: Axes | Sequence[Axes] | None = None) -> Figure:
    """Draw a row for each system and a column for each quantity: mean, 95 % interval, the transition as a line.

    Parameters
    ----------
    rows
        Systems by name, all with the same columns.
    ax
        Axes to draw into, one for each cell, row by row.

    Raises
    ------
    ConfigurationError
        No systems, or systems with different columns.
    """
    if not rows or len({tuple(row.columns) for row in rows.values()}) > 1:
        raise ConfigurationError("rows: expected at least one system, all with the same columns")
    titles = list(next(iter(rows.values())).columns)
    with style():
        shape = len(rows), len(titles)
        figure, drawn = _grid(*shape) if ax is None else panels(len(rows) * len(titles), ax=ax)
        grid = np.array(drawn).reshape(shape)
        for at, (name, row) in enumerate(rows.items()):
            for number, title in enumerate(titles):
                axes = grid[at, number]
                _draw(axes, row, title, shade=curve_look(number)["color"])
                if not at:
                    axes.set_title(title)
                if not number:
                    axes.set_ylabel(name, fontweight="bold")
                    axes.set_xlabel(row.along, fontsize=7.5, labelpad=1)
        figure.align_ylabels(grid[:, 0])
    return figure


def _grid(n_rows: int, n_columns: int) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(CELL[0] * n_columns, CELL[1] * n_rows), layout="constrained")
    return figure, list(figure.subplots(n_rows, n_columns, squeeze=False).ravel())


def _draw(axes: Axes, row: AtlasRow, title: str, *, shade: str) -> None:
    from matplotlib.ticker import MaxNLocator

    measures = row.columns[title]
    settings = np.asarray(row.settings, dtype=float)
    axes.set_xlim(settings[0], settings[-1])
    axes.tick_params(labelsize=7, pad=2)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.ticklabel_format(axis="y", scilimits=(-3, 4))
    axes.yaxis.get_offset_text().set_fontsize(7)
    if isinstance(measures, str):
        axes.text(0.5, 0.5, measures, transform=axes.transAxes, ha="center", va="center", color=MUTED, fontsize=7.5)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        return
    values = np.array([measure.value for measure in measures])
    ends = np.array([measure.interval or (measure.value,) * 2 for measure in measures])
    axes.fill_between(settings, ends[:, 0], ends[:, 1], color=shade, alpha=0.22, linewidth=0)
    axes.plot(settings, values, color=shade, linewidth=1.3)
    if np.isfinite(row.transition.value):
        axes.axvspan(*(row.transition.interval or (row.transition.value,) * 2), color=MUTED, alpha=0.15, lw=0)
        axes.axvline(row.transition.value, color=INK, linewidth=0.8, linestyle=(0, (4, 2)))
