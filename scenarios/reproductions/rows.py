"""Picking numbers from the rows of a reproduction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.measure import Measure, over_seeds

Rows = Sequence[Mapping[str, Any]]


def column(rows: Rows, name: str, **where: Any) -> list[float]:
    """Return the values of `name` in the rows that agree with `where`, in their order."""
    return [row[name] for row in rows if all(row[key] == value for key, value in where.items())]


def mean(rows: Rows, name: str, **where: Any) -> Measure:
    """Return the mean over those rows, one for each seed, with its interval."""
    return over_seeds(column(rows, name, **where))


def difference(rows: Rows, name: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Measure:
    """Return the mean over seeds of what `name` is in `one` setting less what it is in the `other`, by seed."""
    pairs = zip(column(rows, name, **one), column(rows, name, **other), strict=True)
    return over_seeds([mine - theirs for mine, theirs in pairs])
