"""Export formats: functions that return the files of a run, and tables as CSV, Parquet and a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from hubbub.formats.spreadsheet import csv, has_xlsx, xlsx
from hubbub.simulator.errors import ConfigurationError

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run

Files: TypeAlias = Iterator[tuple[str, bytes]]
"""Path below the folder of exports, and content, of each file."""

Format: TypeAlias = Callable[["Run"], Files]
"""Function that returns the files of a run in one format."""

Tables: TypeAlias = Iterable[tuple[str, "pa.Table"]]
"""Name and content of each table."""

WORKBOOK = "xlsx"


def table_formats(tables: Callable[[Run], Tables]) -> dict[str, Format]:
    """Return the formats csv and parquet, and xlsx where its package is, for the tables that a function returns."""
    formats = {"csv": lambda run: _csv_files(tables(run)), "parquet": lambda run: _parquet_files(tables(run))}
    if has_xlsx():
        formats[WORKBOOK] = lambda run: _workbook(tables(run))
    return formats


def _csv_files(tables: Tables) -> Files:
    for name, table in tables:
        yield f"csv/{name}.csv", csv(table)


def _parquet_files(tables: Tables) -> Files:
    from pyarrow.parquet import write_table

    for name, table in tables:
        file = BytesIO()
        write_table(table, file)
        yield f"parquet/{name}.parquet", file.getvalue()


def _workbook(tables: Tables) -> Files:
    try:
        yield "tables.xlsx", xlsx(tables)
    except ValueError as error:
        raise ConfigurationError(f"format: {error}; csv and parquet have no limit") from error
