"""The search for events in a record, compiled."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from hubbub.simulator.memory.detectors import BIRTH, COINCIDENCE, DEATH, OFF, SWITCH

EVENTS_PER_STEP = 3


@njit
def learnt(sums: np.ndarray, n_steps: int, sds: float) -> float:
    """Return mean + `sds` standard deviations from a sum and a sum of squares of whole numbers."""
    mean = sums[0] / n_steps
    return mean + sds * math.sqrt(max(sums[1] / n_steps - mean * mean, 0.0))


@njit(cache=True)
def detect(
    made: int,
    burn_in: int,
    avalanches: bool,
    coincidences: bool,
    sds: np.ndarray,
    is_learnt: np.ndarray,
    overlap: np.ndarray,
    activity: np.ndarray,
    turned_on: np.ndarray,
    nearest: np.ndarray,
    sums: np.ndarray,
    thresholds: np.ndarray,
    sizes: np.ndarray,
    last_nearest: np.ndarray,
    overlap_sums: np.ndarray,
) -> np.ndarray:
    """Return step, copy, kind and two numbers of every event, `[5, events]`, in order of step and copy.

    Brings what is remembered up to date.
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
                sums[copy] += np.array([active, active * active, new, new * new])
                if step == burn_in:
                    for number in range(2):
                        if is_learnt[number]:
                            pair = sums[copy, 2 * number : 2 * number + 2]
                            thresholds[copy, number] = learnt(pair, burn_in, sds[number])
                continue
            overlap_sums[copy] += overlap[copy, column]
            if avalanches:
                size = sizes[copy]
                if active < thresholds[copy, 0]:
                    if size >= 0:
                        found[n_found] = step, copy, DEATH, size, 0
                        n_found += 1
                    sizes[copy] = OFF
                elif size >= 0:
                    sizes[copy] += active
                elif size == OFF:
                    found[n_found] = step, copy, BIRTH, 0, 0
                    n_found += 1
                    sizes[copy] = active
            if coincidences and new >= thresholds[copy, 1]:
                found[n_found] = step, copy, COINCIDENCE, new, 0
                n_found += 1
            if now != before:
                found[n_found] = step, copy, SWITCH, before, now
                n_found += 1
    return found[:n_found].T.copy()
