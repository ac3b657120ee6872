"""Curves as text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from rich.text import Text

from hubbub.analysis.page.thinning import thinned
from hubbub.analysis.text import printable
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.store.curves import Series

COLOURS = ("cyan", "yellow", "magenta", "green", "blue", "red", "white")
MOST_POINTS = 400
AXIS_WIDTH, ARROW_WIDTH = 13, 12


def plot(curves: Mapping[str, Series], *, width: int, height: int, title: str) -> Text | None:
    """Return curves of one metric as text of about `width` × `height` characters; None where no value is finite.

    With several curves, each has a colour of its own, in their order.
    """
    import plotille

    figure = plotille.Figure()
    figure.width, figure.height = max(width - AXIS_WIDTH - ARROW_WIDTH, 10), max(height - 4, 3)
    figure.color_mode = "names"
    figure.x_label, figure.y_label = "step", ""
    figure.register_label_formatter(float, _label)
    figure.register_label_formatter(int, _label)
    figure.origin = False
    low, high, last = math.inf, -math.inf, 0
    for number, (steps, values) in enumerate(curves.values()):
        known = np.flatnonzero(np.isfinite(values))
        if not len(known):
            continue
        shown = thinned(known.tolist(), MOST_POINTS)
        draw = figure.plot if len(shown) > 1 else figure.scatter  # a single point is no line
        draw(steps[shown].tolist(), values[shown].tolist(), lc=COLOURS[number % len(COLOURS)])
        low, high = min(low, float(values[known].min())), max(high, float(values[known].max()))
        last = max(last, int(steps[known[-1]]))
    if low > high:
        return None
    room = (high - low) * 0.05 or max(abs(high) * 0.05, 0.05)
    figure.set_y_limits(0 if 0 <= low <= room * 3 else low - room, high + room)
    figure.set_x_limits(0, max(last, 1) * (1 + 1 / figure.width))  # what lies on the right border is not drawn
    drawn = Text.from_ansi(
        figure.show().partition("\n")[2]
    )  # the first line names the vertical axis, as the title does
    return Text.assemble(Text(printable(title), "bold"), "\n", drawn)


def chosen(known: Sequence[str], wanted: Sequence[str], *, first: Sequence[str], most: int) -> list[str]:
    """Return the metrics that are wanted; with none wanted, those of `first`, or else the first ones.

    Raises
    ------
    ConfigurationError
        Metrics were recorded, but not one that is wanted.
    """
    for name in wanted:
        if known and name not in known:
            expected = f"one of {', '.join(map(printable, known))}"
            raise ConfigurationError(complaint("metric", expected=expected, got=name, valid=known))
    if wanted:
        return [name for name in wanted if name in known]
    return ([name for name in first if name in known] or list(known))[:most]


def _label(value: float, *, chars: int, delta: float, left: bool = False) -> str:
    """Return a number at an axis that spans `delta`, with as many digits as its ticks need."""
    digits = max(0, math.ceil(-math.log10(delta / 10))) if delta > 0 else 0
    text = f"{value:,.{digits}f}" if digits < 6 and abs(value) < 1e7 else f"{value:.3g}"
    return text[:chars].ljust(chars) if left else text[:chars].rjust(chars)
