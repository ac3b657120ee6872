"""The values that a field takes in a study."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pydantic

from hubbub.simulator.configuration import Section
from hubbub.simulator.errors import complaint
from hubbub.simulator.memory_limit import size

MOST_VALUES = 1_000_000
"""Most values of one field, and most runs of a study."""
RUN_BYTES = 20_000
"""About the memory that one planned run takes."""
RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)")


class Interval(Section):
    """Numbers from `low` to `high`, whole if both bounds are whole; drawn uniformly, or log-uniformly with `log`."""

    low: int | float
    high: int | float
    log: bool = False

    @pydantic.model_validator(mode="after")
    def _bounds(self) -> Interval:
        if not self.low < self.high:
            raise ValueError(f"high: expected more than low ({self.low}), got {self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"low: expected more than 0 with log, got {self.low}")
        return self

    @property
    def is_whole(self) -> bool:
        """Whether only whole numbers are meant."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def draw(self, generator: np.random.Generator) -> int | float:
        """Return a number of the interval, floats to six digits, as people write them."""
        low, high = float(self.low), float(self.high + self.is_whole)
        if self.log:
            low, high = math.log(low), math.log(high)
        drawn = generator.uniform(low, high)
        drawn = math.exp(drawn) if self.log else drawn
        return min(math.floor(drawn), int(self.high)) if self.is_whole else float(f"{drawn:.6g}")


def varied(path: str, given: Any) -> tuple[Any, ...] | Interval:
    """Return what a study says of the field at `path`: a list, a range `0..9`, an interval, or one value for all runs.

    Raises
    ------
    ValueError
        There are no values, or a mapping that is no interval.
    """
    if isinstance(given, Interval):
        return given
    if isinstance(given, Mapping):
        return _interval(path, given)
    values = [
        one for item in (given if isinstance(given, list | tuple | range) else [given]) for one in _range(path, item)
    ]
    if not values:
        raise ValueError(complaint(path, expected="at least one value", got=given))
    return tuple(values)


def _interval(path: str, given: Mapping[str, Any]) -> Interval:
    known = tuple(Interval.model_fields)
    expected = "values, or low, high and perhaps log (a section as a value stands in a list)"
    for name in given:
        if name not in known:
            raise ValueError(complaint(path, expected=expected, got=str(name), valid=known))
    try:
        return Interval.model_validate(given)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        where = ".".join([path, *(str(part) for part in first["loc"][:1])])
        raise ValueError(f"{where}: {first['msg'].removeprefix('Value error, ')}, got {dict(given)}") from None


def _range(path: str, item: Any) -> list[Any]:
    """Return the whole numbers that `0..9` stands for, both ends among them; anything else is itself."""
    match = RANGE.fullmatch(item) if isinstance(item, str) and len(item) < 100 else None
    if not match:
        return [item]
    numbers = range(int(match[1]), int(match[2]) + 1)
    if (n := numbers.stop - numbers.start) > MOST_VALUES:
        needed = size(float(n) * RUN_BYTES)
        raise ValueError(f"{path}: expected at most {MOST_VALUES:,} values, got {n:,}; the runs need about {needed}")
    return list(numbers)
