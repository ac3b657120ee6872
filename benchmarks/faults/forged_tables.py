"""Parquet tables that nobody's writer makes: huge declared shapes, foreign types, doubled columns."""

from __future__ import annotations

import base64
import decimal
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Forgery = Callable[[pa.Table], bytes]
"""Returns the bytes of a file in place of a table that is as written."""

GROUP_ROWS = 1_000_000


def written(table: pa.Table, **options: Any) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    out = BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def with_column(values: pa.Array | Callable[[int], pa.Array], place: int = -1) -> Forgery:
    """Return a forgery: other values in a column, the last one or that at `place`, whatever they are."""

    def forge(table: pa.Table) -> bytes:
        at = place % table.num_columns
        made = values(len(table)) if callable(values) else pa.repeat(values, len(table))
        return written(table.set_column(at, table.column_names[at], made))

    return forge


def repeated(n_bytes: int) -> Forgery:
    """Return a forgery: the first row again and again, until the table takes so many bytes in memory."""

    def forge(table: pa.Table) -> bytes:
        row = table.slice(0, 1)
        size = sum(8 for _ in table.column_names)
        group = row.take(pa.array(np.zeros(GROUP_ROWS, np.int64)))
        out = BytesIO()
        with pq.ParquetWriter(out, table.schema, compression="zstd") as writer:
            for _ in range(max(1, n_bytes // size // GROUP_ROWS)):
                writer.write_table(group)
        return out.getvalue()

    return forge


def page_of(size: int) -> Forgery:
    """Return a forgery: the first page says that it has `size` bytes when it is decompressed.

    The header is thrift type 5 (a whole number) for its fields 1 to 4: kind, this size, size as it is, checksum. The
    room of the checksum, which need not be there, is used for the longer number.
    """

    def forge(table: pa.Table) -> bytes:
        content = bytearray(written(table, compression="zstd", write_page_checksum=True))
        column = pq.ParquetFile(pa.BufferReader(bytes(content))).metadata.row_group(0).column(0)
        first = place = column.dictionary_page_offset or column.data_page_offset
        fields = []
        for _ in range(4):
            end = next(end for end in range(place + 1, len(content)) if content[end] < 128) + 1
            fields.append(bytes(content[place + 1 : end]))
            place = end
        claim = bytes((size << 1 >> shift & 127) | (128 if shift < 28 else 0) for shift in range(0, 35, 7))
        head = b"\x15" + fields[0] + b"\x15" + claim + b"\x15"
        packed = sum((byte & 127) << 7 * number for number, byte in enumerate(fields[2]))
        room = place - first - len(head)
        head += bytes((packed >> 7 * number & 127) | (128 if number < room - 1 else 0) for number in range(room))
        content[first : place + 1] = head + bytes([content[place] + 0x10])  # the next field is two on, not one
        return bytes(content)

    return forge


def long_text(table: pa.Table) -> bytes:
    """Return a table whose texts are long, written once and meant in every row of many."""
    n = 50_000
    text = pa.DictionaryArray.from_arrays(np.zeros(n, np.int32), pa.array(["a" * 10**6]))
    columns = [
        text
        if pa.types.is_string(field.type)
        else pa.nulls(n, field.type)
        if field.name != "step"
        else np.zeros(n, np.int64)
        for field in table.schema
    ]
    return written(pa.table(columns, names=table.column_names))


def many_groups(table: pa.Table) -> bytes:
    """Return a table that is cut into one group for each row, with a footer for each, many times over."""
    many = pa.concat_tables([table] * max(1, 20_000 // max(len(table), 1)))
    return written(many, row_group_size=1)


def said_otherwise(table: pa.Table) -> bytes:
    """Return a table whose file says in its metadata that it has other columns."""
    other = pa.schema([(name, pa.list_(pa.large_string())) for name in table.column_names])
    said = base64.b64encode(other.serialize().to_pybytes())
    return written(table.replace_schema_metadata({b"ARROW:schema": said}), store_schema=False)


def deep_lists(n: int) -> pa.Array:
    """Return lists in lists, a hundred deep."""
    values: pa.Array = pa.array(np.zeros(n, np.int64))
    for _ in range(100):
        values = pa.ListArray.from_arrays(np.arange(n + 1, dtype=np.int32), values)
    return values


def many_columns(table: pa.Table) -> bytes:
    """Return a table with thousands of further columns."""
    for number in range(5000):
        table = table.append_column(f"attribute:{number}", pa.nulls(len(table), pa.float64()))
    return written(table)


def of_type(value: Any, kind: pa.DataType) -> Callable[[int], pa.Array]:
    """Return a function that makes a column of one value."""
    return lambda n: pa.array([value] * n, kind)


TYPES: dict[str, Callable[[int], pa.Array]] = {
    "bool": of_type(True, pa.bool_()),
    "uint64": of_type(2**64 - 1, pa.uint64()),
    "int8": of_type(-1, pa.int8()),
    "int64, largest": of_type(2**63 - 1, pa.int64()),
    "int64, 2**40": of_type(2**40, pa.int64()),
    "float16": lambda n: pa.array(np.full(n, 0.5, np.float16)),
    "infinity": of_type(float("inf"), pa.float64()),
    "decimal": of_type(decimal.Decimal("1.5"), pa.decimal128(38, 2)),
    "time": of_type(1, pa.timestamp("ns", "UTC")),
    "days": of_type(1, pa.date32()),
    "bytes": of_type(b"\xff", pa.large_binary()),
    "text": of_type("x", pa.string()),
    "large text": of_type("x", pa.large_string()),
    "nulls": lambda n: pa.nulls(n),
    "records": of_type({"a": 1}, pa.struct([("a", pa.int64())])),
    "map": of_type([("a", 1)], pa.map_(pa.string(), pa.int64())),
    "lists": of_type([1, 2], pa.list_(pa.int64())),
    "empty lists": of_type([], pa.list_(pa.int16())),
    "long lists": lambda n: pa.array([[0] * (10**6 if row == 0 else 0) for row in range(n)], pa.list_(pa.int16())),
    "deep lists": deep_lists,
    "dictionary": lambda n: pa.array(["x"] * n).dictionary_encode(),
}


def forgeries(n_columns: int) -> dict[str, Forgery]:
    """Return all forgeries by name: every type in every column, and the others."""
    found: dict[str, Forgery] = {
        f"{name} in column {place}": with_column(values, place)
        for name, values in TYPES.items()
        for place in range(n_columns)
    }
    return found | {
        "a page of 2 GiB": page_of(2**31 - 1),
        "a page of 900 MB": page_of(900_000_000),
        "rows for 2 GB": repeated(2 * 10**9),
        "rows for 900 MB": repeated(9 * 10**8),
        "rows for 200 MB": repeated(2 * 10**8),
        "long texts": long_text,
        "many groups": many_groups,
        "other columns in its metadata": said_otherwise,
        "many columns": many_columns,
        "no rows": lambda table: written(table.slice(0, 0)),
        "no columns": lambda table: written(table.select([])),
        "a column twice": lambda table: written(table.append_column(table.column_names[-1], table[-1])),
        "every column twice": lambda table: written(
            pa.table([*table.columns, *table.columns], names=[*table.column_names, *table.column_names])
        ),
        "columns without names": lambda table: written(table.rename_columns([""] * table.num_columns)),
    }
