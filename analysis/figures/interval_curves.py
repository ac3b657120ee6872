"""Means with confidence intervals against a setting that varies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.style import curve_look, legend_below, panels, style
from hubbub.analysis.measure import Measure
from hubbub.analysis.trainings import curves_of_networks
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run

MAX_LABEL_LENGTH = 24
"""Largest number of characters of labels for which the legend has two columns."""


@dataclass(frozen=True)
class Varied:
    """One quantity against a setting: T settings and a measure at each; `each` of a measure holds the seeds."""

    settings: Sequence[float]
    measures: Sequence[Measure]

    def __post_init__(self) -> None:
        if len(self.settings) != len(self.measures):
            expected, got = f"one for each of the {len(self.settings)} settings", len(self.measures)
            raise ConfigurationError(complaint("measures", expected=expected, got=got))


def _of_run(run: Run) -> Mapping[str, Any]:
    panels_of = {
        name.replace("_", " "): {label: Varied(*curve) for label, curve in lines.items()}
        for name, lines in curves_of_networks(run).items()
    }
    return {"panels_of": panels_of, "along": "training step", "limits": None}


@of_run(_of_run)
@validated()
def interval_curves(
    panels_of: Mapping[str, Mapping[str, Varied]],
    *,
    along: str,
    logarithmic: bool = False,
    limits: tuple[float, float] | None = (0.0, 1.02),
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw one panel for each title with a line for each label: mean, 95 % interval, and single seeds as dots.

    Of a run of networks in training: every metric over the steps, with a line for each setting.

    Parameters
    ----------
    panels_of
        By title and label, the values to draw.
    along
        Label of the horizontal axis, the setting that varies.
    logarithmic
        Whether the horizontal axis is logarithmic, with ticks at the settings.
    limits
        Limits of the vertical axis; None for automatic limits.
    ax
        Axes to draw into, one for each title.
    """
    from matplotlib.ticker import MaxNLocator

    with style():
        figure, axes = panels(len(panels_of), size=(4.3, 3.3), columns=3 if len(panels_of) < 4 else 2, ax=ax)
        for axis, (title, lines) in zip(axes, panels_of.items(), strict=True):
            for number, (label, varied) in enumerate(lines.items()):
                at = np.asarray(varied.settings, dtype=float)
                values = np.array([measure.value for measure in varied.measures])
                ends = np.array([measure.interval or (measure.value,) * 2 for measure in varied.measures])
                look = curve_look(number)
                shade = look["color"]
                axis.fill_between(at, ends[:, 0], ends[:, 1], color=shade, alpha=0.18, linewidth=0)
                axis.plot(at, values, markersize=4, **look, label=label)
                for place, measure in zip(at, varied.measures, strict=True):
                    seeds = [seed.value for seed in measure.each]
                    axis.plot([place] * len(seeds), seeds, ".", color=shade, alpha=0.35, markersize=3)
            if logarithmic:
                ticks = sorted({setting for varied in lines.values() for setting in varied.settings})
                axis.set_xscale("log")
                axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
                axis.minorticks_off()
            elif all(float(setting).is_integer() for varied in lines.values() for setting in varied.settings):
                axis.xaxis.set_major_locator(MaxNLocator(integer=True))
            if limits is not None:
                axis.set_ylim(*limits)
            axis.set_title(title)
            axis.set_xlabel(along)
            axis.grid(axis="y")
            axis.set_axisbelow(True)
            if len(lines) > 1:
                legend_below(axis, columns=2 if max(map(len, lines)) <= MAX_LABEL_LENGTH else 1)
    return figure
