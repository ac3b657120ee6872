"""How large a Parquet table is in memory: checked before it takes the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubbub.simulator.errors import StoreError
from hubbub.simulator.store.page_headers import declared_sizes

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MOST_DECODED_BYTES = 2**30
"""The largest table in one file that is read; the writer divides larger ones."""

WIDTHS = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT64": 8, "DOUBLE": 8, "INT96": 12, "BYTE_ARRAY": 16}


def check_size(file: pq.ParquetFile, content: bytes) -> list[str]:
    """Raise `StoreError` when a Parquet file says that it is larger than any that is written, before it is read.

    It says so in its footer (numbers of values) and at each page (bytes when decompressed).

    Returns
    -------
    Names of columns of texts that are to be read as dictionaries, then checked by `check_texts`: a text that is written
    once may be meant in every row. Where even that would be small, there are none.
    """
    about = file.metadata
    texts, needed = list[str](), 0
    for group in range(about.num_row_groups):
        rows = about.row_group(group)
        for number in range(rows.num_columns):
            column = rows.column(number)
            needed += column.num_values * WIDTHS.get(column.physical_type, 16)
            if column.physical_type == "BYTE_ARRAY":
                texts.append(column.path_in_schema)
    written = sum(declared_sizes(content, about))
    needed = max(needed, about.num_rows, written)
    if needed > MOST_DECODED_BYTES:
        raise StoreError(f"expected at most {MOST_DECODED_BYTES:,} bytes of values, got {needed:,}")
    return [] if written * needed <= MOST_DECODED_BYTES else list(dict.fromkeys(texts))


def check_texts(table: pa.Table) -> None:
    """Raise `StoreError` when texts that are kept once each would be larger than any table if they were repeated."""
    import pyarrow as pa
    import pyarrow.compute as pc

    needed = 0
    for column in table.columns:
        while pa.types.is_list(column.type):
            column = pc.list_flatten(column)
        for chunk in column.chunks if pa.types.is_dictionary(column.type) else ():
            lengths = pc.binary_length(chunk.dictionary).cast(pa.int64())
            needed += pc.sum(lengths.take(chunk.indices)).as_py() or 0
    if needed > MOST_DECODED_BYTES:
        raise StoreError(f"expected at most {MOST_DECODED_BYTES:,} bytes of texts, got {needed:,}")
