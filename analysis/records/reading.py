"""Reading a record: event times, rasters or counts from the files of other tools."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.foreign_files import csv_rows, parquet_rows, suffix_of, text_lines
from hubbub.analysis.records.electrophysiology import neo_events, nwb_events
from hubbub.analysis.records.options import OF_A_RECORD, RecordOptions, bare_name, columns_of, length_of_bin, unit_of
from hubbub.analysis.records.record import Record
from hubbub.analysis.temporal import activity_from_counts, activity_from_events, activity_from_raster, mean_interval
from hubbub.analysis.temporal.activity import LONGER, one_row
from hubbub.simulator.errors import ConfigurationError, complaint

FORMS = ".npy, .npz, .csv, .tsv, .txt, .parquet, .nwb, or a file that Neo reads"
MORE_DISTINCT = 4


def read_record(path: Path | str, **options: Any) -> Record:
    """Return a record of spikes or activity.

    Forms: arrays of NumPy (`.npy`, `.npz`): a raster in either orientation, a list of (time, channel), event times, or
    counts; tables (CSV, TSV, Parquet) of events with a column of times, of counts, or with a column for each channel;
    NWB and the formats of Neo, with `pip install "hubbub[records]"`.

    Parameters
    ----------
    kind
        "events", "raster" or "counts", where the file does not show it. An array of one axis that only ascends has
        event times; another one has counts. An array of two columns has events where one column has fractions, or at
        least four times as many different values as the other: that column is the time. Others are rasters.
    time, channel, count
        Names of columns, where they are not usual ones ("time", "t", "timestamp" …, "channel", "unit", "neuron" …).
    array
        Name of an array in a `.npz` file of several.
    where
        "COLUMN=VALUE": the rows of a table that belong to the record, where it has several (trials, copies, sessions).
    unit
        Unit of times: "s", "ms", "us" or "step". By default that of the column's name, such as "time_ms", else s; a
        raster and counts have steps.
    bin
        Length of a bin in that unit, or with a unit of its own, "4ms"; for a raster and counts a whole number of steps.
        By default the mean time between successive events of all channels (Beggs & Plenz 2003), and one step.
    start, stop
        As in `activity_from_events`.
    step
        Length of a step of a raster or of counts, in `unit`.
    time_axis, threshold
        As in `activity_from_raster`.
    counted
        "events", or "channels": how many different channels are active in a bin.

    What was decided is in `notes`; the length and the rule of the bins are in `activity`.

    Raises
    ------
    ConfigurationError
        No such file, a form that is not understood, or values that are refused (NaN, masks, an unclear orientation).
    """
    chosen = RecordOptions.of(options)
    file = Path(path).expanduser()
    if not file.exists():
        raise ConfigurationError(f"{file}: there is no such file")
    suffix = suffix_of(file)
    if suffix in (".npy", ".npz"):
        return _from_numpy(file, chosen)
    if suffix in (".csv", ".tsv", ".tab", ".txt", ".dat", ".parquet", ".pq"):
        return _from_table(file, chosen)
    if suffix == ".nwb":
        return _of_events(*nwb_events(file), "s", chosen, "NWB", [])
    found = neo_events(file)
    if found is None:
        raise ConfigurationError(f"{file}: expected {FORMS}, got a file that ends with {suffix!r}")
    return _of_events(*found, "s", chosen, "Neo", [])


def _from_numpy(file: Path, options: RecordOptions) -> Record:
    try:
        loaded = np.load(file, allow_pickle=False)
        arrays = {"": loaded} if isinstance(loaded, np.ndarray) else dict(loaded)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ConfigurationError(f"{file}: expected arrays of NumPy: {error}") from None
    if options.array and options.array not in arrays:
        names = ", ".join(arrays)
        raise ConfigurationError(complaint("array", expected=f"one of {names}", got=options.array, valid=arrays))
    columns = {} if options.array else columns_of(arrays, options)
    if "time" in columns:
        channels = arrays.get(columns.get("channel", ""))
        unit = options.unit or unit_of(columns["time"]) or "s"
        left_out = [name for name in arrays if name not in columns.values()]
        return _of_events(arrays[columns["time"]], channels, unit, options, "arrays of NumPy", left_out)
    if len(arrays) > 1 and not options.array:
        raise ConfigurationError(
            f"array: expected the name of one of the arrays {', '.join(arrays)}, or arrays called times and "
            "channels, got nothing"
        )
    return _of_array(arrays[options.array] if options.array else next(iter(arrays.values())), options, "array of NumPy")


def _of_array(values: NDArray[Any], options: RecordOptions, form: str) -> Record:
    """Return the record of an array without names: events, a raster or counts, by the rule of `read_record`."""
    kind, notes = options.kind, []
    if values.ndim == 2 and 1 in values.shape:
        values = values.reshape(-1)
    if values.ndim == 1 and not kind:
        row = one_row(values, name="record")
        ascends = len(row) > 1 and bool((np.diff(row) >= 0).all()) and bool(np.ptp(row) > 0)
        kind = "events" if ascends else "counts"
        what = "only ascends, so it has event times" if ascends else "does not only ascend, so it has counts in steps"
        notes.append(f"the row of numbers {what} (kind={'counts' if ascends else 'events'}: not)")
    time_column = 0
    if values.ndim == 2 and values.shape[1] == 2 and kind in ("", "events"):
        found = _time_column(values)
        if found is not None:
            kind, time_column = "events", found
            notes.append(f"column {found + 1} of 2 is the time, the other one the channel (kind=raster: not)")
        elif kind == "events":
            raise ConfigurationError(
                "kind: expected a list of (time, channel) in which one column has fractions, or four times as many "
                "different values as the other, got columns that cannot be told apart; name them in a table"
            )
    if kind == "events":
        one, other = (values, None) if values.ndim == 1 else (values[:, time_column], values[:, 1 - time_column])
        return _with_notes(_of_events(one, other, options.unit or "s", options, f"{form}: event times", []), notes)
    if kind == "counts" or values.ndim == 1:
        return _with_notes(_of_counts(values, options, f"{form}: counts"), notes)
    return _of_raster(values, options, f"{form}: raster")


def _time_column(values: NDArray[Any]) -> int | None:
    """Return which of two columns has the times; None where neither clearly does."""
    if values.dtype.kind not in "iuf" or not np.isfinite(values).all():
        return None
    fractions = [bool((values[:, place] % 1 != 0).any()) for place in range(2)]
    if fractions[0] != fractions[1]:
        return fractions.index(True)
    distinct = [len(np.unique(values[:, place])) for place in range(2)]
    most = int(np.argmax(distinct))
    return most if distinct[most] >= MORE_DISTINCT * distinct[1 - most] and distinct[most] > 2 else None


def _from_table(file: Path, options: RecordOptions) -> Record:
    """Return the record of a table: events, counts, or a raster with a column for each channel."""
    if suffix_of(file) in (".parquet", ".pq"):
        names, rows = parquet_rows(file)
        form = "table (Parquet)"
    elif _is_without_names(file):
        return _of_array(_numbers_in(file), options, "table without names")
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
        return _with_notes(_of_events(times, channels, unit, options, form, left_out), notes)
    if "count" in columns and options.kind in ("", "counts"):
        counts = _column(cells[columns["count"]], columns["count"])
        return _with_notes(_of_counts(counts, options, form, left_out), notes)
    if options.kind == "raster" or ("time" not in columns and len(names) > 1):
        channels_of = [name for name in names if name != columns.get("time")]
        raster = np.stack([_column(cells[name], name) for name in channels_of], axis=1)
        if options.time_axis is None and raster.shape[1] >= LONGER * len(raster):
            raise ConfigurationError(
                "time_axis: expected 0 (each column is a channel) or 1 (each row is a channel) for a table of "
                f"{len(raster)} rows and {raster.shape[1]} columns, got nothing"
            )
        made = _of_raster(raster, replace(options, time_axis=options.time_axis or 0), form)
        left_out = [name for name in names if name not in channels_of]
        return _with_notes(replace(made, channel_names=tuple(channels_of), left_out=tuple(left_out)), notes)
    if len(names) == 1:
        return _with_notes(_of_array(_column(cells[names[0]], names[0]), options, form), notes)
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
        if not options.where or _name(row[column]) == wanted:
            for name in names:
                cells[name].append(row[name])
    if options.where and not cells[column]:
        raise ConfigurationError(complaint("where", expected=f"a value of the column {column}", got=wanted))
    for name in names:
        different = dict.fromkeys(map(_name, cells[name])) if bare_name(name) in OF_A_RECORD else {}
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
    return np.array(list(map(_name, values)), dtype=str)


def _of_events(times: Any, channels: Any, unit: str, options: RecordOptions, form: str, left_out: list[str]) -> Record:
    at = one_row(times, name="times")
    notes = [] if options.unit else [f"times are in {unit} (unit=… says otherwise)"]
    if options.bin:
        length = length_of_bin(options.bin, unit)
    else:
        length = mean_interval(at)
        notes.append(f"a bin is {length:.6g} {unit}, the mean time between successive events (bin=… says otherwise)")
    names: tuple[str, ...] = ()
    numbers = None
    if channels is not None:
        distinct, numbers = np.unique(np.asarray(channels), return_inverse=True)
        names, numbers = tuple(map(_name, distinct.tolist())), numbers.reshape(-1)
    activity = activity_from_events(
        at, numbers, bin=length, unit=unit, start=options.start, stop=options.stop, counted=options.counted
    )
    return Record(activity, form, tuple(notes), tuple(left_out), at, numbers, names, of_events=True)


def _of_raster(values: NDArray[Any], options: RecordOptions, form: str) -> Record:
    unit = options.unit or "step"
    step = options.step or 1.0
    activity = activity_from_raster(
        values,
        time_axis=options.time_axis,
        threshold=options.threshold,
        bin_steps=_steps(options, step, unit),
        step=step,
        unit=unit,
        counted=options.counted,
    )
    time_axis = options.time_axis if options.time_axis is not None else int(np.argmax(values.shape))
    steps = values if time_axis == 0 else values.T
    active = steps > (options.threshold or 0)
    at, channels = np.nonzero(active)
    notes = []
    if options.time_axis is None:
        notes.append(f"time is along axis {time_axis}, the longer one (time_axis=… says otherwise)")
    times = np.repeat(at * step, steps[at, channels].astype(np.int64)) if options.threshold is None else at * step
    numbers = np.repeat(channels, steps[at, channels].astype(np.int64)) if options.threshold is None else channels
    return Record(activity, form, tuple(notes), (), times.astype(np.float64), numbers.astype(np.int64))


def _of_counts(values: Any, options: RecordOptions, form: str, left_out: list[str] | None = None) -> Record:
    unit, step = options.unit or "step", options.step or 1.0
    n = _steps(options, step, unit)
    row = one_row(values, name="counts")
    activity = activity_from_counts(row, bin=step, unit=unit)
    if n > 1:
        whole = activity.counts[: len(row) // n * n].reshape(-1, n).sum(axis=1)
        activity = replace(activity_from_counts(whole, bin=step * n, unit=unit), rule=f"counts summed over {n} steps")
    return Record(activity, form, (), tuple(left_out or ()))


def _steps(options: RecordOptions, step: float, unit: str) -> int:
    """Return how many steps a bin has."""
    if not options.bin:
        return 1
    steps = length_of_bin(options.bin, unit) / step
    if abs(steps - round(steps)) > 1e-6 or round(steps) < 1:
        raise ConfigurationError(
            complaint("bin", expected=f"a whole number of steps of {step:g} {unit}", got=options.bin)
        )
    return round(steps)


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


def _name(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and not value % 1 else str(value)


def _with_notes(record: Record, notes: list[str]) -> Record:
    return replace(record, notes=(*notes, *record.notes))
