"""A table of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Real

from hubbub.analysis.figures.style import INK, panels, style
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@validated()
def picture_table(
    pictures: Real[np.ndarray, "rows columns height width ..."],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    framed: Sequence[tuple[int, int]] = (),
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw pictures in rows and columns.

    Parameters
    ----------
    pictures
        Grey pictures `[rows, columns, height, width]` (the smallest value is black), or pictures with a last axis of
        3 colours.
    rows, columns
        Names of the rows and columns.
    framed
        Row and column of the pictures that get a frame.
    ax
        Axes to draw into, one for each picture, row by row.

    Raises
    ------
    ConfigurationError
        Pictures of another number of rows or columns.
    """
    shape = pictures.shape
    if shape[:2] != (len(rows), len(columns)) or len(shape) not in (4, 5) or shape[4:] not in ((), (3,)):
        expected = f"shape [{len(rows)}, {len(columns)}, height, width] or that with 3 colours"
        raise ConfigurationError(complaint("pictures", expected=expected, got=shape))
    with style():
        figure, drawn = _grid(len(rows), len(columns)) if ax is None else panels(len(rows) * len(columns), ax=ax)
        axes = np.array(drawn).reshape(len(rows), len(columns))
        lowest, highest = float(pictures.min()), float(pictures.max())
        for row, name in enumerate(rows):
            for column, title in enumerate(columns):
                axis = axes[row, column]
                axis.imshow(pictures[row, column], cmap="gray", vmin=lowest, vmax=highest)
                axis.set_xticks([])
                axis.set_yticks([])
                for side in axis.spines.values():
                    side.set(visible=(row, column) in framed, color=INK, linewidth=2.5)
                if not row:
                    axis.set_title(title)
                if not column:
                    axis.set_ylabel(name)
    return figure


def _grid(n_rows: int, n_columns: int) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1.5 * n_columns + 0.3, 1.6 * n_rows), layout="constrained")
    return figure, list(figure.subplots(n_rows, n_columns, squeeze=False).ravel())
