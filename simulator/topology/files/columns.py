"""Columns of text as numbers, moments and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool, Float, Int

from hubbub.simulator.topology.files.moments import seconds_of

if TYPE_CHECKING:
    import pyarrow as pa


FEW = 1000
MISSING = ("NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "None")
"""What R, pandas, spreadsheets and databases write where a number is missing."""


def whole_numbers(column: pa.Array) -> Int[np.ndarray, " R"] | None:
    """Return a column as whole numbers if every field is one below 10^18, without sign and without zeros before it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.null_count or (len(column) > FEW and whole_numbers(column.slice(0, FEW)) is None):
        return None
    lengths = pc.binary_length(column).to_numpy(zero_copy_only=False)
    if not len(column) or lengths.max() > 18:
        return None
    try:
        values = np.asarray(pc.cast(column, pa.int64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:
        return None
    digits = np.searchsorted(10 ** np.arange(1, 18), values, side="right") + 1
    return values if values.min() >= 0 and np.array_equal(digits, lengths) else None


def numbers(column: pa.Array) -> tuple[Float[np.ndarray, " R"], Bool[np.ndarray, " R"]]:
    """Return a column as numbers, NaN where a field is none, and which fields are neither a finite number nor empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    empty = np.asarray(pc.is_null(column).to_numpy(zero_copy_only=False))
    try:
        values = np.asarray(pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except pa.ArrowInvalid:
        values = np.array([_number(text) for text in column.to_pylist()], dtype=np.float64)
    finite = np.isfinite(values)
    if finite.all():
        return values, np.zeros(len(values), dtype=bool)
    return np.where(finite, values, np.nan), ~finite & ~empty


def is_number(text: str) -> bool:
    """Whether a text is a number, infinity and NaN included."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def is_numeric(column: pa.Array) -> bool:
    """Whether every field is a finite number; of a column with other fields only the beginning is looked at, mostly."""
    if len(column) > FEW and not is_numeric(column.slice(0, FEW)):
        return False
    _, wrong = numbers(column)
    return len(column) > 0 and not column.null_count and not wrong.any()


def cleaned(column: pa.Array, *, commas: bool) -> pa.Array:
    """Return a column of numbers or truth values with empty fields where one is missing, and with decimal points.

    `commas` says whether a comma may be a decimal one. A column that is then neither all numbers nor all truth values
    is returned as it is: "NA" may be a name.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if is_numeric(column) or not len(column):
        return column
    known = without_missing(column)
    if commas and are_decimal_commas(known):
        known = pc.replace_substring(known, ",", ".", max_replacements=1)
    _, wrong = numbers(known)
    truth = pc.all(pc.is_in(pc.utf8_lower(known.drop_null()), value_set=pa.array(["true", "false"]))).as_py()
    return known if known.null_count < len(known) and (truth or not wrong.any()) else column


def without_missing(column: pa.Array) -> pa.Array:
    """Return a column with empty fields in place of `MISSING`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    missing = pc.fill_null(pc.is_in(column, value_set=pa.array(MISSING)), False)
    return pc.if_else(missing, pa.scalar(None, pa.string()), column) if pc.any(missing).as_py() else column


def are_decimal_commas(column: pa.Array) -> bool:
    """Whether all commas are decimal ones: 1,000 may be a thousand, so one number must show it, such as 2,5."""
    import pyarrow.compute as pc

    known = column.drop_null()
    shape = pc.all(pc.match_substring_regex(known, r"^-?\d+(,\d+)?$")).as_py()
    return bool(shape and pc.any(pc.match_substring_regex(known, r",(\d{1,2}|\d{4,})$|^-?0,")).as_py())


def moments(column: pa.Array) -> tuple[Float[np.ndarray, " R"], bool] | None:
    """Return a column of numbers, or of ISO dates as seconds since 1970, and whether it is dates; None if it is
    neither.

    An empty field is NaN, and so is one of `MISSING`. A date without a zone is UTC.
    """
    values, wrong = numbers(column)
    if wrong.any():
        column = without_missing(column)
        values, wrong = numbers(column)
    if not wrong.any():
        return (values, False) if column.null_count < len(column) else None
    encoded = column.dictionary_encode()
    try:
        dates = np.array([seconds_of(text) for text in encoded.dictionary.to_pylist()])
    except ValueError:
        return None
    return np.append(dates, np.nan)[encoded.indices.fill_null(len(dates)).to_numpy()], True


def values(column: pa.Array) -> list[Any]:
    """Return a column as whole numbers, numbers, truth values or text, whichever all fields are; None where one is
    empty.

    Numbers that are written with zeros before them, such as 007, are text.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    known = column.drop_null()
    lowered = set(pc.unique(pc.utf8_lower(known)).slice(0, 3).to_pylist())
    if lowered and lowered <= {"true", "false"}:
        return [None if text is None else text.lower() == "true" for text in column.to_pylist()]
    if not len(known) or pc.any(pc.match_substring_regex(known, r"^[-+]?0\d|^\+|[xXpP]")).as_py():
        return column.to_pylist()
    for kind in (pa.int64(), pa.float64()):
        try:
            made = pc.cast(column, kind)
        except pa.ArrowInvalid:
            continue
        if pa.types.is_integer(kind) or pc.all(pc.is_finite(made)).as_py():
            return made.to_pylist()
    return column.to_pylist()


def _number(text: str | None) -> float:
    try:
        return float(text.replace("_", "x")) if text is not None else np.nan
    except ValueError:
        return np.nan
