"""Records in arrays of NumPy: what they are, where their shapes and values do not say it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.records.making import record_of_counts, record_of_events, record_of_raster, with_notes
from hubbub.analysis.records.options import RecordOptions, columns_of, unit_of
from hubbub.analysis.records.record import Record
from hubbub.analysis.temporal.activity import one_row
from hubbub.simulator.errors import ConfigurationError, complaint

MORE_DISTINCT = 4


def record_of_numpy(file: Path, options: RecordOptions) -> Record:
    """Return the record of a `.npy` or `.npz` file."""
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
        return record_of_events(arrays[columns["time"]], channels, unit, options, "arrays of NumPy", left_out)
    if len(arrays) > 1 and not options.array:
        raise ConfigurationError(
            f"array: expected the name of one of the arrays {', '.join(arrays)}, or arrays called times and "
            "channels, got nothing"
        )
    return record_of_array(
        arrays[options.array] if options.array else next(iter(arrays.values())), options, "array of NumPy"
    )


def record_of_array(values: NDArray[Any], options: RecordOptions, form: str) -> Record:
    """Return the record of an array without names: events, a raster or counts, by the rule of `read_record`."""
    kind, notes = options.kind, []
    if not values.size:
        raise ConfigurationError(
            complaint("record", expected="events or counts", got=f"an array of shape {values.shape}")
        )
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
        return with_notes(record_of_events(one, other, options.unit or "s", options, f"{form}: event times", []), notes)
    if kind == "counts" or values.ndim == 1:
        return with_notes(record_of_counts(values, options, f"{form}: counts"), notes)
    return record_of_raster(values, options, f"{form}: raster")


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
