"""How paths are counted: the options of path emergence, and what comes out of a count."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from hubbub.simulator.errors import ConfigurationError, complaint

ACTIVITIES, PRODUCTS, SOURCES = ("mean", "sample", "any"), ("n", "a"), ("hidden", "all")
THRESHOLD, SWEEP = 0.05, (0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Counting:
    """The choices that a number of paths depends on.

    Attributes
    ----------
    sources
        Where paths begin: in "hidden" layers, or in "all" layers, the input included. They end in every later layer,
        the output included.
    product
        Units on the way: "n" for all, "a" for the active ones only.
    activity
        A unit is active when its activation is above `threshold` in the "mean" over the samples, in "any" sample, or
        in each "sample" for itself: then the paths are counted for every sample and averaged.
    threshold
        Activation above which a unit is active.
    masked
        Whether weights that are 0 are taken for links that are not there.
    """

    sources: str = "hidden"
    product: str = "n"
    activity: str = "mean"
    threshold: float = THRESHOLD
    masked: bool = True

    def __post_init__(self) -> None:
        chosen = {"sources": SOURCES, "product": PRODUCTS, "activity": ACTIVITIES}
        for field, valid in chosen.items():
            got = getattr(self, field)
            if got not in valid:
                raise ConfigurationError(complaint(field, expected=f"one of {', '.join(valid)}", got=got, valid=valid))
        if not math.isfinite(self.threshold):
            raise ConfigurationError(complaint("threshold", expected="a finite number", got=self.threshold))


@dataclass(frozen=True)
class PathEmergence:
    """Paths from inactive to active units: of one network, or of each of a stack of N networks.

    For a stack `value`, `relative`, `n_parameters` and `reason` are arrays `[N]`, and the other arrays have a first
    axis N more.

    Attributes
    ----------
    value
        E, the number of paths. Exact up to 2⁵³, then to 16 digits.
    relative
        Ẽ, paths for each parameter; 0 where no parameter remains.
    n_parameters
        Parameters that remain: all but the weights that are 0.
    thresholds, swept
        Thresholds `[T]`, and E at each `[T]`.
    layers, sizes, active
        Names of the layers of units (the last is the output), their numbers of units `[K]`, and how many of those are
        active at the threshold `[K]`, in the mean over samples where samples are counted one by one.
    counting
        The options.
    n_samples
        Number of samples that activity was judged by.
    reason
        Why there are no paths; "" where there are some.
    """

    value: Any
    relative: Any
    n_parameters: Any
    thresholds: np.ndarray
    swept: np.ndarray
    layers: tuple[str, ...]
    sizes: np.ndarray
    active: np.ndarray
    counting: Counting
    n_samples: int
    reason: Any

    unit = "paths"


def thresholds_with(threshold: float, sweep: tuple[float, ...]) -> np.ndarray:
    """Return the thresholds of a sweep `[T]` and the one that counts, ascending."""
    return np.unique([*sweep, threshold])


def countable(paths: np.ndarray) -> np.ndarray:
    """Return the numbers of paths, refusing more than a float64 can hold."""
    if not np.isfinite(paths).all():
        raise ConfigurationError("paths: expected at most 1.8e308, got more; count a part of the network")
    return paths


def path_emergence_of(
    swept: np.ndarray,
    active: np.ndarray,
    *,
    thresholds: np.ndarray,
    layers: tuple[str, ...],
    sizes: np.ndarray,
    counting: Counting,
    n_parameters: np.ndarray,
    n_samples: int,
) -> PathEmergence:
    """Return the result of paths `[N, T]` and active units `[N, T, K]` of N networks."""
    swept = countable(swept)
    at = int(np.flatnonzero(thresholds == counting.threshold)[0])
    value, active_units = swept[:, at], active[:, at]
    reasons = [_reason(paths, of, sizes) for paths, of in zip(value, active_units, strict=True)]
    return PathEmergence(
        value,
        np.divide(value, n_parameters, out=np.zeros_like(value), where=n_parameters > 0),
        n_parameters,
        thresholds,
        swept,
        layers,
        sizes,
        active_units,
        counting,
        n_samples,
        np.array(reasons),
    )


def first_of(stack: PathEmergence) -> PathEmergence:
    """Return the only network of a stack of one, with numbers for arrays."""
    return PathEmergence(
        float(stack.value[0]),
        float(stack.relative[0]),
        int(stack.n_parameters[0]),
        stack.thresholds,
        stack.swept[0],
        stack.layers,
        stack.sizes,
        stack.active[0],
        stack.counting,
        stack.n_samples,
        str(stack.reason[0]),
    )


def _reason(paths: float, active: np.ndarray, sizes: np.ndarray) -> str:
    if paths > 0:
        return ""
    if len(sizes) < 2:
        return "no hidden layer, so no unit that a path could begin at"
    if (active[:-1] == sizes[:-1]).all():
        return "every unit that a path could begin at is active"
    if (active[1:] == 0).all():
        return "no unit that a path could end at is active"
    return "no path leads from an inactive unit to an active one"
