"""The links of a graph with time at one moment, or during a stretch of time."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files.contents import Contents

Moment = float | str | tuple[float, float]
"""A moment, or a stretch of time as its first and last moment."""


def links_at(contents: Contents, at: Moment | None) -> Contents:
    """Return the contents with the links of the moment or stretch `at` only, or of the format's own choice.

    A link counts if any moment of its time is in the stretch. Links without an end are there from or to all times.

    Raises
    ------
    TopologyError
        If there are no times, or `at` is not a moment.
    """
    if contents.times is None:
        if at is not None:
            raise TopologyError(f"at: expected a file whose links have times, got {contents.format} without any")
        return contents
    if at is None and contents.moment == "all":
        return contents
    known = contents.times[np.isfinite(contents.times)]
    if not len(known):
        return contents
    first, last = stretch_from("last" if at is None else at, float(known.min()), float(known.max()), contents.dated)
    there = (contents.times[:, 0] <= last) & (contents.times[:, 1] >= first)
    stretch = spelled(first, contents.dated)
    if last != first:
        stretch += f" … {spelled(last, contents.dated)}"
    note = f"{int(there.sum()):,} of {len(there):,} links are there at {stretch}"
    return replace(contents_with(contents, np.flatnonzero(there)), notes=(*contents.notes, note))


def contents_with(contents: Contents, chosen: np.ndarray) -> Contents:
    """Return the contents with the links of these numbers only."""
    numbers = chosen.tolist()
    return replace(
        contents,
        links=contents.links[chosen],
        directed=contents.directed[chosen] if isinstance(contents.directed, np.ndarray) else contents.directed,
        weights=None if contents.weights is None else contents.weights[chosen],
        times=None if contents.times is None else contents.times[chosen],
        link_attributes={name: [values[one] for one in numbers] for name, values in contents.link_attributes.items()},
    )


_YEAR = re.compile(r"-?\d{4}")
_YEAR_MONTH = re.compile(r"\d{4}-\d{2}")


def seconds_of(text: str) -> float:
    """Return a date as seconds since 1970 (UTC where it names no zone); a year or month alone is its first moment.

    Raises
    ------
    ValueError
        If it is no date.
    """
    if _YEAR.fullmatch(text):
        text = f"{text}-01-01"
    elif _YEAR_MONTH.fullmatch(text):
        text = f"{text}-01"
    date = datetime.fromisoformat(text)
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def moment_of(text: float | str, *, dated: bool) -> float:
    """Return a number, or a date as seconds since 1970."""
    try:
        if dated:
            return seconds_of(f"{text:.0f}" if isinstance(text, float) and not text % 1 else str(text))
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        expected = "a date such as 2026-03-01" if dated else "a number"
        raise TopologyError(complaint("at", expected=f"{expected}, 'first', 'last' or FROM..TO", got=text))
    return value


def stretch_of(contents: Contents) -> str:
    """Return the first and the last moment of a graph with time, for a message."""
    known = contents.times[np.isfinite(contents.times)] if contents.times is not None else np.empty(0)
    if not len(known):
        return "without an end"
    return f"{spelled(float(known.min()), contents.dated)} … {spelled(float(known.max()), contents.dated)}"


def stretch_from(at: Moment, first: float, last: float, dated: bool) -> tuple[float, float]:
    """Return the first and last moment of what `at` says: a moment, "first", "last", or FROM..TO."""
    if isinstance(at, tuple):
        return at
    ends = [part.strip() for part in at.split("..")] if isinstance(at, str) else [at]
    known = {"first": first, "last": last}
    moments = [known[end] if isinstance(end, str) and end in known else moment_of(end, dated=dated) for end in ends]
    if len(moments) > 2 or moments[0] > moments[-1]:
        raise TopologyError(complaint("at", expected="a moment or FROM..TO", got=at))
    return moments[0], moments[-1]


def spelled(moment: float, dated: bool) -> str:
    """Return a moment as a user reads it: a number, or a date."""
    if not dated:
        return f"{moment:.15g}"
    return datetime.fromtimestamp(moment, UTC).isoformat(sep=" ").removesuffix("+00:00").removesuffix(" 00:00:00")
