"""Histograms of actions between their bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hubbub.analysis.figures.style import colour, panels, style
from hubbub.analysis.validation import MAY_BE_NAN, validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BINS = 41


@validated(actions_of=MAY_BE_NAN)
def action_histograms(
    actions_of: Mapping[str, Float[np.ndarray, " ..."]], *, ax: Axes | Sequence[Axes] | None = None
) -> Figure:
    """Draw one panel for each title: the share of its actions in each of 41 bins from −1 to 1.

    Parameters
    ----------
    actions_of
        Actions of any shape `[…]` by title; NaN is left out.
    ax
        Axes to draw into, one for each title.
    """
    with style():
        figure, axes = panels(len(actions_of), size=(3.6, 2.9), columns=3 if len(actions_of) > 4 else 2, ax=ax)
        for axis, (title, actions) in zip(axes, actions_of.items(), strict=True):
            known = actions[~np.isnan(actions)]
            shares, edges = np.histogram(known, bins=BINS, range=(-1, 1))
            axis.stairs(shares / len(known), edges, color=colour(0), fill=True)
            axis.set_title(title)
            axis.set_xlabel("action")
            axis.set_ylabel("share")
            axis.set_xticks([-1, 0, 1])
    return figure
