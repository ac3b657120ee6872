"""A table of pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Real

from hubbub.analysis.figures.style import INK, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def picture_table(
    pictures: Real[np.ndarray, "rows columns height width ..."],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    framed: Sequence[tuple[int, int]] = (),
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
    """
    from matplotlib.figure import Figure

    with style():
        figure = Figure(figsize=(1.5 * len(columns) + 0.3, 1.6 * len(rows)), layout="constrained")
        axes = figure.subplots(len(rows), len(columns), squeeze=False)
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
