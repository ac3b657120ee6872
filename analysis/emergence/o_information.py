"""How much the variables of a system share, and whether copies or combinations prevail."""

from __future__ import annotations

import numpy as np

from hubbub.analysis.emergence.estimators import estimator_named, variables_of
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, each_shuffled, estimated
from hubbub.analysis.measure import Measure
from hubbub.simulator.errors import ConfigurationError, complaint


def total_correlation(
    record: np.ndarray,
    *,
    estimator: str = "discrete",
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Measure:
    """Return TC = Σ_i H(X_i) − H(X), in bits (Watanabe 1960): 0 for independent variables.

    Parameters
    ----------
    record
        `[T, N]` or `[T, N, d]`: T samples of N variables.
    estimator
        "discrete": shares of samples, any values, compared for equality. "gaussian": from covariances.
    generator
        Draws the shuffles; `np.random.default_rng(0)` when not given.
    shuffles
        Size of the null, in which every variable has a random order of its own; 0 for none.

    NaN with the reason where the samples are too few: fewer than joint states of all variables (discrete) or
    dimensions (Gaussian), or TC or DTC above log2 of their number. O(shuffles · N² T log T).
    """
    return _of((1, 0), record, estimator=estimator, generator=generator, shuffles=shuffles)


def dual_total_correlation(
    record: np.ndarray,
    *,
    estimator: str = "discrete",
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Measure:
    """Return DTC = H(X) − Σ_i H(X_i | the others), in bits (Han 1978): what is shared by two variables or more.

    Parameters and refusals as in `total_correlation`.
    """
    return _of((0, 1), record, estimator=estimator, generator=generator, shuffles=shuffles)


def o_information(
    record: np.ndarray,
    *,
    estimator: str = "discrete",
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Measure:
    """Return Ω = TC − DTC, in bits: above 0 where redundancy prevails, below 0 where synergy does (Rosas et al. 2019).

    Three copies of a coin have +1, a coin that is the XOR of two others −1. Parameters and refusals as in
    `total_correlation`.
    """
    return _of((1, -1), record, estimator=estimator, generator=generator, shuffles=shuffles)


def _of(
    shares: tuple[int, int],
    record: np.ndarray,
    *,
    estimator: str,
    generator: np.random.Generator | None,
    shuffles: int,
) -> Measure:
    """Return so much of the total correlation, and so much of the dual one."""
    chosen = estimator_named(estimator)
    variables = [chosen.prepared(columns) for columns in variables_of(record, name="record")]
    if len(variables) < 2:
        raise ConfigurationError(complaint("record", expected="two variables or more", got=len(variables)))

    def sum_and_both(variables: Variables) -> np.ndarray:
        joint = chosen.entropy(variables)
        alone = sum(chosen.entropy([variable]) for variable in variables)
        given_others = sum(joint - chosen.entropy([*variables[:i], *variables[i + 1 :]]) for i in range(len(variables)))
        total, dual = alone - joint, joint - given_others
        return np.array([shares[0] * total + shares[1] * dual, total, dual])

    [measure] = estimated(
        sum_and_both,
        variables,
        n_values=1,
        shuffle=each_shuffled,
        estimator=chosen.name,
        samples_needed=chosen.samples_needed(variables),
        generator=generator,
        shuffles=shuffles,
    )
    return measure
