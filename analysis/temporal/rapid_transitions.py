"""Rapid transition events: where the amplitude of a record jumps."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.temporal.record import reason_unusable, series
from hubbub.simulator.errors import ConfigurationError, complaint


def rapid_transition_events(record: np.ndarray, *, reach: int = 5, quantile: float = 0.9) -> np.ndarray:
    """Return the steps `[n]` at which the envelope of a record `[T]` begins to change fast.

    The envelope is the modulus of the analytic signal (Hilbert transform) of the record less its mean. Its change is
    the mean of the `reach` samples after a step less the mean of as many before, without sign; an event is the first
    step of a run in which it lies above its `quantile`. A record that is constant, or shorter than 2 · `reach` + 2,
    has none. O(T log T).
    """
    from scipy.signal import hilbert

    if reach < 1:
        raise ConfigurationError(complaint("reach", expected="a whole number ≥ 1", got=reach))
    if not 0 < quantile < 1:
        raise ConfigurationError(complaint("quantile", expected="a number between 0 and 1", got=quantile))
    values = series(record)
    if reason_unusable(values, steps=2 * reach + 2):
        return np.empty(0, dtype=np.int64)
    envelope = np.abs(hilbert(values - values.mean()))
    total = np.concatenate([[0.0], np.cumsum(envelope)])
    step = np.arange(reach, len(values) - reach)
    after, before = total[step + reach + 1] - total[step + 1], total[step] - total[step - reach]
    change = np.abs(after - before) / reach
    fast = change > np.quantile(change, quantile)
    return step[fast & ~np.concatenate([[False], fast[:-1]])]
