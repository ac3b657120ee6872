"""Records in which the effect is absent: shuffled, with shuffled inter-event times, with random phases."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hubbub.analysis.measure import Null

Surrogate = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def shuffled(record: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return the values of a record `[T]` in random order: same distribution, no memory."""
    return generator.permutation(record)


def shuffled_intervals(times: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return event times `[n]` with their inter-event times in random order: a renewal process."""
    times = np.asarray(times)
    return np.cumsum(np.concatenate([times[:1], generator.permutation(np.diff(times))]))


def phase_randomised(record: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Return a record `[T]` with the same power spectrum and random phases: a linear Gaussian process.

    Theiler et al. (1992). Mean and autocorrelation are kept, bursts and avalanches are not. O(T log T).
    """
    record = np.asarray(record, dtype=np.float64)
    spectrum = np.fft.rfft(record)
    turns = np.exp(2j * np.pi * generator.random(len(spectrum)))
    turns[0] = 1
    if len(record) % 2 == 0:
        turns[-1] = 1  # the highest frequency of an even record is real
    return np.fft.irfft(spectrum * turns, len(record))


def surrogate_null(
    statistic: Callable[[np.ndarray], float],
    record: np.ndarray,
    *,
    surrogate: Surrogate,
    generator: np.random.Generator,
    surrogates: int = 20,
) -> Null | None:
    """Return the values that a statistic takes on surrogates of a record `[T]` or of event times; None for none."""
    if not surrogates:
        return None
    values = [statistic(surrogate(record, generator)) for _ in range(surrogates)]
    return Null.of(np.array(values), model=surrogate.__name__.replace("_", " "))
