"""Activity from spike trains: how many events, or active channels, there are in each bin of time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Real, Shaped
from numpy.typing import NDArray

from hubbub.simulator.errors import ConfigurationError, complaint

UNITS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "step": math.nan}
"""Units of time, in seconds."""
COUNTED = ("events", "channels")
MOST_BINS = 1_000_000_000
ON_AN_EDGE = 1e-6
"""An event this share of a bin before its end belongs to the next bin: times on a grid are rounded."""
LONGER = 4
"""A raster whose one axis is this many times as long as the other has time along it."""


@dataclass(frozen=True)
class Activity:
    """What is active in each of T bins of time.

    Attributes
    ----------
    counts
        Number of events, or of active channels, in each bin `[T]`.
    bin, unit
        Length of a bin, and the unit of time: "s", "ms", "us", or "step" for a record without a clock.
    start
        Time at which the first bin begins.
    counted
        "events" or "channels".
    n_channels, n_events
        Number of channels, 0 where they are not known, and of events in the bins.
    rule
        How the bins were filled, in words.
    """

    counts: Int[np.ndarray, " T"]
    bin: float
    unit: str
    start: float
    counted: str
    n_channels: int
    n_events: int
    rule: str

    def __len__(self) -> int:
        return len(self.counts)

    @property
    def duration(self) -> float:
        """Length of the record, in its unit of time."""
        return len(self.counts) * self.bin


def activity_from_events(
    times: Real[np.ndarray, " n"],
    channels: Shaped[np.ndarray, " n"] | None = None,
    *,
    bin: float,
    unit: str = "s",
    start: float | None = None,
    stop: float | None = None,
    counted: str = "events",
) -> Activity:
    """Return the activity of n events at `times`, in any order and with ties, on `channels`.

    Bin k holds the events from start + k · bin up to, but not including, its end. The sum of the counts is the number
    of events: events at the same time count as many as they are. O(n + T).

    Parameters
    ----------
    times, unit
        Int or float, with fractions, in "s", "ms", "us" or "step".
    channels
        Channel of each event, numbers or names; not given, all are of one.
    bin
        Length of a bin, in the same unit.
    start, stop
        Where the record begins and ends. By default it begins at 0, if the events do not lie further from 0 than the
        record is long, and ends with the bin of the last event. Events before `start`, or after the last whole bin
        before `stop`, are left out and counted in `rule`.
    counted
        "events", or "channels": how many different channels have an event in the bin.

    Raises
    ------
    ConfigurationError
        Times that are not one row of finite numbers or are masked, another number of channels, a bin that is not above
        0, more than 10⁹ bins, or a start that has to be given.
    """
    at = one_row(times, name="times")
    _check_options(unit, counted, bin)
    names = None if channels is None else _labels(channels, len(at))
    if start is None:
        start = _start(at, unit)
    place = _bins(at - start, bin)
    n_bins = int(place.max(initial=-1)) + 1 if stop is None else int(_bins(np.array([float(stop - start)]), bin)[0])
    if not 0 <= n_bins <= MOST_BINS:
        raise ConfigurationError(
            f"bin: expected at most {MOST_BINS:,} bins, got {n_bins:,} of {bin:g} {unit}; use longer bins, or give "
            "start and stop"
        )
    inside = (place >= 0) & (place < n_bins)
    place = place[inside].astype(np.int64)
    rule = f"{counted} in bins of {bin:g} {unit} from {start:g} {unit}"
    if not inside.all():
        rule += f"; {np.count_nonzero(~inside):,} of {len(at):,} events outside left out"
    n_channels = 0 if names is None else int(names.max(initial=-1)) + 1
    if counted == "channels":
        if names is None:
            raise ConfigurationError("channels: expected the channel of each event to count channels, got none")
        place = np.unique(place * n_channels + names[inside]) // max(n_channels, 1)
    counts = np.bincount(place, minlength=n_bins)
    return Activity(counts, float(bin), unit, float(start), counted, n_channels, int(inside.sum()), rule)


def activity_from_raster(
    raster: Shaped[np.ndarray, "rows columns"],
    *,
    time_axis: int | None = None,
    threshold: float | None = None,
    bin_steps: int = 1,
    step: float = 1.0,
    unit: str = "step",
    counted: str = "events",
) -> Activity:
    """Return the activity of a raster, time × channels or channels × time.

    Parameters
    ----------
    raster
        Truth values, or numbers of events ≥ 0 of each channel in each step; other numbers with a `threshold`.
    time_axis
        0 for time × channels, 1 for channels × time. Where it is not given, time is along the axis that is at least
        four times as long as the other.
    threshold
        A channel is active in a step where its value is above this; then each counts as one event.
    bin_steps
        Steps in a bin; steps after the last complete bin are left out.
    step, unit
        Length of a step, and its unit.
    counted
        "events", or "channels": how many different channels are active in the bin.

    O(size of the raster).

    Raises
    ------
    ConfigurationError
        Not two axes, a time axis that is not clear, NaN, masked values, or values that are no counts without a
        threshold.
    """
    values = _finite(raster, name="raster")
    if values.ndim != 2 or 0 in values.shape:
        raise ConfigurationError(
            complaint("raster", expected="shape [time, channels] or [channels, time]", got=values.shape)
        )
    if time_axis is None:
        short, long = sorted(values.shape)
        if long < LONGER * short:
            raise ConfigurationError(
                f"time_axis: expected 0 (time × channels) or 1 (channels × time) for a raster of shape {values.shape}, "
                "of which neither axis is much longer, got nothing"
            )
        time_axis = values.shape.index(long)
    if time_axis not in (0, 1):
        raise ConfigurationError(
            complaint("time_axis", expected="0 (time × channels) or 1 (channels × time)", got=time_axis)
        )
    _check_options(unit, counted, step)
    if bin_steps < 1:
        raise ConfigurationError(complaint("bin_steps", expected="a whole number ≥ 1", got=bin_steps))
    steps = values if time_axis == 0 else values.T
    how = "time × channels" if time_axis == 0 else "channels × time"
    rule = f"{counted} in bins of {bin_steps * step:g} {unit} of a raster {how}"
    if threshold is not None:
        steps = steps > threshold
        rule += f", active above {threshold:g}"
    elif steps.dtype != bool and ((steps % 1 != 0).any() or steps.min() < 0):
        raise ConfigurationError(
            f"raster: expected truth values or numbers of events, got values from {steps.min():g} to {steps.max():g}; "
            "threshold=0 makes a channel active where its value is above 0"
        )
    n_bins, n_channels = len(steps) // bin_steps, steps.shape[1]
    cut = steps[: n_bins * bin_steps].reshape(n_bins, bin_steps, n_channels)
    counts = np.count_nonzero(cut.any(axis=1), axis=1) if counted == "channels" else cut.sum(axis=(1, 2))
    n_events = int(cut.sum())
    return Activity(counts.astype(np.int64), bin_steps * step, unit, 0.0, counted, n_channels, n_events, rule)


def activity_from_counts(counts: Real[np.ndarray, " T"], *, bin: float = 1.0, unit: str = "step") -> Activity:
    """Return the activity of a record that is one already: numbers of events ≥ 0 in T bins of length `bin`.

    Raises
    ------
    ConfigurationError
        Counts that are not one row of whole numbers ≥ 0, or masked.
    """
    values = one_row(counts, name="counts")
    _check_options(unit, "events", bin)
    if len(values) and ((values % 1 != 0).any() or values.min() < 0):
        raise ConfigurationError(
            complaint("counts", expected="whole numbers ≥ 0", got=float(values[(values % 1 != 0) | (values < 0)][0]))
        )
    whole = values.astype(np.int64)
    rule = f"counts in bins of {bin:g} {unit}, as given"
    return Activity(whole, float(bin), unit, 0.0, "events", 0, int(whole.sum()), rule)


def mean_interval(times: Real[np.ndarray, " n"]) -> float:
    """Return the mean time from an event to the next one of any channel, the usual bin (Beggs & Plenz 2003).

    Raises
    ------
    ConfigurationError
        Times that are not one row of finite numbers, or fewer than two different ones.
    """
    at = one_row(times, name="times")
    if len(at) < 2 or not np.ptp(at) > 0:
        raise ConfigurationError(complaint("times", expected="at least two different times", got=len(np.unique(at))))
    return float(np.ptp(at) / (len(at) - 1))


def one_row(values: Any, *, name: str) -> Float[np.ndarray, " n"]:
    """Return finite numbers `[n]` as float64.

    Raises
    ------
    ConfigurationError
        More than one axis, masked entries, NaN or infinity; the message says what to do with them.
    """
    array = _finite(values, name=name)
    if array.ndim != 1:
        way = (
            "; activity_from_raster takes a raster, and a list of (time, channel) is two rows"
            if array.ndim == 2
            else ""
        )
        raise ConfigurationError(complaint(name, expected="shape [n]", got=array.shape) + way)
    return array.astype(np.float64)


def _finite(values: Any, *, name: str) -> NDArray[Any]:
    """Return an array without a mask, of finite numbers or truth values."""
    if np.ma.isMaskedArray(values) and np.ma.getmaskarray(values).any():
        n = int(np.ma.getmaskarray(values).sum())
        raise ConfigurationError(
            f"{name}: expected values without a mask, got {n:,} masked; leave these out (values.compressed()) or fill "
            "them (values.filled(0))"
        )
    array = np.asarray(values)
    if array.dtype.kind not in "buif":
        raise ConfigurationError(complaint(name, expected="numbers", got=str(array.dtype)))
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        wrong = np.argwhere(~np.isfinite(array))
        raise ConfigurationError(
            f"{name}: expected finite numbers, got {len(wrong):,} others, the first at {tuple(wrong[0].tolist())}; "
            "leave these out, or fill the gaps with a value of your own"
        )
    return array


def _labels(channels: Any, n: int) -> Int[np.ndarray, " n"]:
    """Return the channel of each event as 0, 1, 2 …"""
    if np.ma.isMaskedArray(channels) and np.ma.getmaskarray(channels).any():
        raise ConfigurationError("channels: expected values without a mask")
    names = np.asarray(channels)
    if names.shape != (n,):
        raise ConfigurationError(complaint("channels", expected=f"one for each of the {n} events", got=names.shape))
    if names.dtype.kind == "f" and not np.isfinite(names).all():
        raise ConfigurationError("channels: expected numbers or names, got NaN or infinity")
    return np.unique(names, return_inverse=True)[1].reshape(n)


def _start(at: Float[np.ndarray, " n"], unit: str) -> float:
    """Return 0, where the events do not lie further from it than the record is long."""
    if not len(at):
        return 0.0
    if at.min() < 0 or at.min() > max(np.ptp(at), 1.0):
        raise ConfigurationError(
            f"start: expected the time at which the record begins, because its events are between {at.min():g} and "
            f"{at.max():g} {unit}, got nothing"
        )
    return 0.0


def _bins(since_start: Float[np.ndarray, " n"], bin: float) -> Float[np.ndarray, " n"]:
    """Return the numbers of the bins, as floats because they may be very large."""
    return np.floor(since_start / bin + ON_AN_EDGE)


def _check_options(unit: str, counted: str, bin: float) -> None:
    if unit not in UNITS:
        raise ConfigurationError(complaint("unit", expected=f"one of {', '.join(UNITS)}", got=unit, valid=UNITS))
    if counted not in COUNTED:
        raise ConfigurationError(
            complaint("counted", expected=f"one of {', '.join(COUNTED)}", got=counted, valid=COUNTED)
        )
    if isinstance(bin, bool) or not isinstance(bin, int | float | np.number) or not 0 < bin < math.inf:
        raise ConfigurationError(complaint("bin", expected="a length above 0", got=bin))
