"""Validation of records and event times, once, where they enter a measure."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.grid import varies
from hubbub.simulator.errors import ConfigurationError, complaint

EVENTS_NEEDED = 50


def series(values: Real[np.ndarray, " T"], *, name: str = "record") -> Float[np.ndarray, " T"]:
    """Return a record of finite numbers as float64.

    Raises
    ------
    ConfigurationError
        More than one axis, NaN or infinity; `name` is what the message calls the record.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        way = (
            "; activity_from_raster makes one of a raster, time × channels or channels × time"
            if array.ndim == 2
            else ""
        )
        raise ConfigurationError(complaint(name, expected="shape [T]", got=array.shape) + way)
    if not np.isfinite(array).all():
        raise ConfigurationError(f"{name}: expected finite numbers, got {np.count_nonzero(~np.isfinite(array))} others")
    return array


def equally_spaced(record: Float[np.ndarray, " T"]) -> Float[np.ndarray, " T"]:
    """Return a record; `ConfigurationError` if it looks like event times: values that only ascend, by unequal steps."""
    steps = np.diff(record)
    if len(record) >= EVENTS_NEEDED and (steps > 0).all() and np.ptp(steps) > 1e-6 * np.abs(steps).max():
        raise ConfigurationError(
            f"record: expected values at equally spaced steps, got {len(record)} values that only ascend, as event "
            "times do; activity_from_events(times, bin=…) makes a record of events, np.diff one of what does ascend"
        )
    return record


def event_times(times: Real[np.ndarray, " n"], *, n_steps: int | None = None) -> Int[np.ndarray, " n"]:
    """Return event times as int64.

    Raises
    ------
    ConfigurationError
        Times that are not whole, not ascending, negative, or not below `n_steps` where that is given.
    """
    array = series(times, name="times")
    if (array % 1 != 0).any():
        raise ConfigurationError(complaint("times", expected="whole steps", got=float(array[array % 1 != 0][0])))
    if (np.diff(array) <= 0).any():
        late = int(np.argmax(np.diff(array) <= 0))
        pair = (int(array[late]), int(array[late + 1]))
        raise ConfigurationError(complaint("times", expected="each step later than the one before", got=pair))
    if len(array) and (array[0] < 0 or (n_steps is not None and array[-1] >= n_steps)):
        last = "" if n_steps is None else f" and below {n_steps}"
        wrong = int(array[0] if array[0] < 0 else array[-1])
        raise ConfigurationError(complaint("times", expected=f"steps from 0{last}", got=wrong))
    return array.astype(np.int64)


def intervals(values: Real[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """Return inter-event times ≥ 0 as float64.

    Raises
    ------
    ConfigurationError
        More than one axis, negative numbers, NaN or infinity.
    """
    array = series(values, name="intervals")
    if (array < 0).any():
        raise ConfigurationError(complaint("intervals", expected="numbers ≥ 0", got=float(array.min())))
    return array


def reason_unusable(record: Float[np.ndarray, " T"], *, steps: int, name: str = "record") -> str:
    """Return why a record cannot be analysed: shorter than `steps`, or constant up to rounding; "" when it can."""
    if len(record) < steps:
        return f"{name}: expected at least {steps} steps, got {len(record)}"
    if not varies(record):
        return f"{name}: expected values that vary, got {len(record)} times {record[0]:g}"
    return ""


def too_few_events(n: int, *, needed: int = EVENTS_NEEDED, name: str = "times") -> str:
    """Return that there are too few events for an analysis; "" when there are enough."""
    return "" if n >= needed else f"{name}: expected at least {needed} events, got {n}"
