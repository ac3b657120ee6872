"""Lengths of time as text."""

from __future__ import annotations

import math

UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def duration(seconds: float) -> str:
    """Return a length of time as text in its two largest units, such as "2 h 5 min"; a dash where it is not known."""
    if not math.isfinite(seconds):
        return "–"
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    left = round(seconds)
    first = next(place for place, (_, size) in enumerate(UNITS) if left >= size)
    parts = []
    for name, size in UNITS[first : first + 2]:
        number, left = divmod(left, size)
        parts += [f"{number} {name}"] if number else []
    return " ".join(parts)
