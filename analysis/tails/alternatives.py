"""The distributions that a power law is compared with, on the same range and with the same two parameters.

With y = ln(x / cut-off), ln p(x) of a power law is a straight line in y. Every alternative has a `slope` and a
`bend` ≥ 0 that makes the line fall faster; with bend 0, all but the exponential are the power law itself. So their best
fits are never worse than the power law, and the likelihood ratio tells how much better they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from hubbub.analysis.tails.sample import Sample

EXACT_TERMS = 1000
NODES = 12
TINY = 1e-12
"""Replaces a bend or a slope of 0 where one divides by it."""


@dataclass(frozen=True)
class Alternative:
    """One family of distributions on x ≥ cut-off.

    Attributes
    ----------
    log_weight
        Logarithm of the density without its normalisation, from (slope, bend, y).
    scale
        A typical size of the bend, from U values of y and their relative frequencies.
    slope_from
        The slope at which bend 0 gives p(x) ∝ x^−α, from α.
    parameters
        The parameters of the usual definition, from (slope, bend, cut-off).
    slopes
        The smallest and the largest slope.
    nested
        Whether its usual definition contains the power law (bend = 0), and not only as a limit.
    """

    log_weight: Callable[[float, float, Float[np.ndarray, " U"]], Float[np.ndarray, " U"]]
    scale: Callable[[Float[np.ndarray, " U"], Float[np.ndarray, " U"]], float]
    slope_from: Callable[[float], float]
    parameters: Callable[[float, float, float], dict[str, float]]
    slopes: tuple[float | None, float | None] = (None, None)
    nested: bool = False


def _stretched(slope: float, bend: float, y: Float[np.ndarray, " U"]) -> Float[np.ndarray, " U"]:
    bend = max(bend, TINY)
    return (bend - 1) * y - slope * np.expm1(bend * y) / bend


def _mean_excess(y: Float[np.ndarray, " U"], share: Float[np.ndarray, " U"]) -> float:
    return float(1 / (share @ np.expm1(y)))


def _lognormal_parameters(slope: float, bend: float, cutoff: float) -> dict[str, float]:
    variance = 1 / (2 * max(bend, TINY))
    return {"mu": float(np.log(cutoff) - (slope - 1) * variance), "sigma": float(np.sqrt(variance))}


def _stretched_parameters(slope: float, bend: float, cutoff: float) -> dict[str, float]:
    bend = max(bend, TINY)
    return {"beta": bend, "lambda": slope / bend * cutoff**-bend}


ALTERNATIVES = {
    "exponential": Alternative(
        lambda slope, bend, y: -bend * np.expm1(y),
        _mean_excess,
        lambda alpha: 0.0,
        lambda slope, bend, cutoff: {"lambda": bend / cutoff},
        slopes=(0, 0),
    ),
    "lognormal": Alternative(
        lambda slope, bend, y: -slope * y - bend * y**2,
        lambda y, share: float(1 / (2 * share @ y**2)),
        lambda alpha: alpha,
        _lognormal_parameters,
    ),
    "stretched exponential": Alternative(
        _stretched, lambda y, share: 0.5, lambda alpha: alpha - 1, _stretched_parameters, slopes=(TINY, None)
    ),
    "truncated power law": Alternative(
        lambda slope, bend, y: -slope * y - bend * np.expm1(y),
        _mean_excess,
        lambda alpha: alpha,
        lambda slope, bend, cutoff: {"alpha": slope, "lambda": bend / cutoff},
        slopes=(0, None),
        nested=True,
    ),
}


def fit_alternative(
    alternative: Alternative, tail: Sample, *, cutoff: float, alpha: float, discrete: bool
) -> tuple[Float[np.ndarray, " U"], dict[str, float]]:
    """Return the log-likelihood of each of the U distinct values of the tail at the maximum, and the parameters there.

    In nats. O(U) for each evaluation of the likelihood.
    """
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    y = np.log(tail.x / cutoff)
    share = tail.counts / tail.n
    nodes, log_weights = quadrature(cutoff, discrete=discrete)
    unit = alternative.scale(y, share)

    def log_likelihood(slope: float, bend: float) -> Float[np.ndarray, " U"]:
        total = logsumexp(alternative.log_weight(slope, bend, nodes) + log_weights)
        return np.asarray(alternative.log_weight(slope, bend, y) - total)

    with np.errstate(over="ignore"):  # where exp overflows, the density is 0
        best = minimize(
            lambda at: -share @ log_likelihood(at[0], unit * at[1]),
            (alternative.slope_from(alpha), 0.5),
            method="L-BFGS-B",
            bounds=[alternative.slopes, (0, None)],
            options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
        ).x
        slope, bend = float(best[0]), unit * float(best[1])
        return log_likelihood(slope, bend), alternative.parameters(slope, bend, cutoff)


def quadrature(cutoff: float, *, discrete: bool) -> tuple[Float[np.ndarray, " nodes"], Float[np.ndarray, " nodes"]]:
    """Return nodes y and the logarithms of their weights: Σ weight · f(y) is the sum or integral of f over x ≥ cut-off.

    Gauss–Legendre quadrature in y on intervals that double from 1e-9 to 0.5, then have width 0.5 up to y = 60, then
    double again. For integers the first 1,000 terms are summed and the rest is an integral that begins half a step
    before the next integer.
    """
    if discrete:
        first = cutoff + np.arange(EXACT_TERMS)
        rest, log_weights = quadrature(cutoff + EXACT_TERMS - 0.5, discrete=False)
        shift = np.log((cutoff + EXACT_TERMS - 0.5) / cutoff)
        return np.append(np.log(first / cutoff), rest + shift), np.append(np.zeros(EXACT_TERMS), log_weights)
    edges = np.concatenate([[0], 0.5 ** np.arange(30, 1, -1), np.arange(0.5, 60, 0.5), [60, 120, 240, 480, 690]])
    place, weight = np.polynomial.legendre.leggauss(NODES)
    half = np.diff(edges)[:, None] / 2
    y = (edges[:-1, None] + half * (1 + place)).ravel()
    return y, np.log((half * weight).ravel()) + y + np.log(cutoff)
