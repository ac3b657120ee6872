"""Write the report of a study into its folder, and its table for other tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from hubbub.analysis.figures import as_png, as_svg
from hubbub.analysis.files import write_inside
from hubbub.analysis.json_values import json_value
from hubbub.analysis.studies.figures import study_figures
from hubbub.analysis.studies.findings import find_study
from hubbub.analysis.studies.page import study_page
from hubbub.analysis.studies.study import StudyResult
from hubbub.analysis.studies.summary import study_summary
from hubbub.analysis.text import ignore
from hubbub.analysis.views.formats import Format, table_formats

NAME = "runs"
"""Name of the table in exports."""


def write_study_report(
    study: StudyResult,
    *,
    out: Path,
    measures: Sequence[str] | None = None,
    notify: Callable[[str], None] = ignore,
) -> Path:
    """Write `report.html`, `figures/*.png`, `figures/*.svg` and `figures/summary.json` of a study; return the page.

    See `hubbub.analysis.report.write_report`.
    """
    notes: list[str] = []

    def note(line: str) -> None:
        notes.append(line)
        notify(line)

    found = find_study(study, measures, notify=note)
    figures = study_figures(found)
    html = study_page(found, figures, notes)
    numbers = json_value({"study": {"name": study.about.get("name")}, **study_summary(found)})
    for name, figure in figures.items():
        write_inside(out, f"figures/{name}.png", as_png(figure.whole))
        write_inside(out, f"figures/{name}.svg", as_svg(figure.whole))
    write_inside(out, "figures/summary.json", json.dumps(numbers, indent=1, allow_nan=False))
    return write_inside(out, "report.html", html)


def study_formats(
    study: StudyResult, measures: Sequence[str] | None = None, *, notify: Callable[[str], None] = ignore
) -> dict[str, Format]:
    """Return the export formats of a study: its table, one row per run, as csv, parquet and xlsx."""
    return table_formats(lambda _: [(NAME, study.table(measures=measures, notify=notify))])
