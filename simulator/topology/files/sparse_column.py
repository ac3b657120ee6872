"""An attribute that not every element of a file has, filled chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.files.typed_values import converted, converter, is_number, numbers_of


def no_weight(name: str, value: Any) -> str:
    """Return the complaint about a weight that is no number."""
    got = complaint(f"{name} of an edge", expected="a number", got=value)
    return f"{got}; topology.weight=none reads the links without weights"


@dataclass
class SparseColumn:
    """The values of one attribute of nodes or of links.

    `rows` and `texts` take what a parser finds; `flush` converts it. Numbers are kept as arrays, so that the weights
    of a million links need little more memory than one array of them.
    """

    name: str
    declared: str = "string"
    default: str | None = None
    rows: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    _kept: list[tuple[np.ndarray, Any]] = field(default_factory=list)

    def flush(self, first: int) -> None:
        """Convert the new texts; their rows count from `first`."""
        if not self.rows:
            return
        rows, texts = np.array(self.rows, dtype=np.int64) + first, self.texts.copy()
        self.rows.clear()
        self.texts.clear()
        if is_number(self.declared) and (numbers := numbers_of(texts)) is not None:
            self._kept.append((rows, numbers))
            return
        if converter(self.declared) is not str and not all(map(str.strip, texts)):  # an empty element says nothing
            said = [bool(text.strip()) for text in texts]
            rows, texts = rows[said], [text for text, one in zip(texts, said, strict=True) if one]
        self._kept.append((rows, self._values(texts)))

    def joined(self, other: SparseColumn) -> SparseColumn | None:
        """Return the values of both, or None if an element has a value in each of them or there are defaults."""
        rows = np.concatenate([np.empty(0, np.int64), *(some for column in (self, other) for some, _ in column._kept)])
        if self.default is not None or other.default is not None or len(np.unique(rows)) < len(rows):
            return None
        kept = [
            (some, [None if value != value else value for value in list(values)])
            for column in (self, other)
            for some, values in column._kept
        ]
        return SparseColumn(self.name, "string", _kept=kept)

    def is_empty(self) -> bool:
        """Whether no element has a value."""
        return self.default is None and not any(len(rows) for rows, _ in self._kept)

    def values(self, n: int) -> list[Any]:
        """Return one value for each of `n` elements, None where there is none."""
        [default] = [None] if self.default is None else list(self._values([self.default]))
        values = [default] * n
        for rows, some in self._kept:
            for row, value in zip(rows.tolist(), list(some), strict=True):
                values[row] = value
        if is_number(self.declared):
            return [None if value is None or value != value else float(value) for value in values]
        return values

    def numbers(self, n: int, *, missing: float) -> Float[np.ndarray, " n"]:
        """Return one number for each of `n` elements; values that are no numbers are refused."""
        numbers = np.full(n, missing if self.default is None else self.number(self.default))
        for rows, some in self._kept:
            if isinstance(some, np.ndarray):
                numbers[rows] = some
            else:
                numbers[rows] = [missing if value is None else self.number(value) for value in some]
        return numbers

    def _values(self, texts: list[str]) -> Any:
        values = converted(texts, converter(self.declared), what=f"attribute {self.name!r}")
        return np.array(values, dtype=np.float64) if is_number(self.declared) else values

    def number(self, value: Any) -> float:
        """Return a value of this column as a number; another one is refused."""
        try:
            return float(value)
        except (TypeError, ValueError, OverflowError):
            raise TopologyError(no_weight(self.name, value)) from None
