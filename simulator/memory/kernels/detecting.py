"""The search for events in a record, compiled."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hubbub.simulator.kernel_cache import kernel
from hubbub.simulator.memory.event_codes import BIRTH, COINCIDENCE, DEATH, NO_AVALANCHE, SWITCH

EVENTS_PER_STEP = 3


@njit
def learnt_threshold(total: int, squares: int, n_steps: int, sds: float) -> float:
    """Return mean + `sds` standard deviations from a sum and a sum of squares of whole numbers."""
    mean = total / n_steps
    return mean + sds * math.sqrt(max(squares / n_steps - mean * mean, 0.0))


@njit
def write_event(event: NDArray[np.int64], step: int, copy: int, kind: int, first: int, second: int) -> None:
    """Write an event into its row `[5]`."""
    event[0], event[1], event[2], event[3], event[4] = step, copy, kind, first, second


@kernel
def detect(
    made: int,
    burn_in: int,
    avalanches: bool,
    coincidences: bool,
    sds: NDArray[np.float64],
    is_learnt: NDArray[np.bool_],
    overlap: NDArray[np.float64],
    activity: NDArray[np.int64],
    turned_on: NDArray[np.int64],
    nearest: NDArray[np.int64],
    sums: NDArray[np.int64],
    thresholds: NDArray[np.float64],
    sizes: NDArray[np.int64],
    last_nearest: NDArray[np.int64],
    overlap_sums: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return step, copy, kind and two numbers of every event, `[events, 5]`, in order of step and copy.

    Changes the arrays from `sums` on, which are what `Detectors` remembers.
    """
    n_copies, n_steps = activity.shape
    found = np.empty((EVENTS_PER_STEP * n_copies * n_steps, 5), np.int64)
    n_found = 0
    for column in range(n_steps):
        step = made + column + 1
        for copy in range(n_copies):
            active, new = activity[copy, column], turned_on[copy, column]
            before, now = last_nearest[copy], nearest[copy, column] if nearest.shape[1] else last_nearest[copy]
            last_nearest[copy] = now
            if step <= burn_in:
                sums[copy, 0] += active
                sums[copy, 1] += active * active
                sums[copy, 2] += new
                sums[copy, 3] += new * new
                if step == burn_in:
                    for number in range(2):
                        if is_learnt[number]:
                            total, squares = sums[copy, 2 * number], sums[copy, 2 * number + 1]
                            thresholds[copy, number] = learnt_threshold(total, squares, burn_in, sds[number])
                continue
            overlap_sums[copy] += overlap[copy, column]
            if avalanches:
                size = sizes[copy]
                if active < thresholds[copy, 0]:
                    if size >= 0:
                        write_event(found[n_found], step, copy, DEATH, size, 0)
                        n_found += 1
                    sizes[copy] = NO_AVALANCHE
                elif size >= 0:
                    sizes[copy] += active
                elif size == NO_AVALANCHE:
                    write_event(found[n_found], step, copy, BIRTH, 0, 0)
                    n_found += 1
                    sizes[copy] = active
            if coincidences and new >= thresholds[copy, 1]:
                write_event(found[n_found], step, copy, COINCIDENCE, new, 0)
                n_found += 1
            if now != before:
                write_event(found[n_found], step, copy, SWITCH, before, now)
                n_found += 1
    return found[:n_found]
