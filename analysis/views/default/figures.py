"""The figure of a report from metrics alone: each metric over the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.figures import Varied, interval_curves
from hubbub.analysis.measure import Measure
from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.thinning import thinned
from hubbub.analysis.views.default.findings import Course, MetricFindings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PANELS, MOST_RECORDS = 60, 40


def metric_figures(found: MetricFindings) -> dict[str, ReportFigure]:
    """Return the figure by name; none where no metric was recorded at two steps or more."""
    courses = [course for course in found.courses if np.isfinite(course.mean).sum() > 1]
    names = list(dict.fromkeys(course.name for course in courses))
    if not names:
        return {}

    def draw(shown: Sequence[str]) -> Figure:
        panels = {
            name.replace("_", " "): {course.split or name: _line(course) for course in courses if course.name == name}
            for name in shown
        }
        return interval_curves(panels, along="step", limits=None)

    caption = "Metrics over the steps."
    if any((course.rows > 1).any() for course in courses):
        caption += (
            " Lines are means over the rows of a step (agents, copies …); bands are from the lowest to the highest."
        )
    if max(len(course.steps) for course in courses) > MOST_RECORDS:
        caption += f" {MOST_RECORDS} of the records are shown."
    if len(names) > MOST_PANELS:
        caption += f" The first {MOST_PANELS} of {len(names)} metrics are shown; the table has all."
    shown = names[:MOST_PANELS]
    return {"metrics": ReportFigure(draw(shown), [draw([name]) for name in shown], caption)}


def _line(course: Course) -> Varied:
    records = thinned(range(len(course.steps)), MOST_RECORDS)
    return Varied(
        course.steps[records].tolist(),
        [
            Measure(
                float(course.mean[record]),
                unit="1",
                estimator="mean over the rows of a step",
                n=int(course.rows[record]),
                interval=(float(course.lowest[record]), float(course.highest[record])),
            )
            for record in records
        ],
    )
