"""Curves over training, every seed thin beside their mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import colour, legend_below, panels, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class SeedCurves:
    """One quantity of S seeds `[S, T]` at places `[T]`."""

    at: np.ndarray
    values: np.ndarray


def seed_curves(panels_of: Mapping[str, Mapping[str, SeedCurves]], *, along: Mapping[str, str]) -> Figure:
    """Draw one panel for each title in `panels_of`, in it a line for each label, between 0 and 1.

    `along` names the horizontal axis of every panel, which is logarithmic.
    """
    with style():
        figure, axes = panels(len(panels_of), size=(4.3, 3.6), columns=2)
        for axis, (title, lines) in zip(axes, panels_of.items(), strict=True):
            for number, (label, curves) in enumerate(lines.items()):
                shade, shown = colour(number), curves.at > 0
                axis.plot(curves.at[shown], curves.values[:, shown].T, color=shade, alpha=0.25, linewidth=0.6)
                axis.plot(curves.at[shown], curves.values[:, shown].mean(axis=0), color=shade, label=label)
            log_axis(axis, "x")
            axis.set_ylim(-0.02, 1.02)
            axis.set_title(title)
            axis.set_xlabel(along[title])
            axis.grid(axis="y")
            axis.set_axisbelow(True)
            legend_below(axis, columns=3)
    return figure
