"""The options and the result of path emergence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Real

from hubbub.simulator.errors import ConfigurationError, complaint

ACTIVITIES, PRODUCTS, SOURCES = ("mean", "sample", "any"), ("n", "a"), ("hidden", "all")
THRESHOLD, SWEEP = 0.05, (0.01, 0.02, 0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Counting:
    """The options that the number of paths depends on.

    Attributes
    ----------
    sources
        Where paths begin: in "hidden" layers, or in "all" layers, including the input. They end in every later layer,
        including the output.
    product
        Which units a path may pass through: "n" for all, "a" for active ones only.
    activity
        How a unit is judged: by its "mean" activation over the samples, by its largest in "any" sample, or in each
        "sample" separately. With "sample", the paths are counted for every sample and averaged.
    threshold
        A unit is active when its activation is above this.
    masked
        Whether a weight of 0 means that there is no link.

    Raises
    ------
    ConfigurationError
        An unknown option, or a threshold that is not finite.
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
    """The number of paths from inactive to active units, of one network or of each of a stack of N networks.

    For a stack, `value`, `relative`, `n_parameters` and `reason` are arrays `[N]`, and `swept` and `active` have N as
    an additional first axis.

    Attributes
    ----------
    value
        E, the number of paths. Exact up to 2⁵³, then to 16 digits.
    relative
        Ẽ = E / `n_parameters`; 0 where no parameter remains.
    n_parameters
        Number of parameters, without weights that are 0.
    thresholds, swept
        Thresholds `[T]`, and E at each of them, `[T]`.
    layers, sizes, active
        Names of the K layers of units (the last is the output), their numbers of units `[K]`, and their numbers of
        active units at the threshold `[K]`: the mean over samples where each sample is counted separately.
    counting
        The options.
    n_samples
        Number of samples that decide which units are active.
    reason
        Why there are no paths; "" where there are some.
    """

    value: Any
    relative: Any
    n_parameters: Any
    thresholds: Float[np.ndarray, " T"]
    swept: Float[np.ndarray, "... T"]
    layers: tuple[str, ...]
    sizes: Int[np.ndarray, " K"]
    active: Real[np.ndarray, "... K"]
    counting: Counting
    n_samples: int
    reason: Any

    unit = "paths"


def thresholds_with(threshold: float, sweep: tuple[float, ...]) -> Float[np.ndarray, " T"]:
    """Return the thresholds of a sweep together with the main threshold, `[T]`, ascending."""
    return np.unique([*sweep, threshold])


def finite_paths(paths: Float[np.ndarray, " ..."]) -> Float[np.ndarray, " ..."]:
    """Return numbers of paths `[…]`; `ConfigurationError` for more than a float64 can hold."""
    if not np.isfinite(paths).all():
        raise ConfigurationError("paths: expected at most 1.8e308, got more; count a part of the network")
    return paths


def path_emergence_of(
    swept: Float[np.ndarray, "N T"],
    active: Real[np.ndarray, "N T K"],
    *,
    thresholds: Float[np.ndarray, " T"],
    layers: tuple[str, ...],
    sizes: Int[np.ndarray, " K"],
    counting: Counting,
    n_parameters: Real[np.ndarray, " N"],
    n_samples: int,
) -> PathEmergence:
    """Return the result for N networks from the numbers of paths `[N, T]` and of active units `[N, T, K]`."""
    swept = finite_paths(swept)
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
    """Return the result of the first network of a stack, with numbers in place of arrays `[N]`."""
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
        return "no hidden layer, so no unit where a path could begin"
    if (active[:-1] == sizes[:-1]).all():
        return "every unit where a path could begin is active"
    if (active[1:] == 0).all():
        return "no unit where a path could end is active"
    return "no path leads from an inactive unit to an active one"
