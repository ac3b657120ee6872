"""Inter-event times: the time from each event to the next."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.temporal.record import event_times
from hubbub.analysis.validation import validated


@validated()
def inter_event_times(times: Real[np.ndarray, " n"]) -> Int[np.ndarray, " intervals"]:
    """Return the n − 1 times between the n events at `times`: whole steps, int or float, in ascending order. O(n).

    Raises
    ------
    ConfigurationError
        Times that are not whole, not ascending or negative.
    """
    return np.diff(event_times(times))
