"""Parquet tables with fixed columns: single files, and growing tables that are written part by part during a run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hubbub.simulator.errors import StoreError, complaint
from hubbub.simulator.store.files import Files, existing, inside, reading

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS: dict[str, dict[str, str]] = {
    "metrics": {
        "step": "int64",
        "name": "string",
        "value": "float64",
        "agent": "int64",
        "listener": "int64",
        "split": "string",
        "distance": "int64",
        "copy": "int64",
        "network": "int64",
    },
    "events": {
        "step": "int64",
        "kind": "string",
        "source": "int64",
        "target": "int64",
        "copy": "int64",
        "value": "float64",
        "detail": "string",
    },
    "series": {"step": "int64", "copy": "int64", "overlap": "float32", "activity": "float32"},
}
"""Columns of the growing tables, the same in every part of every run, so that parts can be read together by a glob."""

Columns = Mapping[str, Sequence[Any] | np.ndarray]
"""Rows as columns of equal length, `step` among them."""

DIMENSIONS = tuple(COLUMNS["metrics"])[3:]
"""What a metric row may describe, such as an agent; all are null where it describes the whole system."""


class GrowingTable:
    """A table of a run that is appended to, kept as `NAME/part-<first step>.parquet`.

    Rows are buffered in memory until `flush`, which also happens by itself at `max_rows`. Steps must not decrease, so
    the parts in the order of their names are the rows in the order in which they were appended.
    """

    def __init__(self, files: Files, name: str, *, max_rows: int = 50_000) -> None:
        self._files = files
        self._name = name
        self._max_rows = max_rows
        self._buffer: list[pa.Table] = []

    def append(self, columns: Columns) -> None:
        """Add rows, given as columns; a missing column is null, an unknown one is refused."""
        import pyarrow as pa

        known = schema(COLUMNS[self._name])
        for name in columns:
            if name not in known.names:
                expected = f"one of {', '.join(known.names)}"
                raise StoreError(
                    complaint(f"column of {self._name}", expected=expected, got=name, valid=tuple(known.names))
                )
        n_rows = len(columns["step"])
        if n_rows:
            self._buffer.append(
                pa.table([columns.get(field.name, pa.nulls(n_rows, field.type)) for field in known], schema=known)
            )
        if sum(map(len, self._buffer)) >= self._max_rows:
            self.flush()

    def append_rows(self, step: int, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows of one step; columns that a row does not have are null."""
        given = list(rows)
        names = dict.fromkeys(name for row in given for name in row)
        self.append({"step": [step] * len(given), **{name: [row.get(name) for row in given] for name in names}})

    def flush(self) -> None:
        """Write the buffered rows as one part, or to the end of the part that begins with the same step."""
        if not self._buffer:
            return
        import pyarrow as pa

        part = f"{self._name}/part-{self._buffer[0]['step'][0].as_py():010d}.parquet"
        if inside(self._files.root, part).exists():
            self._buffer.insert(0, _read_part(self._files.root, self._name, part))
        self._files.write(part, encode(pa.concat_tables(self._buffer)))
        self._buffer.clear()

    def keep(self, wanted: Callable[[int], bool]) -> None:
        """Keep only the written rows of the steps that are `wanted`; parts without any are removed."""
        import pyarrow as pa
        import pyarrow.compute as pc

        for part in _parts(self._files.root, self._name):
            table = _read_part(self._files.root, self._name, part)
            steps = [step for step in pc.unique(table["step"]).to_pylist() if wanted(step)]
            kept = table.filter(pc.is_in(table["step"], pa.array(steps, pa.int64())))
            if not len(kept):
                self._files.remove(part)
            elif len(kept) < len(table):
                self._files.write(part, encode(kept))


def read_parts(run: Path, name: str) -> pa.Table:
    """Return all rows of a growing table, in the order in which they were appended."""
    import pyarrow as pa

    tables = [_read_part(run, name, part) for part in _parts(run, name)]
    return pa.concat_tables([schema(COLUMNS[name]).empty_table(), *tables])


def read_table(run: Path, name: str, columns: Mapping[str, str], *, optional: Collection[str] = ()) -> pa.Table:
    """Return the Parquet table `name` of a run, which must have `columns` of these types, and may have others.

    Columns that are `optional` are null where they are missing.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = existing(run, name)
    with reading(path):
        table = pq.ParquetFile(path).read()
        for column in columns:
            if column not in table.column_names:
                if column not in optional:
                    raise StoreError(f"cannot read {path}: column {column!r} is missing")
                table = table.append_column(column, pa.nulls(len(table)))
        fields = [
            pa.field(field.name, schema(columns).field(field.name).type) if field.name in columns else field
            for field in table.schema
        ]
        return table.cast(pa.schema(fields))


def schema(columns: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema of columns given as name → type name; "list<int16>" is a list of int16."""
    import pyarrow as pa

    lists = {"list<int16>": pa.list_(pa.int16())}
    return pa.schema([(name, lists.get(kind, kind)) for name, kind in columns.items()])


def encode(table: pa.Table) -> bytes:
    """Return the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _read_part(run: Path, name: str, part: str) -> pa.Table:
    """Return a part of a growing table; a dimension of metrics that did not exist when it was written is null."""
    columns = COLUMNS[name]
    return read_table(run, part, columns, optional=DIMENSIONS if name == "metrics" else ()).select(list(columns))


def _parts(run: Path, name: str) -> list[str]:
    return sorted(f"{name}/{path.name}" for path in inside(run, name).glob("part-*.parquet"))
