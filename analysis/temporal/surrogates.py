"""Surrogates, in which the effect is absent: shuffled, with shuffled inter-event times, or phase-randomised."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Real, Shaped

from hubbub.analysis.measure import Null
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

Surrogate = Callable[[Shaped[np.ndarray, " T"], np.random.Generator], Shaped[np.ndarray, " T"]]
"""Returns a surrogate of a record, or of event times, with random numbers from a generator."""


@validated(stated_shapes=True)
def shuffled(record: Shaped[np.ndarray, " T"], generator: np.random.Generator) -> Shaped[np.ndarray, " T"]:
    """Return the values of a record, of any type, in random order: same distribution, no memory. O(T)."""
    return generator.permutation(record)


@validated(stated_shapes=True)
def shuffled_intervals(times: Real[np.ndarray, " n"], generator: np.random.Generator) -> Real[np.ndarray, " n"]:
    """Return event times (int or float) with their inter-event times in random order: a renewal process. O(n)."""
    times = np.asarray(times)
    return np.cumsum(np.concatenate([times[:1], generator.permutation(np.diff(times))]))


@validated(stated_shapes=True)
def phase_randomised(record: Real[np.ndarray, " T"], generator: np.random.Generator) -> Float[np.ndarray, " T"]:
    """Return a record with the power spectrum of the given one (int or float) and random phases: a linear process.

    Theiler et al. (1992). Mean and autocorrelation are kept, bursts and avalanches are not. O(T log T).
    """
    record = np.asarray(record, dtype=np.float64)
    if not len(record):
        return record
    spectrum = np.fft.rfft(record)
    phases = np.exp(2j * np.pi * generator.random(len(spectrum)))
    phases[0] = 1
    if len(record) % 2 == 0:
        phases[-1] = 1  # the highest frequency of a record of even length is real
    return np.fft.irfft(spectrum * phases, len(record))


@validated()
def surrogate_null(
    statistic: Callable[[Shaped[np.ndarray, " T"]], float],
    record: Shaped[np.ndarray, " T"],
    *,
    surrogate: Surrogate,
    generator: np.random.Generator,
    surrogates: int = 20,
) -> Null | None:
    """Return the null of a statistic: its values for surrogates of a record or of event times; None without surrogates.

    `generator` draws the surrogates. Costs the statistic once for each.
    """
    if not surrogates:
        return None
    if not len(record):
        raise ConfigurationError(complaint("record", expected="at least one value", got=len(record)))
    values = [statistic(surrogate(record, generator)) for _ in range(surrogates)]
    return Null.of(np.array(values), model=surrogate.__name__.replace("_", " "))
