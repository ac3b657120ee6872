"""Reading a record: event times, rasters or counts from the files of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hubbub.analysis.foreign_files import suffix_of
from hubbub.analysis.records.arrays import record_of_numpy
from hubbub.analysis.records.electrophysiology import neo_events, nwb_events
from hubbub.analysis.records.making import record_of_events
from hubbub.analysis.records.options import RecordOptions
from hubbub.analysis.records.record import Record
from hubbub.analysis.records.tables import record_of_table
from hubbub.simulator.errors import ConfigurationError

FORMS = ".npy, .npz, .csv, .tsv, .txt, .parquet, .nwb, or a file that Neo reads"


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
        return record_of_numpy(file, chosen)
    if suffix in (".csv", ".tsv", ".tab", ".txt", ".dat", ".parquet", ".pq"):
        return record_of_table(file, chosen)
    if suffix == ".nwb":
        return record_of_events(*nwb_events(file), "s", chosen, "NWB", [])
    found = neo_events(file)
    if found is None:
        raise ConfigurationError(f"{file}: expected {FORMS}, got a file that ends with {suffix!r}")
    return record_of_events(*found, "s", chosen, "Neo", [])
