"""Likelihood-ratio tests of a power law against other distributions on the same tail."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Real

from hubbub.analysis.tails.alternatives import ALTERNATIVES, fit_alternative
from hubbub.analysis.tails.power_law import PowerLaw, sample_of
from hubbub.analysis.validation import validated

EQUAL_NATS_PER_VALUE = 1e-8
"""Ratios below this are numerical error of the normalisation."""


@dataclass(frozen=True)
class LikelihoodRatio:
    """A power law against one alternative.

    Attributes
    ----------
    alternative
        Name of the other distribution; `parameters` are its maximum-likelihood parameters, for values in the `unit` of
        the fit.
    ratio_nats
        Log-likelihood of the power law less that of the alternative; positive values favour the power law.
    normalised
        The ratio in standard deviations of its sum over the tail.
    p_value
        Two-sided (Vuong 1989); for the truncated power law, which contains the power law, from χ² with one degree of
        freedom. Above 0.1 the sign of the ratio is not significant.
    n
        Number of values in the tail.
    reason
        Why the ratio is undefined; "" otherwise.
    """

    alternative: str
    ratio_nats: float
    normalised: float
    p_value: float
    n: int
    parameters: dict[str, float]
    reason: str = ""

    def favours(self, *, level: float = 0.1) -> str:
        """Return "power law", the name of the alternative, or "neither" when the p-value is not below `level`."""
        if not self.p_value < level:
            return "neither"
        return "power law" if self.ratio_nats > 0 else self.alternative


@validated()
def compare(
    values: Real[np.ndarray, "*shape"], fit: PowerLaw, *, against: Sequence[str] = tuple(ALTERNATIVES)
) -> dict[str, LikelihoodRatio]:
    """Return the likelihood ratios against four alternatives, or those named in `against`, by their names.

    exponential, lognormal, stretched exponential, truncated power law; each is fitted to the values from the cut-off
    up and normalised there, over the integers for discrete values (Clauset, Shalizi & Newman 2009, section 5).
    Lognormal and stretched exponential have the power law as a limit, so their ratio is never above 0: where the
    likelihood is largest at the limit, the ratio is 0 and the p-value 1. `values` are int or float, of any shape; `fit`
    is their `fit_power_law`. Undefined where that fit is. O(n log n) for n values.

    Raises
    ------
    ConfigurationError
        Values that `fit_power_law` refuses.
    """
    if fit.reason:
        nan = math.nan
        return {name: LikelihoodRatio(name, nan, nan, nan, 0, {}, fit.reason) for name in against}
    from scipy.special import erfc
    from scipy.stats import chi2

    sample, cutoff = sample_of(values, fit)
    tail = sample.tail(cutoff)
    normaliser = fit.family.log_normaliser(np.array(fit.value), np.array(cutoff))
    power_law = -fit.value * np.log(tail.x / cutoff) - normaliser
    ratios = {}
    for name in against:
        alternative = ALTERNATIVES[name]
        log_likelihood, parameters = fit_alternative(
            alternative, tail, cutoff=cutoff, alpha=fit.value, discrete=fit.discrete
        )
        difference = power_law - log_likelihood
        ratio = float(tail.counts @ difference)
        spread = math.sqrt(tail.counts @ (difference - ratio / tail.n) ** 2)
        if abs(ratio) < EQUAL_NATS_PER_VALUE * tail.n:
            ratio, normalised, p_value = 0.0, 0.0, 1.0
        else:
            normalised = ratio / spread
            p_value = chi2.sf(2 * abs(ratio), 1) if alternative.nested else erfc(abs(normalised) / math.sqrt(2))
        ratios[name] = LikelihoodRatio(name, ratio, normalised, float(p_value), tail.n, parameters)
    return ratios
