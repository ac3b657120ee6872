"""When a claim holds: a bound for the 95 % interval of its value, and why that bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["holds", "does not hold", "not decided"]
Interval = tuple[float, float]
WEAK = 0.2
"""Correlations whose whole interval is nearer to 0 than this count as none."""


@dataclass(frozen=True)
class Criterion:
    """The claimed side of one bound or of two; `why` says where they come from.

    A claim holds when its whole interval lies between `low` and `high`, does not hold when all of it lies outside on
    one side, and is not decided otherwise or where there is no interval.
    """

    low: float
    high: float
    why: str

    kind = "within"

    def verdict(self, interval: Interval | None) -> Verdict:
        """Return whether a claim with this interval of its value holds."""
        lowest, highest = interval or (math.nan, math.nan)
        if self.low < lowest and highest < self.high:
            return "holds"
        return "does not hold" if highest <= self.low or lowest >= self.high else "not decided"

    def __str__(self) -> str:
        return f"{number(self.low)} to {number(self.high)}"

    def as_json(self) -> dict[str, Any]:
        """Return kind, bounds and reason."""
        return {"kind": self.kind, "low": self.low, "high": self.high, "why": self.why}


class Within(Criterion):
    """The value lies between two bounds."""

    def __init__(self, low: float, high: float, why: str = "") -> None:
        super().__init__(low, high, why or "our choice")

    @classmethod
    def near(cls, value: float, *, share: float, why: str = "") -> Within:
        """Return the range from a share below a value to the same share above it."""
        return cls(value * (1 - share), value * (1 + share), why or f"{share:.0%} around {value:.4g}: our choice")


class Above(Criterion):
    """The value lies above a bound."""

    kind = "above"

    def __init__(self, bound: float, why: str = "") -> None:
        super().__init__(bound, math.inf, why or _default(bound))

    def __str__(self) -> str:
        return f"> {number(self.low)}"

    def as_json(self) -> dict[str, Any]:
        """Return kind, bound and reason."""
        return {"kind": self.kind, "bound": self.low, "why": self.why}


class Below(Criterion):
    """The value lies below a bound."""

    kind = "below"

    def __init__(self, bound: float, why: str = "") -> None:
        super().__init__(-math.inf, bound, why or _default(bound))

    def __str__(self) -> str:
        return f"< {number(self.high)}"

    def as_json(self) -> dict[str, Any]:
        """Return kind, bound and reason."""
        return {"kind": self.kind, "bound": self.high, "why": self.why}


class Correlates(Criterion):
    """The value is not 0, on either side; an interval that lies within ±`bound` counts as no correlation."""

    kind = "correlates"

    def __init__(self, bound: float = WEAK, why: str = "") -> None:
        super().__init__(-bound, bound, why or "a correlation nearer to 0 counts as none: our choice")

    def verdict(self, interval: Interval | None) -> Verdict:
        """Return "holds" where the interval leaves out 0, "does not hold" where all of it is weak."""
        lowest, highest = interval or (math.nan, math.nan)
        if lowest > 0 or highest < 0:
            return "holds"
        return "does not hold" if self.low < lowest and highest < self.high else "not decided"

    def __str__(self) -> str:
        return f"not 0 (none: within ±{number(self.high)})"

    def as_json(self) -> dict[str, Any]:
        """Return kind, bound and reason."""
        return {"kind": self.kind, "bound": self.high, "why": self.why}


def criterion_of(record: Mapping[str, Any]) -> Criterion:
    """Return the criterion that `as_json` described."""
    kinds: dict[str, Callable[..., Criterion]] = {of.kind: of for of in (Within, Above, Below, Correlates)}
    return kinds[record["kind"]](**{name: value for name, value in record.items() if name not in ("kind", "unit")})


def number(value: float) -> str:
    """Return a bound in a few characters."""
    return f"{value:.4g}".replace("-", "−")


def _default(bound: float) -> str:
    return "0 means no difference" if bound == 0 else "our choice"
