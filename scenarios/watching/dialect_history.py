"""The dialects of a run while it grows: those of each lexicon are found once."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.dialects import Dialects, DialectsOverTime, dialects_at
from hubbub.analysis.dialects.over_time import consistent_labels
from hubbub.analysis.page.thinning import thinned
from hubbub.analysis.views.population.verdicts import why_no_dialects
from hubbub.simulator.store import Run


class DialectHistory:
    """Remembers the dialects at the recorded lexicons of one run."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], Dialects] = {}
        self._doubts: dict[tuple[str, int], str] = {}

    def last(self, run: Run) -> tuple[int, Dialects] | None:
        """Return the step of the last lexicon and its dialects; None before the first one."""
        steps = run.lexicon_steps()
        return (steps[-1], self._at(run, steps[-1])) if steps else None

    def over_time(self, run: Run, *, most: int) -> DialectsOverTime | None:
        """Return what `dialects_over_time` returns, for at most `most` lexicons; None before the first one."""
        steps = thinned(run.lexicon_steps(), most)
        if not steps:
            return None
        found = tuple(self._at(run, step) for step in steps)
        return DialectsOverTime(np.array(steps), consistent_labels([dialects.labels for dialects in found]), found)

    def why_none(self, run: Run) -> str:
        """Return why the last lexicon has no dialects, as a report says it; "" where it may have some."""
        step = run.lexicon_steps()[-1]
        key = (str(run.info["created"]), step)
        if key not in self._doubts:
            self._doubts = {key: why_no_dialects(run, step)}
        return self._doubts[key]

    def _at(self, run: Run, step: int) -> Dialects:
        key = (str(run.info["created"]), step)  # another run may have taken the folder
        if key not in self._found:
            self._found[key] = dialects_at(run, step)
        return self._found[key]
