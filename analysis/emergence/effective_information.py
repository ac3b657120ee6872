"""Effective information: how much the state after a step tells of a state that was set at random."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hubbub.analysis.arrays import square
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, estimated, future_shuffled
from hubbub.analysis.language.information import as_codes
from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError, complaint


@dataclass(frozen=True)
class EffectiveInformation:
    """Effective information of a transition matrix, in bits.

    Attributes
    ----------
    value
        H(mean row) − mean H(row) = determinism − degeneracy; NaN where no state has a way out, as `reason` says.
    determinism
        log2 n − mean H(row): how certain the next state is.
    degeneracy
        log2 n − H(mean row): how far states lead to the same next ones.
    n
        Number of states with a way out, which the means are over.
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


def effective_information(transitions: np.ndarray) -> EffectiveInformation:
    """Return the effective information of transitions `[S, S]` (Hoel et al. 2013; of graphs, Klein & Hoel 2020).

    Parameters
    ----------
    transitions
        Probabilities, counts or link weights ≥ 0 from each state (row) to each other; rows are normalised, and states
        without a way out left out. The adjacency matrix of a graph stands for a random walk on it.

    0 when all states lead to the same ones, log2 n when each leads to one of its own. O(S²).
    """
    rows = transition_rows(transitions)
    n = int(rows.any(axis=1).sum())
    if not n:
        return EffectiveInformation(math.nan, math.nan, math.nan, 0, "no state has a way out")
    noise, spread = (float(part) for part in noise_and_spread(rows))
    most = math.log2(len(rows))
    return EffectiveInformation(spread - noise, most - noise, most - spread, n)


def estimated_effective_information(
    states: np.ndarray, *, generator: np.random.Generator | None = None, shuffles: int = SHUFFLES
) -> Measure:
    """Return the effective information of the transitions counted in a record of states `[T]`, beside shuffled time.

    States are compared for equality only. NaN with the reason for fewer transitions than pairs of states.
    O(shuffles · (T log T + S²)).
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
        estimator="transitions counted",
        samples_needed=n_states**2,
        generator=generator,
        shuffles=shuffles,
    )
    return measure


def transition_rows(transitions: np.ndarray) -> np.ndarray:
    """Return transitions `[S, S]` ≥ 0 with rows that sum to 1, or to 0 where no way leads out."""
    weights = square(transitions, name="transitions")
    if not (weights.size and (weights >= 0).all()):
        got = float(weights.min()) if weights.size else "no states"
        raise ConfigurationError(complaint("transitions", expected="numbers ≥ 0", got=got))
    sums = weights.sum(axis=1, keepdims=True)
    return np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0)


def noise_and_spread(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean H(row) and H(mean row) `[…]`, in bits, of rows `[…, S, S]`; over rows that sum to 1."""
    n = np.maximum(rows.any(axis=-1).sum(axis=-1), 1)
    noise = _entropy(rows).sum(axis=-1) / n
    return noise, _entropy(rows.sum(axis=-2) / n[..., None])


def _entropy(p: np.ndarray) -> np.ndarray:
    return -(p * np.log2(p, out=np.zeros_like(p), where=p > 0)).sum(axis=-1)
