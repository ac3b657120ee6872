"""Scaling curves with their fitted segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hubbub.analysis.figures.drawing import of_run
from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import MUTED, curve_look, legend_below, panels, short, style
from hubbub.analysis.memories import copy_statistics
from hubbub.analysis.validation import Limits, validated, whole_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubbub.analysis.temporal import Scaling
    from hubbub.simulator.store import Run


def _of_run(run: Run, copy: int = 0) -> Mapping[str, Any]:
    found = copy_statistics(run)
    whole_number(copy, name="copy", limits=Limits(least=0, most=len(found) - 1))
    return {"scalings": {f"noise {found[copy].noise:g}": found[copy].h}}


@of_run(_of_run)
@validated()
def scaling_curves(
    scalings: Mapping[str, Scaling],
    *,
    axis: str = "ln F",
    scale: str = "window in steps",
    shift: float = 0.0,
    ax: Axes | None = None,
) -> Figure:
    """Draw scaling curves with their fitted segments and the slope of each.

    Of a run of memories: DFA of copy 0, or of `copy`.

    Parameters
    ----------
    scalings
        Results by name; for one without an exponent only its reason is shown, in the legend.
    axis, scale
        Labels of the vertical and the horizontal axis: ln F for `dfa`, the entropy for `diffusion_entropy`, ln S for
        `spectral_exponent`.
    shift
        Every curve is drawn this much higher than the one before.
    ax
        Axes to draw into.
    """
    with style():
        figure, [axes] = panels(1, size=(4.6, 4.2), ax=ax)
        for number, (name, found) in enumerate(scalings.items()):
            shade = curve_look(number)["color"]
            options: dict[str, Any] = {"color": shade, "markersize": 3.2, "mfc": "none", "mew": 0.8}
            if found.reason:
                axes.plot([], [], "o", label=f"{short(name)}: {found.reason}", **options)
                continue
            offset = number * shift
            text = f"{short(name)}: {found.value:.2f} ± {found.error:.2f}"
            axes.plot(found.scales, found.curve + offset, "o", label=text, **options)
            for segment in found.segments:
                ends, heights = (segment.low, segment.high), (segment.at_low + offset, segment.at_high + offset)
                axes.plot(ends, heights, "-", color=shade, linewidth=1.3)
                middle = (segment.low * segment.high) ** 0.5, sum(heights) / 2
                axes.annotate(
                    f"{segment.value:.2f}",
                    middle,
                    xytext=(-6, 6),
                    textcoords="offset points",
                    ha="right",
                    color=shade,
                    fontsize=8,
                )
            for segment in found.segments[1:]:
                axes.plot([segment.low], [segment.at_low + offset], "|", color=MUTED, markersize=11)
        log_axis(axes, "x")
        axes.set_xlabel(scale)
        axes.set_ylabel(axis)
        axes.grid()
        axes.set_axisbelow(True)
        legend_below(axes, columns=1)
    return figure
