"""Events in the records of the copies, found chunk by chunk while they run."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from hubbub.simulator.memory.event_codes import BIRTH, BIRTH_NOT_SEEN, KINDS, SWITCH
from hubbub.simulator.memory.record import Record
from hubbub.simulator.memory.settings import Recording

NAMES = np.array(KINDS, dtype=object)


class Detectors:
    """Thresholds, open avalanches and running sums of C copies: all that is remembered of the steps so far.

    Attributes
    ----------
    sums
        Activity, its square, number of spins that turned on, its square, added up over the burn-in, `[C, 4]` int64.
    thresholds
        Thresholds of avalanches and of coincidences, `[C, 2]` float64; NaN until they are learnt.
    sizes
        Sizes of the open avalanches, or a negative code (`event_codes`), `[C]` int64.
    nearest
        Number of the nearest pattern after the last step, `[C]` int64.
    overlap_sums
        Sum of D·Q over the steps after the burn-in, `[C]` float64.
    """

    def __init__(self, settings: Recording, *, nearest: Int[np.ndarray, " C"]) -> None:
        self.settings = settings
        n_copies = len(nearest)
        given = (settings.avalanche_threshold, settings.coincidence_threshold)
        self.sums = np.zeros((n_copies, 4), dtype=np.int64)
        self.thresholds = np.tile([math.nan if value is None else value for value in given], (n_copies, 1))
        self.sizes = np.full(n_copies, BIRTH_NOT_SEEN)
        self.nearest = nearest.astype(np.int64)
        self.overlap_sums = np.zeros(n_copies)

    @property
    def tensors(self) -> dict[str, NDArray[Any]]:
        """Return what is remembered, by its name in checkpoints."""
        return {
            "sums": self.sums,
            "thresholds": self.thresholds,
            "sizes": self.sizes,
            "nearest": self.nearest,
            "overlaps": self.overlap_sums,
        }

    def detect(self, record: Record, made: int) -> dict[str, NDArray[Any]]:
        """Return the events of the steps after the first `made` ones, as columns in order of step and copy.

        The `value` of a death is the size of its avalanche (sum of the activity), that of a coincidence the number of
        spins that turned on. A switch goes from pattern `source` to pattern `target`. O(C n).
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
            self.sums,
            self.thresholds,
            self.sizes,
            self.nearest,
            self.overlap_sums,
        )
        step, copy, kind, first, second = np.ascontiguousarray(found.T)
        is_switch = kind == SWITCH
        return {
            "step": step,
            "copy": copy,
            "kind": NAMES[kind],
            "value": np.ma.masked_array(first.astype(np.float64), mask=is_switch | (kind == BIRTH)),
            "source": np.ma.masked_array(first, mask=~is_switch),
            "target": np.ma.masked_array(second, mask=~is_switch),
        }
