"""One statement of a source: what was measured for it, when it holds, and whether it does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from hubbub.analysis.measure import Measure
from hubbub.scenarios.reproductions.criteria import Criterion, Verdict, criterion_of, number

CONTROL = "control"
"""The source of claims that must hold before others can be judged."""
HYPOTHESIS = "our hypothesis"
"""The source of claims that no publication makes."""


@dataclass(frozen=True)
class Condition:
    """What must be so before the criterion is looked at: a number that lies between two bounds, themselves included.

    `otherwise` is the verdict where it is not so.
    """

    name: str
    value: float
    at_least: float | None = None
    at_most: float | None = None
    otherwise: Verdict = "not decided"

    @property
    def is_met(self) -> bool:
        """Whether the number lies between the bounds; NaN does not."""
        low, high = (-math.inf if self.at_least is None else self.at_least), self.at_most
        return low <= self.value <= (math.inf if high is None else high)

    def __str__(self) -> str:
        bounds = ((self.at_least, "at least"), (self.at_most, "at most"))
        wanted = " and ".join(f"{said} {number(bound)}" for bound, said in bounds if bound is not None)
        return f"{'' if self.is_met else 'NOT MET: '}{self.name} {self.value:.3g} ({wanted})"


@dataclass(frozen=True)
class Claim:
    """One statement of a source, and what came out.

    Attributes
    ----------
    name
        Short name, such as "C1 similarity".
    statement
        What is claimed.
    measured
        What was measured, and on what.
    value
        The measured value, with its interval over seeds.
    criterion
        Where the interval has to lie.
    note
        Other numbers, and cautions.
    source
        Who says so and where, `CONTROL`, or "" for the source of the whole reproduction.
    conditions
        What must be so before the criterion is looked at (converged, at a plateau …).
    """

    name: str
    statement: str
    measured: str
    value: Measure
    criterion: Criterion
    note: str = ""
    source: str = ""
    conditions: Sequence[Condition] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether it holds."""
        unmet = (condition.otherwise for condition in self.conditions if not condition.is_met)
        return next(unmet, self.criterion.verdict(self.value.interval))

    @property
    def remark(self) -> str:
        """What is said below the table: conditions, why the bound, the note, and what was left out of the value."""
        why = "" if self.criterion.why in ("0 means no difference", "our choice") else self.criterion.why
        left_out = "" if math.isnan(self.value.value) else self.value.reason
        return "; ".join(filter(None, (*map(str, self.conditions), why, self.note, left_out)))

    def as_json(self) -> dict[str, Any]:
        """Return all that is needed to judge the claim again."""
        value, interval = self.value, self.value.interval
        return {
            "name": self.name,
            "source": self.source,
            "statement": self.statement,
            "measured": self.measured,
            "value": _known(value.value),
            "interval": interval and [_known(end) for end in interval],
            "unit": value.unit,
            "n": value.n,
            "each": [_known(one.value) for one in value.each],
            "reason": value.reason,
            "criterion": {**self.criterion.as_json(), "unit": value.unit},
            "conditions": [{**asdict(one), "value": _known(one.value)} for one in self.conditions],
            "verdict": self.verdict,
            "note": self.note,
        }

    @classmethod
    def of_json(cls, record: Mapping[str, Any]) -> Claim:
        """Return the claim that `as_json` described; its verdict is derived anew."""
        low, high = (_number(end) for end in record["interval"] or (None, None))
        value = Measure(
            _number(record["value"]),
            record["unit"],
            "as kept",
            record["n"],
            interval=(low, high) if record["interval"] else None,
            reason=record["reason"],
            each=tuple(Measure(_number(one), record["unit"], "as kept", 1) for one in record["each"]),
        )
        conditions = [Condition(**{**of, "value": _number(of["value"])}) for of in record["conditions"]]
        text = {name: record[name] for name in ("name", "statement", "measured", "note", "source")}
        return cls(**text, value=value, criterion=criterion_of(record["criterion"]), conditions=conditions)

    def of_source(self, source: str) -> Claim:
        """Return the claim with a source, where it names none itself."""
        return self if self.source else replace(self, source=source)


def control(name: str, statement: str, measured: str, value: Measure, criterion: Criterion, note: str = "") -> Claim:
    """Return a claim that must hold before others can be judged."""
    return Claim(f"control: {name}", statement, measured, value, criterion, note, CONTROL)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _number(value: float | None) -> float:
    return math.nan if value is None else value
