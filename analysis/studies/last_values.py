"""The course, and the last value, of every metric of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubbub.analysis.views.default.findings import Course, find_metrics

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


def courses(run: Run) -> dict[str, Course]:
    """Return the course of every metric of a run, by name; with a split of referents, NAME:SPLIT.

    A metric of single agents, copies or networks is their mean at each step, and is left out where the run records that
    mean itself, as NAME_mean.
    """
    found = {f"{course.name}:{course.split}".rstrip(":"): course for course in find_metrics(run).courses}
    return {name: course for name, course in found.items() if not _is_told(course, found.get(f"{name}_mean"))}


def last_values(run: Run) -> dict[str, float]:
    """Return the last value of every metric of a run, by name as in `courses`."""
    return {name: float(course.mean[-1]) for name, course in courses(run).items()}


def _is_told(course: Course, mean: Course | None) -> bool:
    """Whether another metric is the mean of this one over agents, copies or networks."""
    return mean is not None and (
        bool((course.rows > 1).any()) or np.allclose(course.mean[-1:], mean.mean[-1:], equal_nan=True)
    )
