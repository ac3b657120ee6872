"""Agreement of dialects with a known partition, over training."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hubbub.analysis.dialects.over_time import AgreementOverTime, agreement_over_time
from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.style import MUTED, colour, legend_below, panels, style
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.simulator.store import Run


def _of_run(run: Run, attribute: str) -> Mapping[str, Any]:
    return {"found": agreement_over_time(run, attribute)}


@of_run(_of_run)
@validated()
def agreement_curve(
    found: AgreementOverTime, *, graph_alone: float | None = None, along: str = "training step", ax: Axes | None = None
) -> Figure:
    """Draw the adjusted Rand index over training, with the range of its permutation null.

    Of a run: for a node attribute of its source graph, `agreement_curve(run, attribute="club")`.

    Parameters
    ----------
    found
        The index and its null at T steps.
    graph_alone
        The index of communities found from the graph without the language, drawn as a line; None for no line.
    along
        Label of the horizontal axis.
    ax
        Axes to draw into.
    """
    with style():
        figure, [axes] = panels(1, size=(4.6, 3.6), ax=ax)
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
        if graph_alone is not None and not math.isnan(graph_alone):
            axes.axhline(
                graph_alone,
                color=colour(2),
                linestyle=(0, (4, 3)),
                linewidth=1.1,
                label="communities of the graph alone",
            )
        axes.set_ylim(min(-0.1, found.values.min() - 0.05), 1.06)
        axes.axhline(0, color=MUTED, linewidth=0.7)
        axes.set_xlabel(along)
        axes.set_ylabel("adjusted Rand index")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        legend_below(axes, columns=2)
    return figure
