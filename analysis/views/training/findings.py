"""All that a report says about networks in training, computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hubbub.analysis.measure import Measure, over_seeds
from hubbub.analysis.trainings import Setting, network_metric, network_metric_names, network_settings

if TYPE_CHECKING:
    from hubbub.simulator.store import Run


@dataclass(frozen=True)
class TrainingFindings:
    """What a report says about networks in training.

    Attributes
    ----------
    run, settings
        The run, and its settings: groups of networks that differ only in their seed.
    courses
        Steps `[T]` and values `[T, S]` of every metric that was recorded for single networks.
    """

    run: Run
    settings: list[Setting]
    courses: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]]

    def over_seeds(self, name: str, setting: Setting, *, record: int = -1) -> Measure:
        """Return the mean of a metric over the seeds of a setting, without networks that have diverged."""
        _, values = self.courses[name]
        return over_seeds(values[record, list(setting.networks)].tolist())

    @property
    def n_networks(self) -> int:
        """The number of networks S."""
        return sum(len(setting.networks) for setting in self.settings)

    @property
    def n_seeds(self) -> int:
        """The number of networks of a setting."""
        return max(len(setting.networks) for setting in self.settings)

    @property
    def n_diverged(self) -> int:
        """How many networks have diverged: a metric of theirs is not finite at the last record."""
        last = np.array([values[-1] for _, values in self.courses.values()])
        return int((~np.isfinite(last)).any(axis=0).sum())


def find_training(run: Run) -> TrainingFindings:
    """Return the findings of a run of networks in training; `StoreError` when it lacks a table."""
    courses = {name: network_metric(run, name) for name in network_metric_names(run)}
    return TrainingFindings(run, network_settings(run), courses)
