"""Logarithmic axes whose tick labels are plain text; mathematical markup is switched off in these figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SHORT_DECADES = 1.5
"""An axis of fewer decades has tick labels at 2 and 5 also."""


def log_axis(axes: Axes, which: str) -> None:
    """Make the "x" or "y" axis logarithmic, with tick labels 0.1, 1, 10, 100 and, outside this range, 10³ or 10⁻².

    A short axis has tick labels also at 2 and 5 of every decade.
    """
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")

    def between(value: float, _: object) -> str:
        low, high = sorted(axis.get_view_interval())
        short = math.log10(high / low) < SHORT_DECADES
        return f"{value:g}" if short and f"{value:e}"[0] in "25" else ""

    axis.set_major_formatter(lambda value, _: power_of_ten(value))
    axis.set_minor_formatter(between)


def power_of_ten(value: float) -> str:
    """Return the label of a tick at a power of ten; "" for values that are not positive."""
    if not value > 0:
        return ""
    exponent = round(math.log10(value))
    return f"{value:g}" if -1 <= exponent <= 2 else f"10{str(exponent).translate(SUPERSCRIPT)}"
