"""The power law on the real numbers and on the integers: estimates, survival function, random values."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import numpy as np
from jaxtyping import Float

from hubbub.analysis.tails.zeta import log_zeta, zeta_moments

TABLE = 4096
LARGEST = 2.0**52


class Family(Protocol):
    """A power law p(x) ∝ x^−α on x ≥ cut-off; array arguments broadcast."""

    step: float
    """Distance to the next possible value: 1 on the integers, 0 on the real numbers."""

    def exponents(
        self, mean_log: Float[np.ndarray, " ..."], cutoff: Float[np.ndarray, " ..."]
    ) -> Float[np.ndarray, " ..."]:
        """Return the maximum-likelihood α of tails with the given means of ln(x / cut-off) > 0."""

    def error(self, alpha: float, cutoff: float, n: int) -> float:
        """Return the standard error of α from the Fisher information of `n` points."""

    def log_normaliser(
        self, alpha: Float[np.ndarray, " ..."], cutoff: Float[np.ndarray, " ..."]
    ) -> Float[np.ndarray, " ..."]:
        """Return ln of the sum or integral of (x / cut-off)^−α over x ≥ cut-off."""

    def survival(
        self,
        alpha: Float[np.ndarray, " ..."],
        cutoff: Float[np.ndarray, " ..."],
        normaliser: Float[np.ndarray, " ..."],
        x: Float[np.ndarray, " ..."],
    ) -> Float[np.ndarray, " ..."]:
        """Return the survival function P[X ≥ x]; `normaliser` is `log_normaliser(alpha, cutoff)`."""

    def draw(self, alpha: float, cutoff: float, n: int, generator: np.random.Generator) -> Float[np.ndarray, " n"]:
        """Return `n` independent random values."""


class Continuous:
    """The Pareto distribution (Clauset, Shalizi & Newman 2009, equations 2.2, 3.1, 3.2)."""

    step = 0.0

    def exponents(
        self, mean_log: Float[np.ndarray, " ..."], cutoff: Float[np.ndarray, " ..."]
    ) -> Float[np.ndarray, " ..."]:
        """Return 1 + 1 / mean ln(x / cut-off)."""
        return 1 + 1 / mean_log

    def error(self, alpha: float, cutoff: float, n: int) -> float:
        """Return (α − 1) / √n."""
        return (alpha - 1) / np.sqrt(n)

    def log_normaliser(
        self, alpha: Float[np.ndarray, " ..."], cutoff: Float[np.ndarray, " ..."]
    ) -> Float[np.ndarray, " ..."]:
        """Return ln[cut-off / (α − 1)]."""
        return np.log(cutoff) - np.log(alpha - 1)

    def survival(
        self,
        alpha: Float[np.ndarray, " ..."],
        cutoff: Float[np.ndarray, " ..."],
        normaliser: Float[np.ndarray, " ..."],
        x: Float[np.ndarray, " ..."],
    ) -> Float[np.ndarray, " ..."]:
        """Return (x / cut-off)^(1 − α)."""
        return np.exp((1 - alpha) * np.log(x / cutoff))

    def draw(self, alpha: float, cutoff: float, n: int, generator: np.random.Generator) -> Float[np.ndarray, " n"]:
        """Return `n` values by inversion."""
        return cutoff * np.exp(generator.standard_exponential(n) / (alpha - 1))


class Discrete:
    """The zeta distribution, with its exact likelihood (Clauset, Shalizi & Newman 2009, equations 2.4, 3.5, 3.6)."""

    step = 1.0

    def exponents(
        self, mean_log: Float[np.ndarray, " ..."], cutoff: Float[np.ndarray, " ..."]
    ) -> Float[np.ndarray, " ..."]:
        """Return α by Newton's method on 1 / mean ln(x / cut-off), which is almost linear in α."""
        alpha = 1 + 1 / (mean_log - np.log1p(-0.5 / cutoff))
        for _ in range(50):
            _, mean, variance = zeta_moments(alpha, cutoff)
            new = np.maximum(alpha + (1 / mean_log - 1 / mean) * mean**2 / variance, (1 + alpha) / 2)
            done = np.abs(new - alpha) <= 1e-10 * new
            alpha = new
            if done.all():
                break
        return alpha

    def error(self, alpha: float, cutoff: float, n: int) -> float:
        """Return 1 / √(n · variance of ln x)."""
        return float(
            1 / np.sqrt(n * zeta_moments(np.array(alpha, dtype=np.float64), np.array(cutoff, dtype=np.float64))[2])
        )

    def log_normaliser(
        self, alpha: Float[np.ndarray, " ..."], cutoff: Float[np.ndarray, " ..."]
    ) -> Float[np.ndarray, " ..."]:
        """Return ln[cut-off^α ζ(α, cut-off)]."""
        return log_zeta(alpha, cutoff)

    def survival(
        self,
        alpha: Float[np.ndarray, " ..."],
        cutoff: Float[np.ndarray, " ..."],
        normaliser: Float[np.ndarray, " ..."],
        x: Float[np.ndarray, " ..."],
    ) -> Float[np.ndarray, " ..."]:
        """Return ζ(α, x) / ζ(α, cut-off)."""
        return np.exp(log_zeta(alpha, x) - alpha * np.log(x / cutoff) - normaliser)

    def draw(self, alpha: float, cutoff: float, n: int, generator: np.random.Generator) -> Float[np.ndarray, " n"]:
        """Return `n` values by inversion: a table for the first 4,096 integers, bisection above; none exceeds 2^52."""
        chances = 1 - generator.random(n)
        normaliser = log_zeta(np.array(alpha, dtype=np.float64), np.array(cutoff, dtype=np.float64))

        def survival(x: Float[np.ndarray, " ..."]) -> Float[np.ndarray, " ..."]:
            return self.survival(np.array(alpha, dtype=np.float64), np.array(cutoff, dtype=np.float64), normaliser, x)

        drawn = cutoff + np.searchsorted(_first_chances(alpha, cutoff), -chances)
        far = np.flatnonzero(drawn == cutoff + TABLE)
        low, high = np.full(len(far), cutoff + TABLE), np.full(len(far), LARGEST)
        while (high - low > 1).any():  # P[X ≥ low] ≥ chance > P[X ≥ high]
            middle = np.floor((low + high) / 2)
            above = survival(middle) >= chances[far]
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        drawn[far] = low
        return drawn


@lru_cache(maxsize=4)
def _first_chances(alpha: float, cutoff: float) -> Float[np.ndarray, " k"]:
    """Return −P[X > x] for the first integers x from the cut-off on; kept, because a bootstrap draws many times."""
    exponent, start = np.array(alpha, dtype=np.float64), np.array(cutoff, dtype=np.float64)
    chances = -DISCRETE.survival(exponent, start, log_zeta(exponent, start), cutoff + 1 + np.arange(TABLE))
    chances.flags.writeable = False
    return chances


CONTINUOUS, DISCRETE = Continuous(), Discrete()
