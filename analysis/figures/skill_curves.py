"""The strength of every skill over training, with the prediction of a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Real

from hubbub.analysis.figures.log_axis import log_axis
from hubbub.analysis.figures.style import INK, curve_look, legend_below, panels, style
from hubbub.analysis.validation import validated

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class SkillCurve:
    """Strength of a skill at training steps `[T]`: measured in S seeds, `seen [S, T]`, and `expected [T]`."""

    steps: Real[np.ndarray, " T"]
    seen: Real[np.ndarray, "S T"]
    expected: Real[np.ndarray, " T"]


@validated()
def skill_curves(curves: Mapping[str, SkillCurve], *, ax: Axes | None = None) -> Figure:
    """Draw every skill by name: the mean over seeds, every seed as a thin line, the expected curve dashed."""
    with style():
        figure, [axes] = panels(1, size=(6.2, 4.0), ax=ax)
        for number, (name, curve) in enumerate(curves.items()):
            shade = curve_look(number)["color"]
            axes.plot(curve.steps, curve.seen.T, color=shade, alpha=0.3, linewidth=0.7)
            axes.plot(curve.steps, curve.seen.mean(axis=0), color=shade, label=name)
            axes.plot(curve.steps, curve.expected, "--", color=INK, linewidth=1.0)
        axes.plot([], [], "--", color=INK, linewidth=1.0, label="calibrated model")
        log_axis(axes, "x")
        axes.set_ylim(-0.1, 1.1)
        axes.set_xlabel("training step")
        axes.set_ylabel("strength of the skill R/S")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        legend_below(axes, columns=3)
    return figure
