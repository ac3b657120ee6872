"""Goodness of fit: how often samples of a true power law deviate as much from their fit as the values do."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Real

from hubbub.analysis.measure import Null
from hubbub.analysis.tails.power_law import PowerLaw, sample_of
from hubbub.analysis.tails.sample import distinct
from hubbub.analysis.tails.scan import Tail, closest_tail
from hubbub.analysis.validation import validated


@dataclass(frozen=True)
class GoodnessOfFit:
    """The Kolmogorov–Smirnov distance of a fit, compared with that of fits to synthetic samples.

    Attributes
    ----------
    p_value
        Share of samples at least as far from their own fit, (1 + count) / (1 + samples). Below 0.1 the power law is
        rejected; a large value does not mean that other distributions fit worse.
    distance, null
        The distance of the values, and the distances of the samples.
    alpha_error, cutoff_error
        Standard deviations of exponent and cut-off over the samples: errors that include the choice of the cut-off.
    samples
        Number of synthetic samples.
    reason
        Why the p-value is undefined; "" otherwise.
    """

    p_value: float
    distance: float
    null: Null | None
    alpha_error: float
    cutoff_error: float
    samples: int
    reason: str = ""


@validated()
def goodness_of_fit(
    values: Real[np.ndarray, "*shape"], fit: PowerLaw, *, generator: np.random.Generator, samples: int = 1000
) -> GoodnessOfFit:
    """Return the semi-parametric bootstrap of Clauset, Shalizi & Newman (2009, section 4.1).

    `values`, int or float, are n values of any shape and `fit` is their `fit_power_law`. Each of the `samples` has n
    values: each is drawn by `generator` from the fitted tail with probability n_tail / n, else from the values below
    the cut-off. It is fitted as the values were, with a new cut-off where that was estimated. For true power laws the
    p-values are uniform with a given cut-off, and larger with an estimated one. The p-value has the standard error
    √(p (1 − p) / samples). Undefined where the fit is. O(samples · n log n).

    Raises
    ------
    ConfigurationError
        Values that `fit_power_law` refuses.
    """
    if fit.reason:
        return GoodnessOfFit(math.nan, math.nan, None, math.nan, math.nan, 0, fit.reason)
    whole, cutoff = sample_of(values, fit)
    below = whole.x < whole.tail(cutoff).x[0]
    body = np.repeat(whole.x[below], whole.counts[below])
    given = None if fit.cutoff_estimated else cutoff
    tails: list[Tail] = []
    while len(tails) < samples:
        n_tail = int(generator.binomial(fit.n, fit.n_tail / fit.n))
        drawn = fit.family.draw(fit.value, cutoff, n_tail, generator)
        resampled = body[generator.integers(len(body), size=fit.n - n_tail)] if len(body) else body
        sample = distinct(np.concatenate([resampled, drawn]))
        if (
            len(sample.x if given is None else sample.tail(given).x) > 1
        ):  # a steep tail may give one distinct value only
            tails.append(closest_tail(sample, fit.family, cutoff=given))
    null = Null.of(np.array([tail.distance for tail in tails]), model="power law, cut-off fitted again")
    as_far = sum(tail.distance >= fit.distance for tail in tails)
    return GoodnessOfFit(
        (1 + as_far) / (1 + samples),
        fit.distance,
        null,
        float(np.std([tail.alpha for tail in tails], ddof=1)) if samples > 1 else math.nan,
        fit.unit * float(np.std([tail.cutoff for tail in tails], ddof=1)) if samples > 1 else math.nan,
        samples,
    )
