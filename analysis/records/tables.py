"""Records in tables: events, counts, or a column for each channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.foreign_files import csv_rows, parquet_rows, suffix_of, text_lines
from hubbub.analysis.records.arrays import record_of_array
from hubbub.analysis.records.making import name_of, record_of_counts, record_of_events, record_of_raster, with_notes
from hubbub.analysis.records.options import OF_A_RECORD, RecordOptions, bare_name, columns_of, unit_of
from hubbub.analysis.records.record import Record
from hubbub.analysis.temporal.activity import LONGER
from hubbub.simulator.errors import ConfigurationError, complaint


def record_of_table(file: Path, options: RecordOptions) -> Record:
    """Return the record of a table: events, counts, or a raster with a column for each channel."""
    if suffix_of(file) in (".parquet", ".pq"):
        names, rows = parquet_rows(file)
        form = "table (Parquet)"
    elif _is_without_names(file):
        return record_of_array(_numbers_in(file), options, "table without names")
    else:
        names, between, rows = csv_rows(file)
        form = f"table (text, {between} between cells)"
    cells, notes = _cells(names, rows, options)
    columns = columns_of(names, options)
    left_out = [name for name in names if name not in columns.values()]
    is_list = "time" in columns and ("channel" in columns or not left_out or options.kind == "events")
    if is_list and options.kind in ("", "events"):
        unit = options.unit or unit_of(columns["time"]) or "s"
        channels = _channels(cells[columns["channel"]]) if "channel" in columns else None
        times = _column(cells[columns["time"]], columns["time"])
        return with_notes(record_of_events(times, channels, unit, options, form, left_out), notes)
    if "count" in columns and options.kind in ("", "counts"):
        counts = _column(cells[columns["count"]], columns["count"])
        return with_notes(record_of_counts(counts, options, form, left_out), notes)
    if options.kind == "raster" or ("time" not in columns and len(names) > 1):
        channels_of = [name for name in names if name != columns.get("time")]
        raster = np.stack([_column(cells[name], name) for name in channels_of], axis=1)
        if options.time_axis is None and raster.shape[1] >= LONGER * len(raster):
            raise ConfigurationError(
                "time_axis: expected 0 (each column is a channel) or 1 (each row is a channel) for a table of "
                f"{len(raster)} rows and {raster.shape[1]} columns, got nothing"
            )
        made = record_of_raster(raster, replace(options, time_axis=options.time_axis or 0), form)
        left_out = [name for name in names if name not in channels_of]
        return with_notes(replace(made, channel_names=tuple(channels_of), left_out=tuple(left_out)), notes)
    if len(names) == 1:
        return with_notes(record_of_array(_column(cells[names[0]], names[0]), options, form), notes)
    raise ConfigurationError(
        f"channel: expected a column of channels beside the times, got {', '.join(left_out[:8])}; name it: "
        "channel=COLUMN, or say kind=raster if each column is a channel"
    )


def _cells(
    names: list[str], rows: Iterable[Mapping[str, Any]], options: RecordOptions
) -> tuple[dict[str, list[Any]], list[str]]:
    """Return the columns of a table, of the one record that is meant, and notes.

    Raises
    ------
    ConfigurationError
        The table has several records one after the other or mixed, and `where` does not say which.
    """
    column, _, wanted = options.where.partition("=")
    if options.where and (column not in names or not wanted):
        raise ConfigurationError(
            complaint("where", expected=f"COLUMN=VALUE with one of {', '.join(names)}", got=options.where)
        )
    cells: dict[str, list[Any]] = {name: [] for name in names}
    for row in rows:
        if not options.where or name_of(row[column]) == wanted:
            for name in names:
                cells[name].append(row[name])
    if options.where and not cells[column]:
        raise ConfigurationError(complaint("where", expected=f"a value of the column {column}", got=wanted))
    for name in names:
        different = dict.fromkeys(map(name_of, cells[name])) if bare_name(name) in OF_A_RECORD else {}
        if len(different) > 1:
            raise ConfigurationError(
                f"where: expected one record, got a table of {len(different)} ({name} {', '.join(list(different)[:4])} "
                f"…); where={name}={next(iter(different))} takes one of them"
            )
    return cells, [f"only rows with {column} {wanted} were read"] if options.where else []


def _channels(values: list[Any]) -> NDArray[Any]:
    gap = next((row for row, value in enumerate(values, 1) if value is None), None)
    if gap is not None:
        raise ConfigurationError(f"channel: expected a channel for every event, got none in row {gap}")
    return np.array(list(map(name_of, values)), dtype=str)


def _is_without_names(file: Path) -> bool:
    """Whether the first line of a table has numbers only."""
    first = next(text_lines(file), "")
    cells = first.replace(",", " ").replace(";", " ").split()
    try:
        return bool(cells) and all(float(cell) is not None for cell in cells)
    except ValueError:
        return False


def _numbers_in(file: Path) -> NDArray[np.float64]:
    lines = [line.replace(",", " ").replace(";", " ").split() for line in text_lines(file) if line.strip()]
    wrong = next((number for number, cells in enumerate(lines, 1) if len(cells) != len(lines[0])), None)
    if wrong is not None:
        raise ConfigurationError(f"{file}, line {wrong}: expected {len(lines[0])} numbers, got {len(lines[wrong - 1])}")
    try:
        return np.array(lines, dtype=np.float64)
    except ValueError as error:
        raise ConfigurationError(f"{file}: expected numbers: {error}") from None


def _column(values: list[Any], name: str) -> NDArray[np.float64]:
    """Return a column of numbers.

    Raises
    ------
    ConfigurationError
        A cell that is empty or not a number.
    """
    try:
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{name}: expected a column of numbers: {error}") from None
