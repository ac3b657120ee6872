"""Entropy and mutual information of variables of a record, in bits, by two estimators."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from hubbub.analysis.language.information import as_codes, entropies_bits, informations_bits
from hubbub.simulator.errors import ConfigurationError, complaint


class Estimator(Protocol):
    """An estimator; a variable is what `prepared` makes of its columns, T samples along the first axis."""

    name: str

    def prepared(self, columns: np.ndarray) -> np.ndarray:
        """Return a variable from its columns `[T, d]`."""

    def samples_needed(self, variables: Sequence[np.ndarray]) -> int:
        """Return the least number of samples for the joint entropy of these variables."""

    def entropy(self, variables: Sequence[np.ndarray]) -> float:
        """Return the joint entropy of these variables."""

    def informations(self, left: Sequence[np.ndarray], right: Sequence[np.ndarray]) -> np.ndarray:
        """Return the mutual information `[A, B]` of each of A variables with each of B."""


class Discrete:
    """Shares of samples put for probabilities (plug-in); as many samples are needed as there are joint states."""

    name = "shares of samples"

    def prepared(self, columns: np.ndarray) -> np.ndarray:
        """Return the states `[T]`, numbered."""
        return as_codes(np.unique(columns, axis=0, return_inverse=True)[1].reshape(-1))

    def samples_needed(self, variables: Sequence[np.ndarray]) -> int:
        """Return the number of joint states that the variables could have."""
        return math.prod(int(codes.max()) + 1 for codes in variables)

    def entropy(self, variables: Sequence[np.ndarray]) -> float:
        """Return the entropy of the joint states."""
        return float(entropies_bits(self.prepared(np.column_stack(variables))))

    def informations(self, left: Sequence[np.ndarray], right: Sequence[np.ndarray]) -> np.ndarray:
        """Return the mutual informations `[A, B]`; O(A B T log T)."""
        others = np.stack(right)
        return np.stack([informations_bits(codes, others) for codes in left])


class Gaussian:
    """Exact for jointly Gaussian variables, and their linear part for others; from covariances.

    Infinite where a variable is fixed by others, not a number where it does not vary.
    """

    name = "Gaussian"

    def prepared(self, columns: np.ndarray) -> np.ndarray:
        """Return the columns `[T, d]` as they are."""
        return columns.astype(np.float64)

    def samples_needed(self, variables: Sequence[np.ndarray]) -> int:
        """Return one more than the dimensions and the mean, below which covariances have no inverse."""
        return sum(columns.shape[1] for columns in variables) + 2

    def entropy(self, variables: Sequence[np.ndarray]) -> float:
        """Return ½ log2 det 2πe Σ."""
        return _gaussian_bits(np.cov(np.concatenate(variables, axis=1), rowvar=False))

    def informations(self, left: Sequence[np.ndarray], right: Sequence[np.ndarray]) -> np.ndarray:
        """Return the mutual informations `[A, B]`; one covariance, then a determinant for each pair."""
        covariance = np.cov(np.concatenate([*left, *right], axis=1), rowvar=False)
        ends = np.cumsum([columns.shape[1] for columns in (*left, *right)])
        blocks = np.split(np.arange(ends[-1]), ends[:-1])

        def bits(places: np.ndarray) -> float:
            return _gaussian_bits(covariance[np.ix_(places, places)])

        here, there = blocks[: len(left)], blocks[len(left) :]
        alone, other = np.array([bits(one) for one in here]), np.array([bits(one) for one in there])
        joint = np.array([[bits(np.append(one, two)) for two in there] for one in here])
        return alone[:, None] + other - joint


ESTIMATORS: dict[str, Estimator] = {"discrete": Discrete(), "gaussian": Gaussian()}


def estimator_named(name: str) -> Estimator:
    """Return the estimator "discrete" or "gaussian"."""
    if name not in ESTIMATORS:
        expected = f"one of {', '.join(ESTIMATORS)}"
        raise ConfigurationError(complaint("estimator", expected=expected, got=name, valid=ESTIMATORS))
    return ESTIMATORS[name]


def columns_of(record: np.ndarray, *, name: str) -> np.ndarray:
    """Return the record of one variable as finite columns `[T, d]`, from `[T]` or `[T, d]`."""
    array = np.asarray(record)
    if array.ndim not in (1, 2) or 0 in array.shape:
        raise ConfigurationError(complaint(name, expected="shape [T] or [T, d], none of them 0", got=array.shape))
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ConfigurationError(f"{name}: expected finite numbers, got {np.count_nonzero(~np.isfinite(array))} others")
    return array.reshape(len(array), -1)


def variables_of(record: np.ndarray, *, name: str) -> list[np.ndarray]:
    """Return the columns `[T, d]` of each of N variables, from a record `[T, N]` or `[T, N, d]`."""
    array = np.asarray(record)
    if array.ndim not in (2, 3):
        raise ConfigurationError(complaint(name, expected="shape [T, N] or [T, N, d]", got=array.shape))
    return [columns_of(array[:, n], name=name) for n in range(array.shape[1])]


def _gaussian_bits(covariance: np.ndarray) -> float:
    square = np.atleast_2d(covariance)
    sign, log_determinant = np.linalg.slogdet(square)
    # Rounding can make the determinant of a covariance without an inverse negative.
    nats = float(log_determinant) if sign > 0 else -math.inf
    return 0.5 * (len(square) * math.log2(2 * math.pi * math.e) + nats / math.log(2))
