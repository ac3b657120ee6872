"""Estimates beside the same estimates on shuffled time, refused where the samples are too few for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from hubbub.analysis.measure import Measure, against_null, undefined

SHUFFLES = 100

Variables = Sequence[np.ndarray]
Shuffle = Callable[[Variables, np.random.Generator], Variables]


def future_shuffled(variables: Variables, generator: np.random.Generator) -> Variables:
    """Return variables `[T, …]` with the same random order for all: the future of one step, for the past of another."""
    order = generator.permutation(len(variables[0]))
    return [variable[order] for variable in variables]


def each_shuffled(variables: Variables, generator: np.random.Generator) -> Variables:
    """Return variables `[T, …]`, each in a random order of its own."""
    return [variable[generator.permutation(len(variable))] for variable in variables]


def estimated(
    statistic: Callable[[Variables], np.ndarray],
    variables: Variables,
    *,
    n_values: int,
    shuffle: Shuffle,
    estimator: str,
    samples_needed: int,
    generator: np.random.Generator | None,
    shuffles: int,
) -> tuple[Measure, ...]:
    """Return measures in bits of the first numbers of a statistic of variables, beside those on shuffled time.

    The mean of the null is the bias of the estimate. NaN with the reason below `samples_needed`, and where any number
    of the statistic, also of those after the first `n_values`, is above log2 of the number of samples: from n samples
    no estimator can assure more (McAllester & Stratos 2020).
    """
    n = len(variables[0])
    refused = f"{n} samples, at least {samples_needed} needed" if n < samples_needed else ""
    if not refused:
        rng = generator or np.random.default_rng(0)
        with np.errstate(invalid="ignore"):  # of infinite entropies; what is not finite is refused
            values = statistic(variables)
            null = np.array([statistic(shuffle(variables, rng)) for _ in range(shuffles)]).reshape(-1, len(values))
        refused = next(filter(None, (_distrust(value, n) for value in values.tolist())), "")
    if refused:
        return (undefined(refused, unit="bits", estimator=estimator, n=n),) * n_values
    return tuple(
        against_null(float(values[which]), null[:, which], unit="bits", estimator=estimator, n=n, model="time shuffled")
        for which in range(n_values)
    )


def _distrust(bits: float, n: int) -> str:
    """Return why n samples cannot carry a value; "" when they can."""
    if not math.isfinite(bits):
        return "a variable does not vary, or others fix it"
    if abs(bits) > math.log2(n):
        return f"{bits:.3g} bits, more than log2 of {n} samples; at least 2^{math.ceil(abs(bits))} needed"
    return ""
