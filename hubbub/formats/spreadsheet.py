"""Tables for spreadsheets: CSV and one Excel workbook.

A spreadsheet takes a cell that begins with `= + - @`, a tab or a line break for a formula. In CSV such texts, and
names of columns, get an apostrophe in front, which a spreadsheet takes as "this is text"; numbers stay numbers. A
workbook says itself that a cell is text, so nothing is added. A CSV file with letters beyond ASCII begins with a byte
order mark, by which spreadsheets see that it is UTF-8; pandas, polars and duckdb skip it. Lists of whole numbers are
numbers with blanks between them, everything else that is nested is JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MOST_ROWS = 1_048_575
"""Rows of a sheet below its heading."""

LONGEST_CELL, LONGEST_TITLE = 32_767, 31


def csv(table: pa.Table) -> bytes:
    """Return a table as CSV that a spreadsheet opens without running anything."""
    import pyarrow as pa
    from pyarrow.csv import write_csv

    flat = flat_table(table)
    for place, field in enumerate(flat.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            texts = [None if text is None else harmless(text) for text in flat[field.name].to_pylist()]
            flat = flat.set_column(place, field.name, pa.array(texts, field.type))
    file = BytesIO()
    write_csv(flat.rename_columns([harmless(name) for name in flat.column_names]), file)
    data = file.getvalue()
    return data if data.isascii() else BYTE_ORDER_MARK + data


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def flat_table(table: pa.Table) -> pa.Table:
    """Return the table with text in place of lists and structures."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_nested(field.type):
            of_numbers = pa.types.is_list(field.type) and pa.types.is_integer(field.type.value_type)
            texts = [None if value is None else _flat(value, of_numbers) for value in table[field.name].to_pylist()]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    return table


def has_xlsx() -> bool:
    """Whether the package that writes workbooks is installed."""
    return find_spec("xlsxwriter") is not None


def xlsx(tables: Iterable[tuple[str, pa.Table]]) -> bytes:
    """Return an Excel workbook with a sheet for each table.

    Raises
    ------
    ValueError
        A table has more rows than a sheet.
    """
    import xlsxwriter

    file = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "in_memory": True}) as book:
        titles: set[str] = set()
        for name, table in tables:
            if len(table) > MOST_ROWS:
                raise ValueError(f"table {name}: expected at most {MOST_ROWS:,} rows for a sheet, got {len(table):,}")
            sheet = book.add_worksheet(_title(name, titles))
            for row, cells in enumerate(_rows(table)):
                for column, cell in enumerate(cells):
                    _write(sheet, row, column, cell)
    return file.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Any) -> None:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float) and math.isfinite(cell) and (isinstance(cell, float) or abs(cell) < 2**53):
        sheet.write_number(row, column, cell)
    else:
        sheet.write_string(row, column, str(cell)[:LONGEST_CELL])


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    flat = flat_table(table)
    yield tuple(flat.column_names)
    for batch in flat.to_batches():
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _title(name: str, titles: set[str]) -> str:
    """Return a title that a workbook accepts and that no other sheet has."""
    plain = "".join("-" if character in "[]:*?/\\" else character for character in name).strip("'")[:LONGEST_TITLE]
    title, number = plain or "table", 2
    while title.lower() in titles:
        title = f"{plain[: LONGEST_TITLE - 4]} {number}"
        number += 1
    titles.add(title.lower())
    return title


def _flat(value: Any, of_numbers: bool) -> str:
    if of_numbers and all(isinstance(one, int) for one in value):
        return " ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False, default=str)
