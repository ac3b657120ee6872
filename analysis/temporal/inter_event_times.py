"""Inter-event times."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.temporal.record import event_times


def inter_event_times(times: np.ndarray) -> np.ndarray:
    """Return the steps between neighbouring events `[n − 1]` from their times `[n]`, whole and ascending."""
    return np.diff(event_times(times))
