"""Two estimators of the entropy and mutual information of recorded variables, in bits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from jaxtyping import Float, Shaped

from hubbub.analysis.language.information import as_codes, entropies_bits, informations_bits
from hubbub.simulator.errors import ConfigurationError, complaint


class Estimator(Protocol):
    """An estimator of entropies in bits; `prepared` turns the columns of a variable, T samples, into its own form.

    A prepared variable is `[T, …]`: `[T]` states for `Discrete`, `[T, d]` numbers for `Gaussian`.
    """

    name: str

    def prepared(self, columns: Shaped[np.ndarray, "T d"]) -> Shaped[np.ndarray, "T ..."]:
        """Return the prepared form of a variable."""

    def samples_needed(self, variables: Sequence[Shaped[np.ndarray, "T ..."]]) -> int:
        """Return the smallest number of samples for which the joint entropy of these variables is estimated."""

    def entropy(self, variables: Sequence[Shaped[np.ndarray, "T ..."]]) -> float:
        """Return the joint entropy of these variables."""

    def informations(
        self, left: Sequence[Shaped[np.ndarray, "T ..."]], right: Sequence[Shaped[np.ndarray, "T ..."]]
    ) -> Float[np.ndarray, "A B"]:
        """Return the mutual information of each of A variables with each of B, `[A, B]`."""


class Discrete:
    """Plug-in estimator: frequencies stand for probabilities; it needs as many samples as there are joint states."""

    name = "plug-in"

    def prepared(self, columns: Shaped[np.ndarray, "T d"]) -> Shaped[np.ndarray, " T"]:
        """Return the number of the state of each sample, `[T]`: equal rows have equal numbers."""
        return as_codes(np.unique(columns, axis=0, return_inverse=True)[1].reshape(-1))

    def samples_needed(self, variables: Sequence[Shaped[np.ndarray, " T"]]) -> int:
        """Return the number of joint states that the variables could have."""
        return math.prod(int(codes.max()) + 1 for codes in variables)

    def entropy(self, variables: Sequence[Shaped[np.ndarray, " T"]]) -> float:
        """Return the entropy of the joint states, in bits; O(T log T)."""
        return float(entropies_bits(self.prepared(np.column_stack(variables))))

    def informations(
        self, left: Sequence[Shaped[np.ndarray, " T"]], right: Sequence[Shaped[np.ndarray, " T"]]
    ) -> Float[np.ndarray, "A B"]:
        """Return the mutual informations in bits, `[A, B]`; O(A B T log T)."""
        others = np.stack(right)
        return np.stack([informations_bits(codes, others) for codes in left])


class Gaussian:
    """Gaussian estimator from covariances: exact for jointly Gaussian variables, for others the linear part.

    Infinite where a variable is a linear function of others, NaN where a variable does not vary.
    """

    name = "Gaussian"

    def prepared(self, columns: Shaped[np.ndarray, "T d"]) -> Float[np.ndarray, "T d"]:
        """Return the columns `[T, d]` as float64."""
        return columns.astype(np.float64)

    def samples_needed(self, variables: Sequence[Float[np.ndarray, "T d"]]) -> int:
        """Return the number of dimensions plus 2; with fewer samples the covariance has no inverse."""
        return sum(columns.shape[1] for columns in variables) + 2

    def entropy(self, variables: Sequence[Float[np.ndarray, "T d"]]) -> float:
        """Return ½ log2 det 2πe Σ, in bits."""
        return _gaussian_bits(np.cov(np.concatenate(variables, axis=1), rowvar=False))

    def informations(
        self, left: Sequence[Float[np.ndarray, "T d"]], right: Sequence[Float[np.ndarray, "T d"]]
    ) -> Float[np.ndarray, "A B"]:
        """Return the mutual informations in bits, `[A, B]`: one covariance, and a determinant for each pair."""
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
    """Return the estimator "discrete" or "gaussian"; `ConfigurationError` for another name."""
    if name not in ESTIMATORS:
        expected = f"one of {', '.join(ESTIMATORS)}"
        raise ConfigurationError(complaint("estimator", expected=expected, got=name, valid=ESTIMATORS))
    return ESTIMATORS[name]


def columns_of(record: Shaped[np.ndarray, "T ..."], *, name: str) -> Shaped[np.ndarray, "T d"]:
    """Return the record `[T]` or `[T, d]` of one variable as columns `[T, d]`.

    Raises
    ------
    ConfigurationError
        Another number of axes, a length of 0, or floats that are not finite; the message names the record `name`.
    """
    array = np.asarray(record)
    if array.ndim not in (1, 2) or 0 in array.shape:
        raise ConfigurationError(complaint(name, expected="shape [T] or [T, d], none of them 0", got=array.shape))
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ConfigurationError(f"{name}: expected finite numbers, got {np.count_nonzero(~np.isfinite(array))} others")
    return array.reshape(len(array), -1)


def variables_of(record: Shaped[np.ndarray, "T N ..."], *, name: str) -> list[Shaped[np.ndarray, "T d"]]:
    """Return the columns `[T, d]` of each of N variables, from a record `[T, N]` or `[T, N, d]`.

    Raises
    ------
    ConfigurationError
        As in `columns_of`.
    """
    array = np.asarray(record)
    if array.ndim not in (2, 3) or 0 in array.shape:
        raise ConfigurationError(complaint(name, expected="shape [T, N] or [T, N, d]", got=array.shape))
    return [columns_of(array[:, n], name=name) for n in range(array.shape[1])]


def _gaussian_bits(covariance: np.ndarray) -> float:
    square = np.atleast_2d(covariance)
    sign, log_determinant = np.linalg.slogdet(square)
    # Rounding can make the determinant of a singular covariance negative.
    nats = float(log_determinant) if sign > 0 else -math.inf
    return 0.5 * (len(square) * math.log2(2 * math.pi * math.e) + nats / math.log(2))
