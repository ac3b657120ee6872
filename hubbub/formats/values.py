"""What values of any sort become in a text file of another tool.

A column has one type. It is boolean, long or double where all its values are of that sort: whole numbers within 64
bits are long; whole numbers up to 2⁵³ beside fractions are double. A column of anything else is text: truth values are
`true` and `false`, lists and dictionaries JSON, dates ISO 8601, and everything else is what `str` makes of it. None and
NaN are left out, because the formats have no word for them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Literal

import numpy as np

Kind = Literal["boolean", "long", "double", "string"]

LARGEST_LONG = 2**63 - 1
LARGEST_EXACT = 2**53
"""Up to here every whole number is a double."""


def typed_texts(values: Iterable[Any]) -> tuple[Kind, list[str | None]]:
    """Return the type of a column and its values as text, None where there is nothing to write."""
    plain = [plain_value(value) for value in values]
    kind = _kind([value for value in plain if value is not None])
    if kind == "double":
        plain = [None if value is None else float(value) for value in plain]
    return kind, [None if value is None else text_of(value) for value in plain]


def plain_value(value: Any) -> Any:
    """Return a value without numpy around it, None for NaN and its like."""
    plain = without_numpy(value)
    if plain is None or isinstance(plain, str | bool | int):
        return plain
    try:
        return None if plain != plain else plain
    except (TypeError, ValueError):  # what compares to no truth value: the NA of pandas, tables
        return None if type(plain).__name__ == "NAType" else plain


def without_numpy(value: Any) -> Any:
    """Return a scalar or an array of numpy as Python's own; dates of numpy as text, NaT as None."""
    if isinstance(value, np.datetime64 | np.timedelta64):
        return None if np.isnat(value) else str(value)
    if isinstance(value, np.generic):
        return value.item()
    return value.tolist() if isinstance(value, np.ndarray) else value


def text_of(value: Any) -> str:
    """Return a value of any sort as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return ("-Infinity" if value < 0 else "Infinity") if math.isinf(value) else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list | dict):
        try:
            return json.dumps(value, ensure_ascii=False, default=_plain_text)
        except (TypeError, ValueError):  # keys that JSON does not have, or a list that holds itself
            return str(value)
    return str(value)


def _kind(values: list[Any]) -> Kind:
    sorts = {type(value) for value in values}
    if sorts == {bool}:
        return "boolean"
    if sorts == {int} and all(-LARGEST_LONG <= value <= LARGEST_LONG for value in values):
        return "long"
    if sorts and sorts <= {int, float} and float in sorts and all(map(_is_exact, values)):
        return "double"
    return "string"


def _is_exact(value: int | float) -> bool:
    return type(value) is float or abs(value) <= LARGEST_EXACT


def _plain_text(value: Any) -> Any:
    plain = plain_value(value)
    return plain if plain is None or isinstance(plain, bool | int | float) else text_of(plain)
