"""The action of a policy at every point of a plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from hubbub.analysis.figures.style import INK, panels, style
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@validated(stated_shapes=True)
def policy_maps(
    maps: Mapping[str, Float[np.ndarray, "Y X"]],
    *,
    x: Float[np.ndarray, " X"],
    y: Float[np.ndarray, " Y"],
    curve: Float[np.ndarray, " Y"],
    x_label: str,
    y_label: str,
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw one panel for each policy; colour is the action, from −1 to 1.

    Parameters
    ----------
    maps
        By title, the actions on a grid, `[Y, X]`.
    x, y
        Coordinates of the grid, `[X]` and `[Y]`.
    curve
        x at each y, `[Y]`, drawn as a dashed line, for example where the sign of the optimal action changes.
    x_label, y_label
        Labels of the axes.
    ax
        Axes to draw into, one for each policy.

    Raises
    ------
    ConfigurationError
        Coordinates that do not fit the actions.
    """
    for title, actions in maps.items():
        if actions.shape != (len(y), len(x)):
            expected = f"shape [{len(y)}, {len(x)}], as y and x"
            raise ConfigurationError(complaint(f"maps[{title!r}]", expected=expected, got=actions.shape))
    with style():
        figure, axes = panels(len(maps), size=(3.5, 3.2), columns=min(3, len(maps)), ax=ax)
        for axis, (title, actions) in zip(axes, maps.items(), strict=True):
            image = axis.pcolormesh(x, y, actions, cmap="RdBu_r", vmin=-1, vmax=1, rasterized=True, shading="nearest")
            axis.plot(curve, y, color=INK, linewidth=1.4, linestyle="--")
            axis.set_xlim(x[0], x[-1])
            axis.set_title(title)
            axis.set_xlabel(x_label)
            axis.set_ylabel(y_label)
            figure.colorbar(image, ax=axis, ticks=[-1, 0, 1])
    return figure
