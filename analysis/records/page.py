"""The report on a record: figures, a page, the table as CSV and everything as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from hubbub.analysis.figures import activity_raster, as_png, as_svg, scaling_curves, survival_curves
from hubbub.analysis.files import write_whole
from hubbub.analysis.json_values import json_value
from hubbub.analysis.measure_table import as_csv, as_html
from hubbub.analysis.page import Html, ReportFigure, document, join, section, show, table, tag
from hubbub.analysis.records.record import Record
from hubbub.analysis.tails import compare
from hubbub.analysis.temporal import ActivityMeasures

BINS_SHOWN = 400
MOST_CHANNELS_SHOWN = 500


def write_record_report(record: Record, found: ActivityMeasures, folder: Path, *, name: str) -> list[Path]:
    """Write `report.html`, `measures.csv`, `avalanches.csv`, `measures.json` and the figures; return the files.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    figures = record_figures(record, found)
    numbers = json.dumps(record_summary(record, found, name=name), indent=1, ensure_ascii=False, allow_nan=False)
    avalanches = zip(found.avalanches.births, found.avalanches.sizes, found.avalanches.durations, strict=True)
    lines = ["birth_bin,size,duration_bins", *(f"{birth},{size:.17g},{bins}" for birth, size, bins in avalanches)]
    files = [
        write_whole(folder / "report.html", record_page(record, found, figures, name=name)),
        write_whole(folder / "measures.csv", as_csv(found.measures, found.grades)),
        write_whole(folder / "avalanches.csv", "\n".join(lines) + "\n"),
        write_whole(folder / "measures.json", numbers + "\n"),
    ]
    for title, figure in figures.items():
        files.append(write_whole(folder / "figures" / f"{title}.png", as_png(figure.whole)))
        files.append(write_whole(folder / "figures" / f"{title}.svg", as_svg(figure.whole)))
    return files


def record_summary(record: Record, found: ActivityMeasures, *, name: str) -> dict[str, Any]:
    """Return what was read and measured, as JSON can hold it."""
    activity = record.activity
    summary: dict[str, Any] = json_value(
        {
            "record": {
                "name": name,
                "form": record.form,
                "channels": activity.n_channels,
                "events": activity.n_events,
                "bins": len(activity),
                "bin": activity.bin,
                "unit": activity.unit,
                "start": activity.start,
                "counted": activity.counted,
                "rule": activity.rule,
                "left_out": record.left_out,
                "summary": record.summary,
                "notes": record.notes,
            },
            "active": found.active,
            "units": {"size": "events", "duration": "bins", "inter_event_time": found.time_unit},
            "measures": {
                title: {**json_value(one), "grade": found.grades[title]} for title, one in found.measures.items()
            },
        }
    )
    return summary


def record_figures(record: Record, found: ActivityMeasures) -> dict[str, ReportFigure]:
    """Return the figures by name; those for which the record has no data are left out."""
    drawn: dict[str, ReportFigure] = {}
    counts, bins = record.activity.counts, f"bins of {record.activity.bin:.4g} {record.activity.unit}"
    if len(counts):
        last = min(BINS_SHOWN, len(counts))
        few = 0 < record.activity.n_channels <= MOST_CHANNELS_SHOWN
        states = record.states(0, last) if few else None
        figure = activity_raster(counts[:last], found.avalanches, states=states, last=last, along=bins)
        drawn["activity"] = ReportFigure(
            figure, [figure], f"Activity and avalanches (shaded) in the first {last} {bins}."
        )
    durations = found.avalanches.durations.astype(np.float64)
    for name, values, fit, label in (
        ("sizes", found.avalanches.sizes, found.crackling.size, "size in events"),
        ("durations", durations, found.crackling.duration, f"duration in {bins}"),
        ("inter-event-times", found.times_between, found.time_fit, f"inter-event time in {found.time_unit}"),
    ):
        if (values > 0).any():
            ratios = None if fit.reason else compare(values, fit)
            figure = survival_curves(values, fit, ratios, label=label)
            caption = f"{name.replace('-', ' ').capitalize()}, with a power law and alternatives."
            drawn[name] = ReportFigure(figure, [figure], caption)
    for name, scaling, axis, what in (
        ("dfa", found.h, "ln F", "Detrended fluctuation analysis: the slope is H"),
        ("diffusion-entropy", found.delta, "entropy in nats", "Diffusion entropy: the slope is δ"),
        ("spectrum", found.beta, "ln S", "Power spectrum: the slope is β"),
    ):
        if not scaling.reason:
            scale = "period in bins" if name == "spectrum" else "window in bins"
            figure = scaling_curves({"activity": scaling}, axis=axis, scale=scale)
            drawn[name] = ReportFigure(figure, [figure], f"{what}.")
    return drawn


def record_page(record: Record, found: ActivityMeasures, figures: dict[str, ReportFigure], *, name: str) -> str:
    """Return the HTML document; every text that comes from the record is escaped."""
    facts = (*record.notes, f"a bin is active where its activity is {found.active}")
    notes = [tag("p", f"{note[:1].upper()}{note[1:]}.", class_="note") for note in facts]
    body = tag(
        "main",
        tag("header", tag("h1", name), tag("p", record.summary.replace("; ", " · "), class_="about"), *notes),
        section("Measures", as_html(found.measures, found.grades), []),
        section("Activity", show(figures, "activity"), []),
        section("Avalanches", show(figures, "sizes", "durations"), []),
        section("Inter-event times", show(figures, "inter-event-times"), []),
        section("Scaling", show(figures, "dfa", "diffusion-entropy", "spectrum"), []),
        section("How each value was estimated", join([_grades(), _estimators(found)]), []),
    )
    return document(name, body)


def _grades() -> Html:
    text = (
        "Grades. Power laws: none if rejected (goodness of fit p < 0.1) or if an alternative is favoured; strong if "
        "neither, with at least 100 values over a factor of 10 and favoured over the exponential; weak otherwise. "
        "Scaling exponents: none if not different from the null; strong if different and straight (R² of 0.98 or more "
        "over a factor of 10); weak otherwise. Others: strong if more than 1.96 standard errors from the null, weak "
        "without a null."
    )
    return tag("p", text)


def _estimators(found: ActivityMeasures) -> Html:
    rows = [(name, one.estimator, one.null.model if one.null else "") for name, one in found.measures.items()]
    shown = table(["measure", "estimator", "null"], rows, numbers_from=3)
    return tag("details", tag("summary", "Estimators and nulls"), shown)
