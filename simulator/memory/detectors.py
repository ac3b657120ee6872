"""Events in the records of the copies, found chunk by chunk while they run."""

from __future__ import annotations

import math

import numpy as np

from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.settings import Recording

BIRTH, DEATH, COINCIDENCE, SWITCH = range(4)
KINDS = np.array(["avalanche-birth", "avalanche-death", "coincidence", "switch"], dtype=object)
ALREADY, OFF = -2, -1
"""Sizes of an avalanche whose birth was not seen, and of none."""


class Detectors:
    """Thresholds, open avalanches and running sums of C copies: all that is remembered of the steps so far.

    Attributes
    ----------
    tensors
        By name: `sums [C, 4]` int64 (activity, its square, spins that turned on, their square, over the burn-in),
        `thresholds [C, 2]` float64 (avalanche, coincidence; NaN until learnt), `sizes [C]` int64 (of open avalanches),
        `nearest [C]` int64 (pattern, at the last step), `overlaps [C]` float64 (sum of D·Q after the burn-in).
    """

    def __init__(self, settings: Recording, *, nearest: np.ndarray) -> None:
        self.settings = settings
        n_copies = len(nearest)
        given = (settings.avalanche_threshold, settings.coincidence_threshold)
        self.tensors = {
            "sums": np.zeros((n_copies, 4), dtype=np.int64),
            "thresholds": np.tile([math.nan if value is None else value for value in given], (n_copies, 1)),
            "sizes": np.full(n_copies, ALREADY),
            "nearest": nearest.astype(np.int64),
            "overlaps": np.zeros(n_copies),
        }

    def watch(self, record: Record, made: int) -> dict[str, np.ndarray]:
        """Return the events of the steps after the first `made` ones, as columns in order of step and copy.

        A death has the size of its avalanche as `value` (sum of the activity), a coincidence the number of spins that
        turned on; a switch goes from pattern `source` to pattern `target`.
        """
        from hubbub.simulator.memory.kernels.detecting import detect

        settings = self.settings
        found = detect(
            made,
            settings.burn_in_steps,
            settings.avalanches,
            settings.coincidences,
            np.array([settings.avalanche_sds, settings.coincidence_sds]),
            np.array([settings.avalanche_threshold is None, settings.coincidence_threshold is None]),
            record.overlap,
            record.activity,
            record.turned_on,
            record.nearest,
            *self.tensors.values(),
        )
        step, copy, kind, first, second = found
        switches = kind == SWITCH
        return {
            "step": step,
            "copy": copy,
            "kind": KINDS[kind],
            "value": np.ma.masked_array(first.astype(np.float64), mask=switches | (kind == BIRTH)),
            "source": np.ma.masked_array(first, mask=~switches),
            "target": np.ma.masked_array(second, mask=~switches),
        }
