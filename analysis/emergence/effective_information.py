"""Effective information: what the next state tells about a present state that is set uniformly at random."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Real, Shaped

from hubbub.analysis.arrays import square
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, estimated, future_shuffled
from hubbub.analysis.language.information import as_codes
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import NOT_NEGATIVE, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@dataclass(frozen=True)
class EffectiveInformation:
    """Effective information of a transition matrix, in bits.

    Attributes
    ----------
    value
        H(mean row) − mean H(row) = determinism − degeneracy; NaN where no state has a transition out of it.
    determinism
        log2 S − mean H(row): how certain the next state is.
    degeneracy
        log2 S − H(mean row): how much different states lead to the same next states.
    n
        Number of states with a transition out of them; the means are over these.
    reason
        Why the value is NaN; "" otherwise.
    """

    value: float
    determinism: float
    degeneracy: float
    n: int
    reason: str = ""

    unit = "bits"
    estimator = "exact, from the transition matrix"

    def __float__(self) -> float:
        return self.value


@validated(transitions=NOT_NEGATIVE)
def effective_information(transitions: Real[np.ndarray, "S S"]) -> EffectiveInformation:
    """Return the effective information of a transition matrix (Hoel et al. 2013; for graphs Klein & Hoel 2020).

    It is 0 bits when all states have the same next states, and log2 S when each state has one next state of its own.

    Parameters
    ----------
    transitions
        Probabilities, counts or link weights ≥ 0 from each state (row) to each state (column), `[S, S]`. Rows are
        normalised; states without a transition out of them are left out. The adjacency matrix of a graph stands for a
        random walk on it.

    Raises
    ------
    ConfigurationError
        The matrix is not square, or holds numbers that are negative or not finite.

    Notes
    -----
    Deterministic; O(S²).
    """
    rows = transition_rows(transitions)
    n = int(rows.any(axis=1).sum())
    if not n:
        return EffectiveInformation(math.nan, math.nan, math.nan, 0, "no state has a transition out of it")
    mean_entropy, entropy_of_mean = (float(part) for part in row_entropies(rows))
    most = math.log2(len(rows))
    return EffectiveInformation(entropy_of_mean - mean_entropy, most - mean_entropy, most - entropy_of_mean, n)


@validated()
def estimated_effective_information(
    states: Shaped[np.ndarray, " T"], *, generator: np.random.Generator | None = None, shuffles: int = SHUFFLES
) -> Measure:
    """Return the effective information of the transitions counted in a record of states, in bits, with a null.

    Parameters
    ----------
    states
        States of any element type, `[T]`, T ≥ 2, in the order of time; they are compared for equality only.
    generator
        Draws the shuffles; `np.random.default_rng(0)` when not given.
    shuffles
        Number of values of the null, in which the future has a random order; 0 for no null.

    Returns
    -------
    Measure
        NaN with the reason for fewer transitions than pairs of states.

    Raises
    ------
    ConfigurationError
        Another number of axes, or fewer than two steps.

    Notes
    -----
    O(shuffles · (T log T + S²)) for S different states.
    """
    record = np.asarray(states)
    if record.ndim != 1 or len(record) < 2:
        raise ConfigurationError(complaint("states", expected="shape [T], T ≥ 2", got=record.shape))
    codes = as_codes(record).astype(np.int64)
    n_states = int(codes.max()) + 1

    def bits(after: Variables) -> np.ndarray:
        counts = np.bincount(codes[:-1] * n_states + after[0], minlength=n_states**2).reshape(n_states, n_states)
        return np.array([effective_information(counts).value])

    [measure] = estimated(
        bits,
        [codes[1:]],
        n_values=1,
        shuffle=future_shuffled,
        estimator="plug-in, from counted transitions",
        samples_needed=n_states**2,
        generator=generator,
        shuffles=shuffles,
    )
    return measure


def transition_rows(transitions: Real[np.ndarray, "S S"]) -> Float[np.ndarray, "S S"]:
    """Return a matrix of numbers ≥ 0 `[S, S]` with rows that sum to 1; a row of zeros stays.

    Raises
    ------
    ConfigurationError
        The matrix is not square, is empty, or holds numbers that are negative or not finite.
    """
    weights = square(transitions, name="transitions")
    if not (weights.size and (weights >= 0).all()):
        got = float(weights.min()) if weights.size else "no states"
        raise ConfigurationError(complaint("transitions", expected="numbers ≥ 0", got=got))
    sums = weights.sum(axis=1, keepdims=True)
    return np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)


def row_entropies(
    rows: Float[np.ndarray, "... S S"],
) -> tuple[Float[np.ndarray, " ..."], Float[np.ndarray, " ..."]]:
    """Return mean H(row) and H(mean row) in bits, `[…]` each, of matrices `[…, S, S]`; rows of zeros are left out."""
    n = np.maximum(rows.any(axis=-1).sum(axis=-1), 1)
    mean_entropy = _entropy(rows).sum(axis=-1) / n
    return mean_entropy, _entropy(rows.sum(axis=-2) / n[..., None])


def _entropy(p: np.ndarray) -> np.ndarray:
    return -(p * np.log2(p, out=np.zeros_like(p), where=p > 0)).sum(axis=-1)
