"""Claims, and the names that `hubbub reproduce` knows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from hubbub.analysis.measure import Measure
from hubbub.simulator.registry import Registry

if TYPE_CHECKING:
    from matplotlib.figure import Figure

reproduction = Registry("reproduction", package="hubbub.scenarios.reproductions", supplied=("lab",))
"""Decorator and catalogue of functions (lab) → `Outcome`."""

Verdict = Literal["holds", "does not hold", "not decided"]


@dataclass(frozen=True)
class Claim:
    """One statement of a source, and what came out.

    Attributes
    ----------
    name
        Short name, such as "C1 similarity".
    source
        Who says so and where, or "control" for what must hold before a claim can be judged.
    statement
        What is claimed.
    measured
        What was measured, and on what.
    value
        The measured value, with its interval over seeds.
    verdict
        Whether it holds.
    note
        Conditions and cautions.
    """

    name: str
    source: str
    statement: str
    measured: str
    value: Measure
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a reproduction found: claims, one row of numbers per setting and seed, and figures by name with captions."""

    title: str
    claims: Sequence[Claim]
    rows: Sequence[Mapping[str, Any]]
    figures: Mapping[str, tuple[Figure, str]] = field(default_factory=dict)
    remarks: Sequence[str] = ()


def judge(
    value: Measure,
    *,
    above: float | None = None,
    below: float | None = None,
    within: tuple[float, float] | None = None,
) -> Verdict:
    """Return whether the whole 95 % interval of `value` lies above or below a bound or `within` two, or apart from it.

    One of the three is given; an interval that lies on both sides of a bound decides nothing.
    """
    low, high = value.interval or (math.nan, math.nan)
    if above is not None:
        return "holds" if low > above else "does not hold" if high <= above else "not decided"
    if below is not None:
        return "holds" if high < below else "does not hold" if low >= below else "not decided"
    assert within is not None
    inside, apart = within[0] < low and high < within[1], high <= within[0] or low >= within[1]
    return "holds" if inside else "does not hold" if apart else "not decided"
