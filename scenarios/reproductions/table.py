"""The table that claims are computed from: a row of numbers for each run, or for each setting and record of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from hubbub.analysis.crossing import crossing
from hubbub.analysis.figures.interval_curves import Varied
from hubbub.analysis.files import write_whole
from hubbub.analysis.measure import Measure, over_seeds

Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Row]
FILE = "measurements.csv"


class Table:
    """Rows, and numbers that are picked from them; a column that a row lacks is None there."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, **settings: Any) -> Table:
        """Return the rows that have these settings."""
        return self.filter(lambda row: all(row.get(name) == value for name, value in settings.items()))

    def filter(self, is_kept: Callable[[Row], bool]) -> Table:
        """Return the rows for which a function is true."""
        return Table(row for row in self.rows if is_kept(row))

    def having(self, name: str) -> Table:
        """Return the rows that have a column."""
        return self.filter(lambda row: row.get(name) is not None)

    def added(self, name: str, of: Callable[[Row], Any]) -> Table:
        """Return the rows with one more column, a function of the others."""
        return Table({**row, name: of(row)} for row in self.rows)

    def column(self, name: str) -> list[Any]:
        """Return the values of a column, row by row."""
        return [row[name] for row in self.rows]

    def levels(self, name: str) -> list[Any]:
        """Return the different values of a column, ascending."""
        return sorted({row[name] for row in self.having(name)})

    def by(self, name: str) -> dict[Any, Table]:
        """Return the rows of each value of a column, in the order in which the values first come."""
        parts: dict[Any, list[Row]] = {}
        for row in self.having(name):
            parts.setdefault(row[name], []).append(row)
        return {value: Table(rows) for value, rows in parts.items()}

    def mean(self, name: str) -> Measure:
        """Return the mean of a column with its interval; there is one row for each seed."""
        return over_seeds(self.column(name))

    def each(self, of: Callable[[Table], float], *, seed: str = "seed") -> Measure:
        """Return the mean over seeds of a number that is computed from the rows of each."""
        parts = self.by(seed)
        return over_seeds([of(parts[value]) for value in sorted(parts)])

    def minus(self, other: Table, name: str, other_name: str = "") -> Measure:
        """Return the mean over seeds of a column minus that column (or another) in the other rows, paired by seed."""
        pairs = zip(self.column(name), other.column(other_name or name), strict=True)
        return over_seeds([mine - theirs for mine, theirs in pairs])

    def slope(self, x: str, y: str) -> Measure:
        """Return the mean over seeds of the slope of one column against another, by least squares."""
        return self.each(lambda mine: slope(mine.column(x), mine.column(y)))

    def crossing(self, along: str, name: str, other: Table, other_name: str = "") -> Measure:
        """Return the mean over seeds of the setting at which a column first rises above one of the other rows."""
        others = other.by("seed")

        def of(mine: Table) -> float:
            pairs = zip(mine.column(name), others[mine.rows[0]["seed"]].column(other_name or name), strict=True)
            return crossing(mine.column(along), [one - another for one, another in pairs])

        return self.each(of)

    def curve(self, along: str, name: str) -> Varied:
        """Return the mean of a column over seeds at every value of another, ascending."""
        parts = self.by(along)
        levels = sorted(parts)
        return Varied(levels, [parts[level].mean(name) for level in levels])

    def curves(self, lines: str, along: str, name: str, said: str = "{}") -> dict[str, Varied]:
        """Return such a curve for each value of a third column; `said` is how its name is written."""
        return {said.format(value): part.curve(along, name) for value, part in self.by(lines).items()}

    def rounded(self, digits: int | None) -> Table:
        """Return the rows with numbers of so many digits, None for all."""
        if digits is None:
            return self

        def short(value: Any) -> Any:
            return float(f"{value:.{digits}g}") if isinstance(value, float) else value

        return Table({name: short(value) for name, value in row.items()} for row in self.rows)

    def write(self, path: Path) -> None:
        """Write the rows as CSV."""
        import pyarrow as pa
        from pyarrow import csv

        names = dict.fromkeys(name for row in self.rows for name in row)
        text = BytesIO()
        csv.write_csv(pa.table({name: [row.get(name) for row in self.rows] for name in names}), text)
        write_whole(path, text.getvalue())

    @classmethod
    def read(cls, path: Path) -> Table:
        """Read what `write` wrote."""
        from pyarrow import csv

        options = csv.ConvertOptions(null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False)
        return cls(csv.read_csv(path, convert_options=options).to_pylist())


def minus(one: Measure, other: Measure | float) -> Measure:
    """Return the mean of the differences of two measures, paired by seed."""
    others = [other] * len(one.each) if isinstance(other, float) else [each.value for each in other.each]
    return over_seeds([mine.value - theirs for mine, theirs in zip(one.each, others, strict=True)])


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Return the slope of a least-squares line, NaN where a value is missing."""
    return float(np.polyfit(x, y, 1)[0]) if np.isfinite(y).all() else math.nan


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
