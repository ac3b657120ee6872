"""Records in tables: events, counts, or a column for each channel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
        rows: Iterator[Mapping[str, Any]]
        names, rows = parquet_rows(file)
        form = "table (Parquet)"
    else:
        comments, first = _beginning(file)
        if _are_numbers(first):
            names = _names_in(comments, len(_fields(first)))
            if not columns_of(names, options):
                return record_of_array(_numbers_in(file), options, "table without names")
            rows = (dict(zip(names, row, strict=True)) for row in _numbers_in(file).tolist())
            form = "table (text, names in a comment)"
        else:
            names, between, rows = csv_rows(file, skipped=len(comments))
            form = f"table (text, {between} between cells)"
    cells, notes = _cells(names, rows, options)
    columns = columns_of(names, options)
    left_out = [name for name in names if name not in columns.values()]
    if "count" in columns and "channel" not in columns and options.kind in ("", "counts"):
        return with_notes(_record_of_counts(cells, columns, options, form, left_out), notes)
    is_list = "time" in columns and ("channel" in columns or not left_out or options.kind == "events")
    if is_list and options.kind in ("", "events"):
        return with_notes(_record_of_list(cells, columns, options, form, left_out), notes)
    if "count" in columns and options.kind in ("", "counts"):
        return with_notes(_record_of_counts(cells, columns, options, form, left_out), notes)
    if options.kind == "raster" or ("time" not in columns and len(names) > 1):
        channels_of = [name for name in names if name != columns.get("time")]
        if len(channels_of) > 1 and _ascends_evenly(cells[channels_of[0]]):
            notes.append(f"column {channels_of[0] or '1'} ascends evenly: it counts the rows and is no channel")
            channels_of = channels_of[1:]
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


def _record_of_list(
    cells: dict[str, list[Any]], columns: dict[str, str], options: RecordOptions, form: str, left_out: list[str]
) -> Record:
    """Return the record of events, each with its time, perhaps its channel, and how many there are."""
    unit = options.unit or unit_of(columns["time"]) or "s"
    channels = _channels(cells[columns["channel"]]) if "channel" in columns else None
    times = _column(cells[columns["time"]], columns["time"])
    if "count" not in columns:
        return record_of_events(times, channels, unit, options, form, left_out)
    counts = _column(cells[columns["count"]], columns["count"])
    if not len(counts) or (counts % 1 != 0).any() or counts.min() < 0:
        return record_of_events(times, channels, unit, options, form, [*left_out, columns["count"]])
    whole = counts.astype(np.int64)
    channels = None if channels is None else np.repeat(channels, whole)
    made = record_of_events(np.repeat(times, whole), channels, unit, options, form, left_out)
    return with_notes(made, [f"column {columns['count']} is the number of events in a row"])


def _record_of_counts(
    cells: dict[str, list[Any]], columns: dict[str, str], options: RecordOptions, form: str, left_out: list[str]
) -> Record:
    """Return the record of counts; a column of times tells the length of a step.

    Raises
    ------
    ConfigurationError
        Times that do not ascend evenly: steps may be missing.
    """
    counts = _column(cells[columns["count"]], columns["count"])
    if "time" not in columns or len(counts) < 2:
        return record_of_counts(counts, options, form, left_out)
    name = columns["time"]
    times = _column(cells[name], name)
    step = float(np.ptp(times)) / (len(times) - 1)
    if options.kind != "counts" and not np.allclose(np.diff(times), step, rtol=1e-3, atol=0):
        raise ConfigurationError(
            f"{name}: expected times that ascend by one step from row to row, because each has a number of events, got "
            "others; kind=counts takes the rows as successive steps"
        )
    unit = options.unit or unit_of(name) or ("s" if step % 1 else "step")
    return record_of_counts(counts, replace(options, unit=unit, step=options.step or step), form, left_out)


def _ascends_evenly(values: list[Any]) -> bool:
    """Whether a column of at least four rows ascends by the same step from row to row, as numbers of rows do."""
    try:
        steps = np.diff(np.array(values, dtype=np.float64))
    except (TypeError, ValueError):
        return False
    return len(steps) > 2 and bool((steps > 0).all()) and bool(np.allclose(steps, steps[0]))


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


def _beginning(file: Path) -> tuple[list[str], str]:
    """Return the comments that a table begins with, and its first line."""
    comments: list[str] = []
    for line in text_lines(file):
        if not line.startswith(("#", "%")):
            return comments, line
        comments.append(line)
    return comments, ""


def _names_in(comments: list[str], n_columns: int) -> list[str]:
    """Return the names of the columns in the last comment, as `numpy.savetxt` writes it, or none."""
    last = comments[-1].lstrip("#%").strip() if comments else ""
    ways = ([field.strip() for field in last.split(mark)] for mark in ",;\t")
    return next(
        (names for names in (*ways, last.split()) if len(names) == n_columns and len({*names}) == n_columns), []
    )


def _fields(line: str) -> list[str]:
    """Return the fields of a line of numbers; a comma is a decimal one where something else separates."""
    decimal = ";" in line or re.search(r"\d[ \t]+[-\d]", line) is not None
    return re.split(r"[;\s]+", line.replace(",", ".").strip("; \t\r\n")) if decimal else line.replace(",", " ").split()


def _are_numbers(line: str) -> bool:
    """Whether a line has numbers only."""
    cells = _fields(line)
    try:
        return any(cells) and all(float(cell) is not None for cell in cells)
    except ValueError:
        return False


def _numbers_in(file: Path) -> NDArray[np.float64]:
    lines = [_fields(line) for line in text_lines(file) if line.strip() and not line.startswith(("#", "%"))]
    wrong = next((number for number, cells in enumerate(lines, 1) if len(cells) != len(lines[0])), None)
    if wrong is not None:
        raise ConfigurationError(f"{file}, line {wrong}: expected {len(lines[0])} numbers, got {len(lines[wrong - 1])}")
    try:
        return np.array(lines, dtype=np.float64)
    except ValueError as error:
        raise ConfigurationError(f"{file}: expected numbers: {error}") from None


def _with_points(values: list[Any]) -> list[Any]:
    """Return numbers with points for decimal commas; 1,000 may be a thousand, so one must show it, such as 2,5."""
    texts = [str(value) for value in values if value is not None]
    decimal = all(re.fullmatch(r"-?\d+(,\d+)?", text) for text in texts)
    if not decimal or not any(re.search(r",(\d{1,2}|\d{4,})$|^-?0,", text) for text in texts):
        return values
    return [None if value is None else str(value).replace(",", ".") for value in values]


def _column(values: list[Any], name: str) -> NDArray[np.float64]:
    """Return a column of numbers.

    Raises
    ------
    ConfigurationError
        A cell that is empty or not a number.
    """
    if any(isinstance(value, str) and "," in value for value in values):
        values = _with_points(values)
    try:
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{name}: expected a column of numbers: {error}") from None
