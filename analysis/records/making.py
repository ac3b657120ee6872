"""Records of event times, of rasters and of counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.records.options import RecordOptions, length_of_bin
from hubbub.analysis.records.record import Record
from hubbub.analysis.temporal import activity_from_counts, activity_from_events, activity_from_raster, mean_interval
from hubbub.analysis.temporal.activity import one_row
from hubbub.simulator.errors import ConfigurationError, complaint


def record_of_events(
    times: Any, channels: Any, unit: str, options: RecordOptions, form: str, left_out: list[str]
) -> Record:
    """Return the record of event times and their channels; without `bin`, in bins of the mean interval."""
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
        names, numbers = tuple(map(name_of, distinct.tolist())), numbers.reshape(-1)
    activity = activity_from_events(
        at, numbers, bin=length, unit=unit, start=options.start, stop=options.stop, counted=options.counted
    )
    return Record(activity, form, tuple(notes), tuple(left_out), at, numbers, names, of_events=True)


def record_of_raster(values: NDArray[Any], options: RecordOptions, form: str) -> Record:
    """Return the record of a raster, with the times of its events."""
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


def record_of_counts(values: Any, options: RecordOptions, form: str, left_out: list[str] | None = None) -> Record:
    """Return the record of numbers of events in steps, summed over the steps of a bin."""
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


def with_notes(record: Record, notes: list[str]) -> Record:
    """Return a record with more notes before its own."""
    return replace(record, notes=(*notes, *record.notes))


def name_of(value: Any) -> str:
    """Return a channel as text; a whole number that was read as a fraction loses its zero."""
    return str(int(value)) if isinstance(value, float) and not value % 1 else str(value)
