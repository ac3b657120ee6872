"""The figure of a report on networks in training: every metric over the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.thinning import thinned
from hubbub.analysis.trainings import Setting
from hubbub.analysis.views.training.findings import TrainingFindings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_LINES, MOST_RECORDS = 6, 40


def training_figures(found: TrainingFindings) -> dict[str, ReportFigure]:
    """Return the figure by name; none where no metric was recorded at two steps or more."""
    names = [name for name, (steps, _) in found.courses.items() if len(steps) > 1]
    if not names:
        return {}
    drawn = thinned(found.settings, MOST_LINES)

    def draw(shown: Sequence[str]) -> Figure:
        panels = {name.replace("_", " "): _lines(found, name, drawn) for name in shown}
        return interval_curves(panels, along="step", limits=None)

    caption = "Metrics over the steps."
    if found.n_seeds > 1:
        caption += " Lines: means over seeds, bands: 95 % intervals, dots: seeds."
    if max(len(found.courses[name][0]) for name in names) > MOST_RECORDS:
        caption += f" {MOST_RECORDS} of the records are drawn."
    if len(drawn) < len(found.settings):
        caption += f" {len(drawn)} of {len(found.settings)} settings; the table has all."
    return {"training": ReportFigure(draw(names), [draw([name]) for name in names], caption)}


def _lines(found: TrainingFindings, name: str, settings: Sequence[Setting]) -> dict[str, Varied]:
    steps, _ = found.courses[name]
    records = thinned(range(len(steps)), MOST_RECORDS)
    return {
        setting.label: Varied(
            [int(steps[record]) for record in records],
            [found.over_seeds(name, setting, record=record) for record in records],
        )
        for setting in settings
    }
