"""Spike trains from NWB files and from the formats of Neo; both libraries are optional."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.errors import ConfigurationError

INSTALL = 'pip install "hubbub[records]"'
RUNS_CODE = ("PickleIO", "StimfitIO")
"""Readers of Neo for files that could run code, or that need other programs."""

Events = tuple[NDArray[np.float64], NDArray[Any]]
"""Times in seconds and the channel of each event."""


def nwb_events(file: Path) -> Events:
    """Return the spikes of all units of an NWB file, in seconds.

    Raises
    ------
    ConfigurationError
        The library is missing, the file is not NWB, or it has no units with spike times.
    """
    try:
        from pynwb import NWBHDF5IO
    except ImportError:
        raise ConfigurationError(f"{file}: reading NWB needs pynwb: {INSTALL}") from None
    try:
        with NWBHDF5IO(str(file), "r") as opened:
            units = opened.read().units
            if units is None or "spike_times" not in units.colnames:
                raise ConfigurationError(f"{file}: expected an NWB file with units that have spike times, got none")
            names = [str(name) for name in units.id[:]]
            trains = [np.asarray(units["spike_times"][place], dtype=np.float64) for place in range(len(units))]
    except ConfigurationError:
        raise
    except Exception as error:  # a file that is damaged raises almost anything
        raise ConfigurationError(f"{file}: expected an NWB file: {error}") from None
    return _joined(file, trains, names)


def neo_events(file: Path) -> Events | None:
    """Return the spikes of all trains of a file that Neo reads, in seconds; None for a file that it does not know.

    Segments follow each other in time only where their own clocks say so: the times are those of the file.

    Raises
    ------
    ConfigurationError
        The library is missing, the file cannot be read, or it has no spike trains.
    """
    try:
        import neo
        from neo.io import get_io
    except ImportError:
        raise ConfigurationError(f"{file}: reading this file needs Neo: {INSTALL}") from None
    suffix = file.suffix.lower().removeprefix(".")
    if not suffix or not any(
        suffix in [ext.lower() for ext in reader.extensions]
        for reader in neo.io.iolist
        if reader.__name__ not in RUNS_CODE
    ):
        return None
    try:
        reader = get_io(str(file))
        if type(reader).__name__ in RUNS_CODE:
            return None
        blocks = reader.read()
    except Exception as error:  # each of its many formats raises errors of its own
        raise ConfigurationError(f"{file}: Neo cannot read this file: {error}") from None
    return neo_trains([train for block in blocks for segment in block.segments for train in segment.spiketrains], file)


def neo_trains(trains: Any, source: Path | str = "spike trains") -> Events:
    """Return times in seconds and channels of spike trains of Neo: `activity_from_events(*neo_trains(trains), bin=…)`.

    Trains of one name, or of one number in `annotations`, are one channel; others are one channel each.

    Raises
    ------
    ConfigurationError
        There are no spikes.
    """
    times = [np.asarray(train.rescale("s").magnitude, dtype=np.float64) for train in trains]
    return _joined(source, times, [_name_of(train, place) for place, train in enumerate(trains)])


def _name_of(train: Any, place: int) -> str:
    for name in ("unit_id", "channel_id", "id", "source_id", "si_unit_id"):
        if name in train.annotations:
            return str(train.annotations[name])
    return str(train.name) if train.name else str(place)


def _joined(source: Path | str, trains: list[NDArray[np.float64]], names: list[str]) -> Events:
    if not sum(map(len, trains)):
        raise ConfigurationError(f"{source}: expected spike trains, got none with spikes")
    channels = np.repeat(np.array(names, dtype=str), [len(train) for train in trains])
    return np.concatenate(trains), channels
