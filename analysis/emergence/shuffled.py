"""Estimates in bits with a null from shuffled time; NaN where there are too few samples."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Shaped

from hubbub.analysis.measure import Measure, against_null, undefined

SHUFFLES = 100
"""Number of values of the null when not given."""

Variables = Sequence[Shaped[np.ndarray, "T ..."]]
"""Records of variables, T steps each."""
Shuffle = Callable[[Variables, np.random.Generator], Variables]


def future_shuffled(variables: Variables, generator: np.random.Generator) -> Variables:
    """Return variables `[T, …]` in one random order, the same for all: each past gets the future of another step."""
    order = generator.permutation(len(variables[0]))
    return [variable[order] for variable in variables]


def each_shuffled(variables: Variables, generator: np.random.Generator) -> Variables:
    """Return variables `[T, …]`, each in its own random order."""
    return [variable[generator.permutation(len(variable))] for variable in variables]


def estimated(
    statistic: Callable[[Variables], Float[np.ndarray, " n"]],
    variables: Variables,
    *,
    n_values: int,
    shuffle: Shuffle,
    estimator: str,
    samples_needed: int,
    generator: np.random.Generator | None,
    shuffles: int,
) -> tuple[Measure, ...]:
    """Return the first `n_values` numbers of a statistic of variables, in bits, each with its null on shuffled time.

    The mean of the null estimates the bias. All measures are NaN with the reason where there are fewer samples than
    `samples_needed`, and where any number of the statistic (also those after the first `n_values`) is not finite or is
    larger than log2 of the number of samples: from n samples no estimator can guarantee a larger lower bound
    (McAllester & Stratos 2020).

    Parameters
    ----------
    statistic
        Function of the variables; its numbers `[n]`, n ≥ `n_values`, are in bits.
    variables
        Records `[T, …]`.
    shuffle
        How the variables are shuffled for the null.
    estimator
        Name of the estimator, for the measures.
    generator
        Draws the shuffles; `np.random.default_rng(0)` when None.
    shuffles
        Number of values of the null; 0 for no null.
    """
    n = len(variables[0])
    refused = f"{n} samples, at least {samples_needed} needed" if n < samples_needed else ""
    if not refused:
        generator = generator or np.random.default_rng(0)
        with np.errstate(invalid="ignore"):  # differences of infinite entropies; they are refused below
            values = statistic(variables)
            null = np.array([statistic(shuffle(variables, generator)) for _ in range(shuffles)]).reshape(
                -1, len(values)
            )
        refused = next(filter(None, (_refusal(value, n) for value in values.tolist())), "")
    if refused:
        return (undefined(refused, unit="bits", estimator=estimator, n=n),) * n_values
    return tuple(
        against_null(float(values[which]), null[:, which], unit="bits", estimator=estimator, n=n, model="time shuffled")
        for which in range(n_values)
    )


def _refusal(bits: float, n: int) -> str:
    """Return why a value from n samples is refused; "" when it is not."""
    if not math.isfinite(bits):
        return "a variable does not vary, or is a function of others"
    if abs(bits) > math.log2(n):
        return f"{bits:.3g} bits, more than log2 of {n} samples; at least 2^{math.ceil(abs(bits))} needed"
    return ""
