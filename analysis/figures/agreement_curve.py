"""Agreement of dialects with a known partition, over training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubbub.analysis.dialects.over_time import AgreementOverTime
from hubbub.analysis.figures.style import MUTED, colour, legend_below, panels, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def agreement_curve(found: AgreementOverTime, *, graph_alone: float | None = None) -> Figure:
    """Draw the adjusted Rand index over training, with the range of its permutation null.

    Parameters
    ----------
    found
        The index and its null at T steps.
    graph_alone
        The index of communities found from the graph without the language, drawn as a line; None for no line.
    """
    with style():
        figure, [axes] = panels(1, size=(6.2, 3.4))
        axes.fill_between(found.steps, found.null_mean, found.null_high, color=MUTED, alpha=0.25, linewidth=0)
        axes.plot(found.steps, found.null_high, color=MUTED, linewidth=0.8, label="95 % of permutations lie below")
        axes.plot(found.steps, found.values, "o-", color=colour(0), markersize=3, label="dialects")
        axes.plot(
            found.steps[found.peak],
            found.values[found.peak],
            "o",
            color=colour(4),
            markersize=9,
            mfc="none",
            mew=1.6,
            label="highest",
        )
        if graph_alone is not None:
            axes.axhline(
                graph_alone,
                color=colour(2),
                linestyle=(0, (4, 3)),
                linewidth=1.1,
                label="communities of the graph alone",
            )
        axes.set_ylim(min(-0.1, found.values.min() - 0.05), 1.06)
        axes.axhline(0, color=MUTED, linewidth=0.7)
        axes.set_xlabel("training step")
        axes.set_ylabel("adjusted Rand index")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        legend_below(axes, columns=2)
    return figure
