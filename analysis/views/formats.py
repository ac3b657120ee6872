"""Export formats: functions that return the files of a run, and tables as CSV and Parquet."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.simulator.store import Run

Files: TypeAlias = Iterator[tuple[str, bytes]]
"""Path below the folder of exports, and content, of each file."""

Format: TypeAlias = Callable[["Run"], Files]
"""Function that returns the files of a run in one format."""

Tables: TypeAlias = Iterable[tuple[str, "pa.Table"]]
"""Name and content of each table."""


def table_formats(tables: Callable[[Run], Tables]) -> dict[str, Format]:
    """Return the formats csv and parquet for the tables that a function returns of a run."""
    return {"csv": lambda run: _csv_files(tables(run)), "parquet": lambda run: _parquet_files(tables(run))}


def _csv_files(tables: Tables) -> Files:
    from pyarrow.csv import write_csv

    for name, table in tables:
        file = BytesIO()
        write_csv(_without_nested_columns(table), file)
        yield f"csv/{name}.csv", file.getvalue()


def _parquet_files(tables: Tables) -> Files:
    from pyarrow.parquet import write_table

    for name, table in tables:
        file = BytesIO()
        write_table(table, file)
        yield f"parquet/{name}.parquet", file.getvalue()


def _without_nested_columns(table: pa.Table) -> pa.Table:
    """Return the table with lists and structures as JSON text, because CSV has neither."""
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        if pa.types.is_nested(field.type):
            values = table[field.name].to_pylist()
            text = [None if value is None else json.dumps(value, default=str) for value in values]
            table = table.set_column(place, field.name, pa.array(text, pa.string()))
    return table
