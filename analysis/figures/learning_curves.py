"""Success and similarity of a population over training steps and games."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Real

from hubbub.analysis.dialects.success import chance_success
from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.style import MARKERS, MUTED, colour, legend_below, panels, style
from hubbub.analysis.validation import MAY_BE_NAN, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run


@dataclass(frozen=True)
class Curve:
    """Values `[T]` at training steps `[T]`."""

    steps: Real[np.ndarray, " T"]
    values: Real[np.ndarray, " T"]

    def __post_init__(self) -> None:
        if np.ndim(self.steps) != 1 or np.shape(self.steps) != np.shape(self.values):
            got = (np.shape(self.steps), np.shape(self.values))
            raise ConfigurationError(complaint("steps, values", expected="two arrays of one shape [T]", got=got))


MARKED = 8
"""About how many points of a curve have a marker."""

# metric → label, number of the colour, line style
DRAWN = {
    "success_over_links": ("success, linked pairs", 0, "-"),
    "success_all_pairs": ("success, all pairs", 5, "-"),
    "success_self": ("success, with oneself", 3, "-"),
    "generalisation_over_links": ("success, held out, linked", 2, "-"),
    "similarity_over_links": ("similarity, linked pairs", 4, "--"),
    "similarity_all_pairs": ("similarity, all pairs", 1, "--"),
}


def _of_run(run: Run) -> Mapping[str, Any]:
    recorded = set(run.metric_rows()["name"].to_pylist())
    curves = {name: Curve(*run.metric(name)) for name in (*DRAWN, "games") if name in recorded}
    curves = {name: curve for name, curve in curves.items() if np.isfinite(curve.values).any()}
    return {"curves": curves, "games": curves.get("games"), "chance": chance_success(run)}


@of_run(_of_run)
@validated(chance=MAY_BE_NAN)
def learning_curves(
    curves: Mapping[str, Curve],
    *,
    games: Curve | None = None,
    chance: float = math.nan,
    along: str = "training step",
    ax: Axes | None = None,
) -> Figure:
    """Draw the metrics over training; a value that is NaN is not drawn.

    Parameters
    ----------
    curves
        Curves by metric; those in `DRAWN` are drawn.
    games
        Number of games played until each step, for a second horizontal axis.
    chance
        Success of random answers, drawn as a line; NaN for no line.
    along
        Label of the horizontal axis.
    ax
        Axes to draw into.

    Raises
    ------
    ConfigurationError
        None of the curves is one of `DRAWN`.
    """
    if not DRAWN.keys() & curves.keys():
        raise ConfigurationError(complaint("curves", expected=f"some of {', '.join(DRAWN)}", got=list(curves)))
    with style():
        figure, [axes] = panels(1, size=(4.6, 4.0), ax=ax)
        for name, (label, number, line) in DRAWN.items():
            if name in curves:
                curve = curves[name]
                look: dict[str, Any] = {"color": colour(number), "marker": MARKERS[number]}
                every = max(len(curve.steps) // MARKED, 1)
                first = number % every  # markers of different curves lie beside each other
                axes.plot(curve.steps, curve.values, line, **look, markevery=(first, every), label=label)
        axes.set_ylim(0, 1.02)
        if not math.isnan(chance):
            axes.axhline(chance, color=MUTED, linestyle=(0, (1, 2)), linewidth=1.1, label="success by chance")
        steps = np.unique(np.concatenate([curve.steps for name, curve in curves.items() if name in DRAWN]))
        if len(steps) == 1:
            axes.set_xticks(steps)
        axes.margins(x=0.02)
        axes.set_xlabel(along)
        axes.set_ylabel("success, similarity (share)")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        if games is not None and len(games.steps) > 1 and np.all(np.diff(games.values) > 0):
            _add_games(axes, games)
        legend_below(axes, columns=2)
    return figure


def _add_games(axes: Axes, games: Curve) -> None:
    """Add a second axis at the top with the number of games played until each step."""
    from matplotlib.ticker import MaxNLocator

    steps, played = _extrapolated(games.steps), _extrapolated(games.values)
    top = axes.secondary_xaxis(
        "top",
        functions=(
            lambda at: np.interp(np.asarray(at), steps, played),
            lambda at: np.interp(np.asarray(at), played, steps),
        ),
    )
    millions = games.values.max() >= 1e6
    top.xaxis.set_major_locator(MaxNLocator(6))
    top.xaxis.set_major_formatter(lambda at, _: f"{at / 1e6:g}" if millions else f"{at:,.0f}")
    top.set_xlabel("games played (millions)" if millions else "games played", color=MUTED)
    top.spines["top"].set_visible(False)


def _extrapolated(values: np.ndarray) -> np.ndarray:
    """Return values `[T + 2]`: extrapolated at both ends with the mean slope, for the margins of the figure."""
    span = values[-1] - values[0]
    return np.concatenate([[values[0] - span], values, [values[-1] + span]]).astype(float)
