"""Files of other tools: lines of text, JSON and tables, opened whatever their compression."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from hubbub.simulator.errors import ConfigurationError

AT_ONCE = 10_000
COMPRESSED = (".gz", ".bz2", ".zst", ".zstd", ".lz4")
BETWEEN = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
LONGEST_CELL = 2**24


def suffix_of(path: Path) -> str:
    """Return the last suffix of a file, without that of its compression."""
    bare = path.with_suffix("") if path.suffix.lower() in COMPRESSED else path
    return bare.suffix.lower()


def text_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a text file in UTF-8, unpacked if it is compressed.

    Raises
    ------
    ConfigurationError
        The file cannot be read or unpacked, or is not text.
    """
    import pyarrow as pa

    try:
        with pa.input_stream(str(path), compression="detect") as packed:
            yield from io.TextIOWrapper(packed, encoding="utf-8-sig", newline="")
    except (OSError, UnicodeDecodeError, pa.ArrowInvalid) as error:
        raise ConfigurationError(f"{path}: expected a text file in UTF-8: {error}") from None


def json_lines(path: Path) -> Iterator[list[Any]]:
    """Yield the JSON values of the lines of a file, a few thousand at a time; empty lines are passed over.

    Raises
    ------
    ConfigurationError
        A line is not JSON.
    """
    numbered = ((number, line) for number, line in enumerate(text_lines(path), 1) if line.strip())
    while block := list(islice(numbered, AT_ONCE)):
        try:
            values = json.loads(f"[{','.join(line for _, line in block)}]")
        except (ValueError, RecursionError):
            values = []
        if len(values) != len(block):  # a line is not JSON, or holds several values
            values = [_json(line, f"{path}, line {number}") for number, line in block]
        yield values


def json_values(path: Path) -> list[Any]:
    """Return the parts of a JSON file that holds one array, such as `corpus.json`.

    Raises
    ------
    ConfigurationError
        The file is not JSON, or holds something else.
    """
    whole = _json("".join(text_lines(path)), str(path))
    if not isinstance(whole, list):
        raise ConfigurationError(f"{path}: expected one array of messages, got {type(whole).__name__}")
    return whole


def csv_rows(path: Path, *, skipped: int = 0) -> tuple[list[str], str, Iterator[dict[str, str | None]]]:
    """Return the columns of a table of text, what stands between them, and its rows, without those of empty cells.

    The names of the columns are in the first line after `skipped` ones. Blanks around cells do not count.

    Raises
    ------
    ConfigurationError
        The first line names no columns, or names one twice, or a row has more cells.
    """
    lines = islice(text_lines(path), skipped, None)
    first = next(lines, "")
    if first[:4].lower() == "sep=":  # spreadsheets write it above a table
        first, skipped = next(lines, ""), skipped + 1
    between = max(BETWEEN, key=first.count)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(_chain(first, lines), delimiter=between)
    try:
        columns = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise ConfigurationError(f"{path}: expected a table of text: {error}") from None
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if not any(columns) or twice is not None:
        raise ConfigurationError(
            f"{path}: expected the names of the columns in the first line, each once, got {first.strip()[:80]!r}"
        )

    def rows() -> Iterator[dict[str, str | None]]:
        try:
            for cells in reader:
                cells = [cell.strip() for cell in cells]
                if not any(cells):
                    continue
                if len(cells) == len(columns) + 1 and not cells[-1]:
                    cells.pop()  # the heading lacks the separator that ends each row
                if len(cells) != len(columns):
                    line = reader.line_num + skipped
                    raise ConfigurationError(f"{path}, line {line}: expected {len(columns)} cells, got {len(cells)}")
                yield {name: cell or None for name, cell in zip(columns, cells, strict=True)}
        except csv.Error as error:
            raise ConfigurationError(f"{path}, line {reader.line_num + skipped}: {error}") from None

    return columns, BETWEEN[between], rows()


def parquet_rows(path: Path) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """Return the columns of a Parquet file and its rows.

    Raises
    ------
    ConfigurationError
        The file is not Parquet, or, while its rows are read, damaged.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    damaged = (OSError, pa.ArrowException, UnicodeDecodeError)
    try:
        file = ParquetFile(path)
    except damaged as error:
        raise ConfigurationError(f"{path}: expected a Parquet file: {error}") from None

    def rows() -> Iterator[dict[str, Any]]:
        try:
            for batch in file.iter_batches(batch_size=AT_ONCE):
                yield from batch.to_pylist()
        except damaged as error:
            raise ConfigurationError(f"{path}: expected a whole Parquet file, got a damaged one: {error}") from None

    return list(file.schema_arrow.names), rows()


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{where}: expected JSON: {error}") from None


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
