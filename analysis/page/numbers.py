"""Numbers as text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hubbub.analysis.measure import Measure


def percent(value: float) -> str:
    """Return a share as a percentage."""
    if math.isnan(value):
        return "–"
    shown = 100 * value
    return f"{shown:.1f} %" if 99 <= shown < 99.95 or 0.05 <= shown < 1 else f"{shown:.0f} %"


def number(value: float, *, digits: int = 2) -> str:
    """Return a number with fixed digits, a dash for NaN."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def significant(value: float, *, digits: int = 4) -> str:
    """Return a number with `digits` significant digits, a dash for NaN."""
    if not math.isfinite(value):
        return number(value)
    large = 10 ** min(digits, 3) <= abs(value) < 1e12
    return (f"{value:,.0f}" if large else f"{value:.{digits}g}").replace("-", "−")


def p_text(p_value: float) -> str:
    """Return a p-value as "p = 0.012" or "p < 0.001"."""
    if math.isnan(p_value):
        return "no p-value"
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.{3 if p_value < 0.1 else 2}f}"


def by_chance(chance: float) -> str:
    """Return the success of random answers in brackets; "" where it is not known."""
    return "" if math.isnan(chance) else f" (by chance {percent(chance)})"


def null_text(measure: Measure) -> str:
    """Return mean and standard deviation of the null distribution of a measure, and its p-value, in brackets."""
    if measure.null is None:
        return f"({measure.reason})" if measure.reason else ""
    null, digits = measure.null, 3 if measure.null.sd < 0.01 else 2
    p_value = p_text(measure.p_value)
    if measure.p_value * (1 + null.n) < 1.5:  # no permutation was as high: with more of them, p would be smaller
        p_value = p_value.replace("=", "≤")
    return f"({number(null.mean, digits=digits)} ± {number(null.sd, digits=digits)} by chance, {p_value})"


def listed(names: Sequence[str]) -> str:
    """Return at least one name as "a, b and c"."""
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
