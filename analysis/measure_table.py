"""Measures by name, as a table: in a terminal, as CSV and as a part of a page."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from typing import TypeAlias

from hubbub.analysis.measure import Measure
from hubbub.analysis.page import Html, table
from hubbub.analysis.page.numbers import significant

Measures: TypeAlias = Mapping[str, Measure]
"""Measures by what they are called, in the order of the table."""

COLUMNS = (
    "measure", "value", "unit", "low", "high", "null_mean", "null_sd", "null_n", "z_score", "p_value", "n", "grade",
    "reason", "estimator", "null_model",
)  # fmt: skip
HEADS = ("measure", "value", "95 % interval", "by chance", "p", "n", "grade", "remarks")


def as_csv(measures: Measures, grades: Mapping[str, str] | None = None) -> str:
    """Return one line for each measure with all that is known of it; cells of what is not known are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, one in measures.items():
        low, high = one.interval or (math.nan, math.nan)
        null = one.null
        chance = (null.mean, null.sd, null.n) if null else ("", "", "")
        numbers = (one.value, one.unit, low, high, *chance, one.z_score, one.p_value, one.n)
        words = ((grades or {}).get(name, ""), one.reason, one.estimator, null.model if null else "")
        writer.writerow([name, *("" if number != number else number for number in numbers), *words])
    return text.getvalue()


def as_text(measures: Measures, grades: Mapping[str, str] | None = None) -> str:
    """Return the table for a terminal."""
    rows = [HEADS, *(_cells(name, one, (grades or {}).get(name, "")) for name, one in measures.items())]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    kept = [place for place in range(len(HEADS)) if any(row[place] for row in rows[1:])]
    return "\n".join("  ".join(row[place].ljust(widths[place]) for place in kept).rstrip() for row in rows)


def as_html(measures: Measures, grades: Mapping[str, str] | None = None) -> Html:
    """Return the table for a page."""
    rows = [_cells(name, one, (grades or {}).get(name, "")) for name, one in measures.items()]
    kept = [place for place in range(len(HEADS)) if any(row[place] for row in rows)]
    return table([HEADS[place] for place in kept], [[row[place] for place in kept] for row in rows])


def _cells(name: str, one: Measure, grade: str) -> tuple[str, ...]:
    unit = "" if one.unit == "1" or math.isnan(one.value) else f" {one.unit}"
    interval = (
        f"{significant(one.interval[0], digits=3)} … {significant(one.interval[1], digits=3)}" if one.interval else ""
    )
    null = one.null
    chance = "" if null is None else significant(null.mean, digits=3)
    if null is not None and not math.isnan(null.sd):
        chance += f" ± {significant(null.sd, digits=2)}"
    p_value = "" if math.isnan(one.p_value) else f"{one.p_value:.2g}"
    return name, significant(one.value) + unit, interval, chance, p_value, f"{one.n:,}", grade, one.reason
