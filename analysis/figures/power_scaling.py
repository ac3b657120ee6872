"""A quantity against size on logarithmic axes, with a power law for comparison."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import MUTED, curve_look, legend_below, panels, style
from hubbub.analysis.validation import MAY_BE_NAN, POSITIVE, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@validated(lines=MAY_BE_NAN, sizes=POSITIVE)
def power_scaling(
    lines: Mapping[str, Float[np.ndarray, "S T"]],
    sizes: Real[np.ndarray, " T"],
    *,
    exponent: float,
    x_label: str,
    y_label: str,
    ax: Axes | None = None,
) -> Figure:
    """Draw values of S seeds at T sizes, with a power law through the first mean of each line.

    A line is the geometric mean over seeds; NaN is left out.

    Parameters
    ----------
    lines
        Values `[S, T]` by name.
    sizes
        Sizes `[T]`.
    exponent
        Exponent of the power law.
    x_label, y_label
        Labels of the axes.
    ax
        Axes to draw into.

    Raises
    ------
    ConfigurationError
        Values of another number of sizes.
    """
    for name, values in lines.items():
        if values.ndim != 2 or sizes.shape != values.shape[1:]:
            got = (values.shape, sizes.shape)
            raise ConfigurationError(complaint(f"lines[{name!r}], sizes", expected="shapes [S, T] and [T]", got=got))
    with style():
        figure, [axes] = panels(1, size=(4.6, 4.2), ax=ax)
        for number, (name, values) in enumerate(lines.items()):
            look = curve_look(number)
            means = np.array([_geometric_mean(of[np.isfinite(of)]) for of in values.T])
            axes.plot(np.broadcast_to(sizes, values.shape), values, ".", color=look["color"], alpha=0.35, markersize=4)
            axes.plot(sizes, means, **look, label=name)
            axes.plot(sizes, means[0] * (sizes / sizes[0]) ** exponent, "--", color=MUTED, linewidth=0.9)
        axes.plot([], [], "--", color=MUTED, linewidth=0.9, label=f"power {exponent:g}")
        log_axis(axes, "x")
        log_axis(axes, "y")
        axes.set_xticks(sizes, [f"{size:g}" for size in sizes])
        axes.minorticks_off()
        axes.set_xlabel(x_label)
        axes.set_ylabel(y_label)
        axes.grid()
        axes.set_axisbelow(True)
        legend_below(axes, columns=2)
    return figure


def _geometric_mean(values: np.ndarray) -> float:
    return float(np.exp(np.log(values).mean())) if len(values) else math.nan
