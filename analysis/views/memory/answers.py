"""What came out of memories over noise and load, in a few sentences."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.page.numbers import number
from hubbub.analysis.views.memory.findings import MemoryFindings

RETRIEVED = 0.95
"""Mean overlap above which a pattern counts as retrieved."""


def answers(found: MemoryFindings) -> list[str]:
    """Return where the memory keeps its pattern, and where its record has a long memory."""
    return [*_retrieval(found), *_long_memory(found)]


def _retrieval(found: MemoryFindings) -> list[str]:
    """Say up to which load, or noise, the mean overlap over repetitions is above 0.95."""
    phases = found.phases
    if not found.has_patterns:
        return []
    means = phases.mean("mean_overlap")
    name = "mean overlap" if np.isfinite(means).any() else "overlap at the end"
    means = means if np.isfinite(means).any() else phases.mean("overlap")
    kept = means > RETRIEVED
    if len(phases.noise) == 1:
        return [_along(kept[:, 0], phases.loads, f"At noise {phases.noise[0]:g} the {name}", "load")]
    load = len(phases.loads) // 2
    start = f"With {phases.loads[load]} patterns the {name}"
    return [_along(kept[load], phases.noise, start, "noise")]


def _along(kept: np.ndarray, values: np.ndarray, start: str, setting: str) -> str:
    lost = np.flatnonzero(~kept)
    if not len(lost):
        return f"{start} is above {RETRIEVED} at every {setting} up to {values[-1]:g}."
    if not lost[0]:
        return f"{start} is not above {RETRIEVED} even at the lowest {setting}, {values[0]:g}."
    return (
        f"{start} is above {RETRIEVED} up to {setting} {values[lost[0] - 1]:g}, and no longer at {values[lost[0]]:g}."
    )


def _long_memory(found: MemoryFindings) -> list[str]:
    """Say where H is largest, and in which interval it is clearly above that of a series without memory."""
    phases = found.phases
    if not found.has_series or len(phases.noise) < 2:
        return []
    h, row = phases.mean("h"), int(np.flatnonzero(phases.loads == found.peak.load)[0])
    if not np.isfinite(h[row]).any():
        return ["H could not be determined: the records are constant or too short."]
    at = f" with {found.peak.load} patterns" if found.has_patterns else ""
    text = (
        f"The exponent H of the record is largest at noise {phases.noise[np.nanargmax(h[row])]:g}{at}: "
        f"{number(float(np.nanmax(h[row])))} (0.5: no memory over time)"
    )
    critical = phases.critical
    if np.isnan(critical.lower[row]):
        return [f"{text}; at no noise level it is clearly above {critical.level:g}."]
    low, high = (number(float(bound[row]), digits=3) for bound in (critical.lower, critical.upper))
    return [f"{text}; it is clearly above {critical.level:g} from noise {low} to {high}."]
