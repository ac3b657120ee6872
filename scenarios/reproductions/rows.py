"""Picking numbers from the rows of a reproduction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hubbub.analysis.measure import Measure, over_seeds

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


def mean_of_known(seeds: Sequence[Sequence[tuple[str, float]]]) -> Measure:
    """Return the mean over seeds of the mean of each seed's values, given as name and value.

    Values that are NaN are left out, and `reason` tells how many and names them.
    """
    unknown = [name for values in seeds for name, value in values if math.isnan(value)]
    known = [[value for _, value in values if not math.isnan(value)] for values in seeds]
    found = over_seeds([float(np.mean(values)) if values else math.nan for values in known])
    if not unknown:
        return found
    names = ", ".join(dict.fromkeys(unknown))
    left_out = f"{len(unknown)} of {sum(map(len, seeds))} values left out, undefined at {names}"
    return replace(found, reason="; ".join(filter(None, (left_out, found.reason))))
