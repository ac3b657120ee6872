"""Avalanches: periods in which the activity is at or above a threshold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.analysis.grid import at_least
from hubbub.analysis.temporal.record import series
from hubbub.analysis.validation import AT_LEAST_1, validated
from hubbub.simulator.errors import ConfigurationError, complaint

RULES: dict[str, Callable[[Float[np.ndarray, " T"]], float]] = {"mean": np.mean, "median": np.median}


@dataclass(frozen=True)
class Avalanches:
    """The A avalanches of a record, in temporal order.

    Attributes
    ----------
    births, deaths
        Steps `[A]` at which the first bin at or above the threshold begins, and the next bin below it. These are points
        in time; all lengths of time are in bins.
    sizes
        Sum of the activity from birth to death `[A]`.
    threshold, rule
        Activity of a bin from which an avalanche is counted, and the rule that it was computed by.
    bin_steps, n_steps
        Length of a bin and of the record in steps.
    """

    births: Int[np.ndarray, " A"]
    deaths: Int[np.ndarray, " A"]
    sizes: Float[np.ndarray, " A"]
    threshold: float
    rule: str
    bin_steps: int
    n_steps: int

    def __len__(self) -> int:
        return len(self.births)

    @property
    def durations(self) -> Int[np.ndarray, " A"]:
        """Bins from birth to death `[A]`."""
        return (self.deaths - self.births) // self.bin_steps

    @property
    def quiescences(self) -> Int[np.ndarray, " gaps"]:
        """Bins from a death to the next birth `[A − 1]`."""
        return (self.births[1:] - self.deaths[:-1]) // self.bin_steps

    @property
    def between_births(self) -> Int[np.ndarray, " gaps"]:
        """Bins from a birth to the next `[A − 1]`."""
        return np.diff(self.births) // self.bin_steps

    @property
    def transitions(self) -> Int[np.ndarray, " changes"]:
        """Births and deaths together, in temporal order `[2 A]`."""
        return np.stack([self.births, self.deaths], axis=1).ravel()


@validated(bin_steps=AT_LEAST_1)
def avalanches(
    activity: Real[np.ndarray, " T"], *, threshold: str | float = "mean", deviations: float = 0.0, bin_steps: int = 1
) -> Avalanches:
    """Return the avalanches of an activity `[T]`: maximal runs of bins at or above a threshold; above it if it is 0.

    Runs at either end of the record are left out, because their birth or death is unknown; a constant record has
    none. A high threshold splits avalanches and changes exponents (Villegas et al. 2019): see `threshold_sweep`.

    Parameters
    ----------
    activity
        Number of units that are active (or +1) in each step, or any other quantity, int or float.
    threshold, deviations
        Mean or median of the activity of the bins, or a number, plus this many of its standard deviations. Where it is
        0, a bin is active if its activity is above 0 (Beggs & Plenz 2003), and `rule` says so.
    bin_steps
        Length of a bin, over which activities are summed; steps after the last complete bin are left out. The
        avalanches are those of the record of bins, and their durations are in bins.

    O(T).

    Raises
    ------
    ConfigurationError
        A malformed activity, an unknown rule for the threshold, or bins of less than one step.
    """
    values = series(activity, name="activity")
    if isinstance(threshold, str) and threshold not in RULES:
        expected = f"a number or one of {', '.join(RULES)}"
        raise ConfigurationError(complaint("threshold", expected=expected, got=threshold, valid=RULES))
    sizes_of_terms = binned(np.abs(values), bin_steps)
    values = binned(values, bin_steps)
    n_steps = len(values) * bin_steps
    rule = f"{threshold} + {deviations:g} sd" if deviations else str(threshold)
    level = float("nan")
    if len(values):
        level = float(RULES[threshold](values) if isinstance(threshold, str) else threshold)
        level += deviations * float(values.std()) if deviations else 0.0
    above = at_least(values, level, size=sizes_of_terms)
    if level == 0:
        above = ~at_least(-values, 0.0, size=sizes_of_terms)
        rule = f"{rule}, above it" if isinstance(threshold, str) else "above 0"
    borders = np.flatnonzero(above[1:] != above[:-1]) + 1
    if len(above) and above[0]:
        borders = borders[1:]
    births, deaths = borders[: len(borders) // 2 * 2].reshape(-1, 2).T
    ends = np.stack([births, deaths], axis=1).ravel()
    sizes = np.add.reduceat(values, ends)[::2] if len(ends) else np.empty(0)
    return Avalanches(births * bin_steps, deaths * bin_steps, sizes, level, rule, bin_steps, n_steps)


def binned(activity: Float[np.ndarray, " T"], bin_steps: int) -> Float[np.ndarray, " bins"]:
    """Return the sums of an activity over bins; steps after the last complete bin are left out.

    Raises
    ------
    ConfigurationError
        Bins of less than one step.
    """
    if bin_steps < 1:
        raise ConfigurationError(complaint("bin_steps", expected="a whole number ≥ 1", got=bin_steps))
    n_bins = len(activity) // bin_steps
    return activity if bin_steps == 1 else activity[: n_bins * bin_steps].reshape(n_bins, bin_steps).sum(axis=1)
