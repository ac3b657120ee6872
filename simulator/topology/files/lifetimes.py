"""When nodes, links and values of attributes are there, as GEXF writes it: start, end, spells, timestamps."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float

from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.files.moments import seconds_of

Stretch = tuple[float, float]

MOST_MOMENTS = 1000
"""Moments at which links are looked for, from the last one back."""

_INTERVAL = re.compile(r"([\[\]()])\s*([^\[\]()<>;,]+),\s*([^\[\]()<>;,]+)\s*([\[\]()])")


@dataclass
class Lifetimes:
    """Stretches of time by row; a row without any is always there.

    `texts` are start and end as the file has them ("" for none); `open_start` and `open_end` say which of them do not
    belong to the stretch.
    """

    rows: list[int] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    opens: list[tuple[bool, bool]] = field(default_factory=list)

    def add(self, row: int, about: dict[str, str]) -> int:
        """Add what the attributes of an element say of its time, and return how many stretches these are."""
        before = len(self.rows)
        if "timestamp" in about:
            self._take(row, about["timestamp"], about["timestamp"])
        for stamp in re.split(r"[<>\[\],;\s]+", about.get("timestamps", "")):
            if stamp:
                self._take(row, stamp, stamp)
        for opening, start, end, closing in _INTERVAL.findall(about.get("intervals", "")):
            self._take(row, start, end, opening in "](", closing in "[)")
        start = about.get("start", about.get("startopen", ""))
        end = about.get("end", about.get("endopen", ""))
        if start.strip() or end.strip():
            self._take(row, start, end, "start" not in about, "end" not in about)
        return len(self.rows) - before

    def _take(self, row: int, start: str, end: str, open_start: bool = False, open_end: bool = False) -> None:
        self.rows.append(row)
        self.texts.append((start.strip(), end.strip()))
        self.opens.append((open_start, open_end))

    def without(self, rows: set[int]) -> Lifetimes:
        """Return the stretches of the other rows."""
        kept = [one for one, row in enumerate(self.rows) if row not in rows]
        return Lifetimes([self.rows[k] for k in kept], [self.texts[k] for k in kept], [self.opens[k] for k in kept])

    def joined(self, other: Lifetimes) -> Lifetimes:
        """Return these stretches and those of another object."""
        return Lifetimes(self.rows + other.rows, self.texts + other.texts, self.opens + other.opens)

    def in_numbers(self, *, dated: bool) -> Float[np.ndarray, "S 2"]:
        """Return first and last moment of each stretch, both included: an open end is the next number before it."""
        times = np.empty((len(self.rows), 2))
        for row, ((start, end), (open_start, open_end)) in enumerate(zip(self.texts, self.opens, strict=True)):
            first = moment(start, dated=dated) if start else -math.inf
            last = moment(end, dated=dated) if end else math.inf
            times[row] = (
                np.nextafter(first, math.inf) if open_start and start else first,
                np.nextafter(last, -math.inf) if open_end and end else last,
            )
        return times


def are_dates(*lifetimes: Lifetimes) -> bool:
    """Whether any of the times is no number."""
    return any(not _is_number(text) for lives in lifetimes for pair in lives.texts for text in pair if text)


def moment(text: str, *, dated: bool) -> float:
    """Return a time as a number: itself, or seconds since 1970 (UTC where it names no zone)."""
    if not dated or _is_infinite(text):
        return float(text)
    try:
        return seconds_of(text)
    except ValueError:
        raise TopologyError(f"time: expected a number or a date such as 2026-03-01, got {text[:40]!r}") from None


def last_moment(known: Float[np.ndarray, " T"], has_link: Callable[[float], bool]) -> float:
    """Return the last of the sorted moments `known` at which there is a link.

    Raises
    ------
    TopologyError
        If there is none among the last ones.
    """
    for one in known[::-1][:MOST_MOMENTS].tolist():
        if has_link(one):
            return float(one)
    raise TopologyError(f"at: expected a link at one of the last {MOST_MOMENTS:,} moments, got none; name a moment")


def there(rows: list[int], times: Float[np.ndarray, "S 2"], n: int, stretch: Stretch) -> Bool[np.ndarray, " n"]:
    """Return which of `n` rows are there in a stretch of time."""
    numbers = np.array(rows, dtype=np.int64)
    always = np.ones(n, dtype=bool)
    always[numbers] = False
    alive = (times[:, 0] <= stretch[1]) & (times[:, 1] >= stretch[0])
    always[numbers[alive]] = True
    return always


def _is_number(text: str) -> bool:
    try:
        return not math.isnan(float(text))
    except ValueError:
        return False


def _is_infinite(text: str) -> bool:
    return _is_number(text) and math.isinf(float(text))
