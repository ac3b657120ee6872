"""A quantity against noise and load, with the critical interval of every load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Real

from hubbub.analysis.figures.drawing import check_length, of_run
from hubbub.analysis.figures.style import INK, PAPER, UNKNOWN, colour, legend_below, panels, style
from hubbub.analysis.memories import Phases, copy_statistics
from hubbub.analysis.validation import MAY_BE_NAN, validated
from hubbub.simulator.errors import ConfigurationError, complaint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.analysis.temporal import CriticalInterval
    from hubbub.simulator.store import Run


def _of_run(run: Run, quantity: str = "h") -> Mapping[str, Any]:
    phases = Phases.of([copy.row() for copy in copy_statistics(run)])
    if quantity not in phases.rows[0]:
        names = list(phases.rows[0])
        raise ConfigurationError(
            complaint("quantity", expected=f"one of {', '.join(names)}", got=quantity, valid=names)
        )
    label = "H" if quantity == "h" else quantity.replace("_", " ")
    shown = {"noise": phases.noise, "loads": phases.loads, "values": phases.mean(quantity), "label": label}
    return shown | ({"interval": phases.critical} if quantity == "h" else {})


@of_run(_of_run)
@validated(values=MAY_BE_NAN, onset=MAY_BE_NAN)
def phase_diagram(
    noise: Real[np.ndarray, " P"],
    loads: Real[np.ndarray, " K"],
    values: Real[np.ndarray, "K P"],
    *,
    label: str = "H",
    interval: CriticalInterval | None = None,
    onset: Real[np.ndarray, " K"] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw values against noise, one row for each load; grey where a value is NaN.

    Of a run of memories: H of its copies, or the `quantity` of that name (`CopyStatistics.row`), mean over
    repetitions.

    Parameters
    ----------
    noise, loads, values
        Noise levels `[P]`, loads `[K]`, and the values `[K, P]`.
    label
        Label of the colour bar.
    interval
        Result of `critical_interval` for these values: a bar in every row, with a dot at the peak.
    onset
        A noise level for each load, `[K]`, drawn as a line, for example from a formula.
    ax
        Axes to draw into.

    Raises
    ------
    ConfigurationError
        The values have another shape, or there are fewer than two noise levels.
    """
    noise, loads, values = np.asarray(noise, dtype=float), np.asarray(loads), np.asarray(values, dtype=float)
    if noise.ndim != 1 or len(noise) < 2 or loads.ndim != 1 or not len(loads):
        got = (noise.shape, loads.shape)
        raise ConfigurationError(complaint("noise, loads", expected="two noise levels or more, one load", got=got))
    if values.shape != (len(loads), len(noise)):
        expected = f"shape [{len(loads)}, {len(noise)}] (loads, noise)"
        raise ConfigurationError(complaint("values", expected=expected, got=values.shape))
    if onset is not None:
        check_length(onset, len(loads), field="onset", of="loads")
    middles = (noise[1:] + noise[:-1]) / 2
    borders = np.concatenate([[2 * noise[0] - middles[0]], middles, [2 * noise[-1] - middles[-1]]])
    rows = np.arange(len(loads))
    with style():
        figure, [axes] = panels(1, size=(4.6, 1.9 + 0.3 * len(loads)), ax=ax)
        axes.set_facecolor(UNKNOWN)
        drawn = np.ma.masked_invalid(values)
        mesh = axes.pcolormesh(borders, np.arange(len(loads) + 1) - 0.5, drawn, cmap="viridis", rasterized=True)
        if interval is not None:
            found = np.isfinite(interval.lower)
            for row in rows[found]:
                ends = (interval.lower[row], interval.upper[row])
                name = f"above {interval.level:g}" if row == rows[found][0] else None
                axes.plot(ends, (row, row), "-", color=PAPER, linewidth=3.4)
                axes.plot(ends, (row, row), "-|", color=INK, linewidth=1.6, markersize=9, label=name)
            axes.plot(interval.peak[found], rows[found], "o", color=INK, mfc=PAPER, markersize=5, label="peak")
        if onset is not None:
            axes.plot(onset, rows, "--", color=colour(4), linewidth=1.6, marker="D", markersize=3, label="onset")
        axes.set_xlim(borders[0], borders[-1])
        axes.set_yticks(rows, [f"{load:g}" for load in loads])
        axes.set_xlabel("noise")
        axes.set_ylabel("load")
        bar = figure.colorbar(mesh, ax=axes, pad=0.02)
        bar.outline.set_visible(False)
        bar.set_label(label, color=INK)
        if axes.get_legend_handles_labels()[0]:
            legend_below(axes, columns=3)
    return figure
