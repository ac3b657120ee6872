"""Rapid transition events: times at which the amplitude of a record changes fast."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.grid import at_least
from hubbub.analysis.temporal.record import reason_unusable, series
from hubbub.analysis.validation import AT_LEAST_1, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(reach=AT_LEAST_1)
def rapid_transition_events(
    record: Real[np.ndarray, " T"], *, reach: int = 5, quantile: float = 0.9
) -> Int[np.ndarray, " n"]:
    """Return the n steps at which the envelope of a record (int or float) begins to change fast.

    The envelope is the modulus of the analytic signal (Hilbert transform) of the record less its mean. Its change at a
    step is the absolute difference between the means of the `reach` samples after and before it; an event is the first
    step of a run in which the change is above its `quantile`. A record that is constant, or shorter than
    2 · `reach` + 2 steps, has none. O(T log T).

    Raises
    ------
    ConfigurationError
        A record that is not one row of finite numbers, a reach below 1, or a quantile outside 0 … 1.
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
    # Strictly above: where the record repeats itself, many changes are equal up to rounding.
    fast = ~at_least(-change, -float(np.quantile(change, quantile)), size=float(envelope.max()))
    return step[fast & ~np.concatenate([[False], fast[:-1]])]
