"""A figure in another size: what does not fit there is arranged anew, or left away, and comes back afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from hubbub.analysis.figures.style import add_legend, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import LayoutEngine


ENGINES: WeakKeyDictionary[Figure, LayoutEngine] = WeakKeyDictionary()
"""The layout engines of figures in which everything was placed once."""


def place_once(figure: Figure) -> None:
    """Place everything in a figure and keep the places, since finding them takes longer than drawing."""
    if engine := figure.get_layout_engine():
        engine.execute(figure)
        figure.set_layout_engine(None)
        ENGINES[figure] = engine


@contextmanager
def fitted(figure: Figure, width: float | None = None, height: float | None = None) -> Iterator[None]:
    """Give a figure a size in inches inside this context; without a width its own, without a height its axes keep form.

    Everything is placed anew. Legends that would be cut get fewer columns, and the names of ticks are left away on an
    axis where they would cover each other, such as those of the rows of a matrix.
    """
    before = figure.get_size_inches().tolist()
    undo: list[Callable[[], Any]] = []
    engine = ENGINES.pop(figure, None) or figure.get_layout_engine()
    figure.set_layout_engine(engine)
    try:
        if width is not None:
            with style():
                figure.draw_without_rendering()
                shrunk = before[1] - _height_of_axes(figure) * (1 - width / before[0])
                figure.set_size_inches(width, height or shrunk)
                figure.draw_without_rendering()
                undo += _narrower_legends(figure, grow=height is None)
                undo += _hidden_ticks(figure)
        yield
    finally:
        for back in undo:
            back()
        figure.set_size_inches(*before)
        figure.set_layout_engine(engine)


def _height_of_axes(figure: Figure) -> float:
    """Return the height in inches of that part of a figure which all axes together extend over."""
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

    return float(Bbox.union([axes.get_window_extent() for axes in figure.findobj(Axes)]).height / figure.dpi)


def _narrower_legends(figure: Figure, *, grow: bool) -> list[Callable[[], Any]]:
    from matplotlib.figure import SubFigure
    from matplotlib.legend import Legend

    undo: list[Callable[[], Any]] = []
    for legend in figure.findobj(Legend):
        panel = legend.figure
        if not isinstance(panel, SubFigure) or legend not in panel.legends:
            continue
        needed, room, high = legend.get_window_extent().width, panel.bbox.width, legend.get_window_extent().height
        if needed > room:
            labels = [text.get_text() for text in legend.get_texts()]
            legend.set(visible=False, in_layout=False)
            narrow = add_legend(panel, legend.legend_handles, labels, columns=1)
            if 2 * narrow.get_window_extent().width < room and len(labels) > 2:
                narrow.remove()
                narrow = add_legend(panel, legend.legend_handles, labels, columns=2)
            if grow:
                added = (narrow.get_window_extent().height - high) / figure.dpi
                wide, tall = figure.get_size_inches().tolist()
                figure.set_size_inches(wide, tall + added)
            undo += [narrow.remove, partial(legend.set, visible=True, in_layout=True)]
    return undo


def _hidden_ticks(figure: Figure) -> list[Callable[[], Any]]:
    from matplotlib.axes import Axes

    undo: list[Callable[[], Any]] = []
    for axes in figure.findobj(Axes):
        for across, labels in ((0, axes.get_xticklabels()), (1, axes.get_yticklabels())):
            shown = [label for label in labels if label.get_visible() and label.get_text()]
            boxes = np.array([label.get_window_extent().extents for label in shown]).reshape(-1, 4)
            boxes = boxes[np.argsort(boxes[:, across])]
            if any(upper[across] < lower[across + 2] - 1 for lower, upper in pairwise(boxes)):
                for label in shown:
                    label.set_visible(False)
                undo += [partial(label.set_visible, True) for label in shown]
    return undo
