"""A quantity of every run against the settings that vary, one panel for each setting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hubbub.analysis.figures.drawing import check_length
from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import colour, panels, short, style
from hubbub.analysis.validation import MAY_BE_NAN, validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MANY_DECADES = 50


@validated(values=MAY_BE_NAN)
def setting_scatter(
    settings: Mapping[str, Sequence[object]],
    values: Float[np.ndarray, " K"],
    *,
    label: str,
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw K values against each setting; categories have places in the order in which they come.

    Parameters
    ----------
    settings
        By name, the K values of each setting, numbers or anything else. Positive numbers that span more than a factor
        of 50 are on a logarithmic axis.
    values
        The quantity `[K]`; NaN is not drawn.
    label
        What the quantity is called.
    ax
        Axes to draw into, one for each setting.

    Raises
    ------
    ConfigurationError
        Settings of another number of values.
    """
    for name, given in settings.items():
        check_length(values, len(given), field="values", of=f"runs of setting {name!r}")
    with style():
        figure, axes = panels(len(settings), size=(3.4, 2.8), columns=3, ax=ax)
        for axis, (name, given) in zip(axes, settings.items(), strict=True):
            numeric = all(isinstance(one, int | float) and not isinstance(one, bool) for one in given)
            words = [str(one) for one in given]
            categories = list(dict.fromkeys(words))
            at = np.array(given if numeric else [categories.index(word) for word in words], dtype=float)
            axis.plot(at, values, "o", color=colour(0), alpha=0.6, markersize=4)
            if not numeric:
                axis.set_xticks(range(len(categories)), [short(word) for word in categories])
                axis.set_xlim(-0.5, len(categories) - 0.5)
            elif at.min() > 0 and at.max() > MANY_DECADES * at.min():
                log_axis(axis, "x")
            axis.set_xlabel(short(name, longest=40))
            axis.set_ylabel(label)
            axis.grid(axis="y")
            axis.set_axisbelow(True)
    return figure
