"""Time intervals (spells, in GEXF) in which an edge existed or a value was valid."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hubbub.simulator.store import Run

GAP_STEPS = 0.5
"""Intervals are closed and must not overlap: each ends this many steps before the next begins."""

Spell = tuple[float, float]


def value_spells(steps: NDArray[np.int64]) -> list[Spell]:
    """Return the interval of each value measured at increasing `steps [T]`: until the next one."""
    starts = [float(step) for step in steps.tolist()]
    return list(zip(starts, [start - GAP_STEPS for start in starts[1:]] + [starts[-1] + GAP_STEPS], strict=True))


def edge_spells(run: Run) -> dict[tuple[int, int], list[Spell]]:
    """Return the intervals in which each directed edge existed, for every edge of any step.

    An event of step s takes effect at s.
    """
    since = dict.fromkeys(map(tuple, run.edges(-1).tolist()), 0.0)
    spells: dict[tuple[int, int], list[Spell]] = defaultdict(list)
    last = max(run.step, *run.lexicon_steps())
    for event in run.events().to_pylist():
        edge, step = (event["source"], event["target"]), float(event["step"])
        if event["kind"] == "edge-added":
            since.setdefault(edge, step)
        elif event["kind"] == "edge-removed" and edge in since:
            start = since.pop(edge)
            if start < step:
                spells[edge].append((start, step - GAP_STEPS))
        last = max(last, event["step"])
    for edge, start in since.items():
        spells[edge].append((start, last + GAP_STEPS))
    return dict(sorted(spells.items()))
