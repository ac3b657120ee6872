"""The spectral exponent: how the power spectrum of a record falls with frequency."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from jaxtyping import Float, Real

from hubbub.analysis.temporal.bootstrap import block_weights
from hubbub.analysis.temporal.record import equally_spaced, reason_unusable, series
from hubbub.analysis.temporal.scaling import Scaling, fit_scaling, undefined_scaling
from hubbub.analysis.temporal.surrogates import Surrogate, shuffled, surrogate_null
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

SEGMENTS = 8
SHORTEST_PERIOD = 10
MIN_CYCLES = 4
POINTS = 30


@validated()
def spectral_exponent(
    record: Real[np.ndarray, " T"],
    *,
    shortest: float = SHORTEST_PERIOD,
    generator: np.random.Generator | None = None,
    surrogate: Surrogate = shuffled,
    surrogates: int = 20,
) -> Scaling:
    """Return the exponent β of a record whose power spectrum is S(f) ~ f^−β.

    Welch's method (1967): the record is divided into half-overlapping segments of a power of 2 steps, of which at least
    eight do not overlap; each is centred and multiplied by a Hann window. The periodograms are averaged over segments,
    then over 30 bands of equal width in the logarithm; β is the slope of ln S against ln(period). White noise has
    β = 0, its cumulative sum 2, fractional Gaussian noise 2 H − 1.

    Parameters
    ----------
    record
        Values at T equally spaced steps, int or float.
    shortest
        Shortest period in steps, at least 2; the spectrum of a cumulative sum deviates from its power law below 10. The
        longest is a quarter of a segment.
    generator, surrogate, surrogates
        As for `dfa`; the bootstrap is over segments instead of blocks.

    Below 1,024 steps (more for a longer shortest period), and for a constant record, NaN with the reason. O(T log T).

    Raises
    ------
    ConfigurationError
        A record that is not one row of finite numbers, or a shortest period below 2.
    """
    if not shortest >= 2:
        raise ConfigurationError(complaint("shortest", expected="a period of at least 2 steps", got=shortest))
    values = equally_spaced(series(record))
    estimator = "spectral exponent, Welch: ln S against ln period"
    n = len(values)
    shortest_segment = 2 ** math.ceil(math.log2(2 * MIN_CYCLES * shortest))
    reason = reason_unusable(values, steps=SEGMENTS * shortest_segment)
    if reason:
        return undefined_scaling(reason, estimator=estimator, n=n)
    generator = generator or np.random.default_rng(0)
    segment = 2 ** int(math.log2(n // SEGMENTS))
    frequencies = np.arange(MIN_CYCLES, int(segment / shortest) + 1)
    edges = np.unique(np.geomspace(MIN_CYCLES, frequencies[-1] + 1, POINTS + 1).astype(np.int64))
    starts = edges[:-1] - MIN_CYCLES
    widths = np.diff(edges)
    centres = np.exp(np.add.reduceat(np.log(frequencies), starts) / widths)
    periods = (segment / centres)[::-1]

    def bands(other: Float[np.ndarray, " T"]) -> Float[np.ndarray, "segments S"]:
        power = _periodograms(other, segment)[:, frequencies]
        return np.asarray(np.add.reduceat(power, starts, axis=1) / widths)[:, ::-1]

    power = bands(values)
    weights = block_weights(generator, blocks=len(power))
    curve = np.log(power.mean(axis=0))
    replicates = np.log(weights @ power / weights.sum(axis=1, keepdims=True))
    found = fit_scaling(periods, curve, replicates, estimator=estimator, n=n)

    def exponent(other: Float[np.ndarray, " T"]) -> float:
        curve = np.log(bands(other).mean(axis=0))
        return fit_scaling(periods, curve, curve[None], estimator=estimator, n=n).value

    null = surrogate_null(exponent, values, surrogate=surrogate, generator=generator, surrogates=surrogates)
    return replace(found, null=null)


def _periodograms(record: Float[np.ndarray, " T"], segment: int) -> Float[np.ndarray, "segments frequencies"]:
    """Return the power of each half-overlapping segment of `segment` steps at each frequency."""
    cut = np.lib.stride_tricks.sliding_window_view(record, segment)[:: segment // 2]
    cut = cut - cut.mean(axis=1, keepdims=True)
    return np.asarray(np.abs(np.fft.rfft(cut * np.hanning(segment + 1)[:-1])) ** 2)
