"""Avalanches: stretches of time in which the activity is high."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hubbub.analysis.temporal.record import series
from hubbub.simulator.errors import ConfigurationError, complaint

RULES: dict[str, Callable[[np.ndarray], float]] = {"mean": np.mean, "median": np.median}


@dataclass(frozen=True)
class Avalanches:
    """The A avalanches of a record, in the order of time.

    Attributes
    ----------
    births, deaths
        Steps `[A]` at which the first bin at or above the threshold begins, and the first bin below it again.
    sizes
        Sum of the activity from birth to death `[A]`.
    threshold
        What the activity of a bin is compared with, and `rule` where it comes from.
    bin_steps, n_steps
        Length of a bin, and of the record.
    """

    births: np.ndarray
    deaths: np.ndarray
    sizes: np.ndarray
    threshold: float
    rule: str
    bin_steps: int
    n_steps: int

    def __len__(self) -> int:
        return len(self.births)

    @property
    def durations(self) -> np.ndarray:
        """Steps from birth to death `[A]`."""
        return self.deaths - self.births

    @property
    def quiescences(self) -> np.ndarray:
        """Steps from a death to the next birth `[A − 1]`."""
        return self.births[1:] - self.deaths[:-1]

    @property
    def transitions(self) -> np.ndarray:
        """Births and deaths together, in the order of time `[2 A]`."""
        return np.stack([self.births, self.deaths], axis=1).ravel()


def avalanches(
    activity: np.ndarray, *, threshold: str | float = "mean", deviations: float = 0.0, bin_steps: int = 1
) -> Avalanches:
    """Return the avalanches of an activity `[T]`: maximal runs of bins at or above a threshold.

    Runs that touch an end of the record are left out, because their birth or death is not seen; a constant record has
    none. A high threshold cuts avalanches and changes exponents (Villegas et al. 2019): see `threshold_sweep`.

    Parameters
    ----------
    activity
        Number of units that fire (or are +1) in each step, or any other number.
    threshold, deviations
        "mean", "median" or a number, plus this many standard deviations of the activity of the bins.
    bin_steps
        Steps in a bin, whose activities are added; steps after the last whole bin are left out.

    O(T).
    """
    values = series(activity, name="activity")
    if isinstance(threshold, str) and threshold not in RULES:
        expected = f"a number or one of {', '.join(RULES)}"
        raise ConfigurationError(complaint("threshold", expected=expected, got=threshold, valid=RULES))
    values = binned(values, bin_steps)
    n_steps = len(values) * bin_steps
    rule = f"{threshold} + {deviations:g} sd" if deviations else str(threshold)
    level = float("nan")
    if len(values):
        level = float(RULES[threshold](values) if isinstance(threshold, str) else threshold)
        level += deviations * float(values.std()) if deviations else 0.0
    above = values >= level
    borders = np.flatnonzero(above[1:] != above[:-1]) + 1
    if len(above) and above[0]:
        borders = borders[1:]
    births, deaths = borders[: len(borders) // 2 * 2].reshape(-1, 2).T
    ends = np.stack([births, deaths], axis=1).ravel()
    sizes = np.add.reduceat(values, ends)[::2] if len(ends) else np.empty(0)
    return Avalanches(births * bin_steps, deaths * bin_steps, sizes, level, rule, bin_steps, n_steps)


def binned(activity: np.ndarray, bin_steps: int) -> np.ndarray:
    """Return the sums of an activity `[T]` over bins; steps after the last whole bin are left out."""
    if bin_steps < 1:
        raise ConfigurationError(complaint("bin_steps", expected="a whole number ≥ 1", got=bin_steps))
    n_bins = len(activity) // bin_steps
    return activity if bin_steps == 1 else activity[: n_bins * bin_steps].reshape(n_bins, bin_steps).sum(axis=1)
