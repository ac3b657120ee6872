"""The page of a report from metrics alone."""

from __future__ import annotations

from collections.abc import Mapping

from hubbub.analysis.page.figure import ReportFigure
from hubbub.analysis.page.html import Html, join, table, tag
from hubbub.analysis.page.numbers import significant
from hubbub.analysis.page.parts import document, header, section, settings, show
from hubbub.analysis.views.default.findings import MetricFindings


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
        section("Metrics over the steps", show(figures, "metrics"), []),
        section("Last values", _last_values(found), []),
        section("About this report", join([_about(), settings(run)]), []),
    )
    return document(str(run.info["name"]), body)


def _last_values(found: MetricFindings) -> Html:
    rows = [
        (
            " ".join(part for part in (course.name.replace("_", " "), course.split) if part),
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
