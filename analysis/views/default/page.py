"""The page of a report from metrics alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import significant
from hubbub.analysis.page.parts import answer, cards, document, header, section, settings, show
from hubbub.analysis.views.default.findings import Course, MetricFindings

MOST_TOLD = 4


def metric_page(found: MetricFindings, figures: Mapping[str, ReportFigure]) -> str:
    """Return the HTML document; every text that comes from the run is escaped."""
    run = found.run
    kind = run.configuration.get("system", "population")
    notes = ["This kind of system has no view of its own: the report shows its metrics."]
    if not found.courses:
        notes.append("No metric was recorded yet.")
    body = tag(
        "main",
        header(run, [f"system {kind}"], notes),
        section("In short", join([answer(_answers(found)), _cards(found)]), []),
        section("Metrics over the steps", show(figures, "metrics"), []),
        section("Last values", _last_values(found), []),
        section("About this report", join([_about(), settings(run)]), []),
    )
    return document(str(run.info["name"]), body)


def _answers(found: MetricFindings) -> list[str]:
    """Say how the first metrics changed from their first record to their last one."""
    known = [course for course in found.courses if np.isfinite(course.mean).any()]
    text = []
    for course in known[:MOST_TOLD]:
        recorded = np.flatnonzero(np.isfinite(course.mean))
        first, last = (float(course.mean[at]) for at in recorded[[0, -1]])
        mean = "" if course.rows[recorded[-1]] == 1 else f" (mean over {course.rows[recorded[-1]]:,} rows)"
        change = f"; it was {significant(first)} at step {course.steps[recorded[0]]:,}" if len(recorded) > 1 else ""
        at = f"at step {course.steps[recorded[-1]]:,}"
        text.append(f"{_named(course).capitalize()} is {significant(last)}{mean} {at}{change}.")
    if len(known) > MOST_TOLD:
        text.append(f"The table has all {len(found.courses)} metrics.")
    return text


def _cards(found: MetricFindings) -> Html:
    steps = {int(step) for course in found.courses for step in course.steps}
    shown = [(f"{len({course.name for course in found.courses}):,}", "metrics"), (f"{len(steps):,}", "recorded steps")]
    return cards(shown) if found.courses else Html()


def _named(course: Course) -> str:
    return " ".join(part for part in (course.name.replace("_", " "), course.split) if part)


def _last_values(found: MetricFindings) -> Html:
    rows = [
        (
            _named(course),
            f"{course.steps[-1]:,}",
            f"{course.rows[-1]:,}",
            *(significant(float(values[-1])) for values in (course.mean, course.lowest, course.highest)),
        )
        for course in found.courses
    ]
    caption = tag("p", "At the last record of each metric: over its rows of that step.", class_="about")
    return join([caption, table(["metric", "step", "rows", "mean", "lowest", "highest"], rows)]) if rows else Html()


def _about() -> Html:
    return tag(
        "p",
        "The numbers are in figures/summary.json, the figures are in the same folder as PNG and SVG. All tables of the "
        "run can be exported as CSV and Parquet.",
    )
