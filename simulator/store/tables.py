"""Parquet tables: to bytes and back, with the columns that they must have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.decoded_size import check_size, check_texts
from hubbub.simulator.store.files import existing, reading
from hubbub.simulator.store.journal import read_content
from hubbub.simulator.store.manifest import Part
from hubbub.simulator.store.schemas import COLUMNS, DIMENSIONS, columns_of, fitted

if TYPE_CHECKING:
    import pyarrow as pa

LARGE_BYTES = 2**20
"""From this size on, several threads read a table faster than one."""

Columns = Mapping[str, Sequence[Any] | np.ndarray]
"""Rows as columns of equal length, `step` among them."""


def read_part(run: Path, part: Part) -> pa.Table:
    """Return a table that is covered by the manifest of a run, with the columns that it must have.

    Raises
    ------
    StoreError
        The file is missing, was changed, or does not hold such a table.
    """
    content = read_content(run, part)
    name = part.table or part.name
    optional = DIMENSIONS if name == "metrics" else ()
    with reading(run / part.name):
        table = _fitted(content, columns_of(name), optional, rows=part.rows)
        if part.table:
            steps = table["step"].to_numpy()
            if len(steps) and (steps[0] != part.first or steps[-1] != part.last or (np.diff(steps) < 0).any()):
                raise ValueError(f"expected steps {part.first} to {part.last}, ascending, got others")
    return table.select(list(COLUMNS[name])) if name in COLUMNS else table


def read_table(folder: Path, name: str, columns: Mapping[str, str]) -> pa.Table:
    """Return the Parquet table `name` inside `folder`, which must have `columns` of these types; others may be there.

    It is a file that no manifest covers, such as the table of a study.
    """
    path = existing(folder, name)
    with reading(path):
        return _fitted(path.read_bytes(), columns, ())


def encode(table: pa.Table) -> bytes:
    """Return the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def decode(content: bytes, *, rows: int | None = None) -> pa.Table:
    """Return the table in the bytes of a Parquet file; `ValueError` where it has not this number of rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(content))
    if rows is not None and file.metadata.num_rows != rows:
        raise ValueError(f"expected {rows} rows, got {file.metadata.num_rows}")
    if repeated := check_size(file, content):
        schema = file.schema_arrow
        table = pq.ParquetFile(pa.BufferReader(content), read_dictionary=repeated).read()
        check_texts(table)
        table = table.cast(schema)
    else:
        table = file.read(use_threads=len(content) > LARGE_BYTES)
    if rows is not None and len(table) != rows:
        raise ValueError(f"expected {rows} rows, got {len(table)}")
    return table


def _fitted(
    content: bytes, columns: Mapping[str, str], optional: tuple[str, ...], *, rows: int | None = None
) -> pa.Table:
    try:
        return fitted(decode(content, rows=rows), columns, optional=optional)
    except StoreError as error:
        raise ValueError(str(error)) from None
