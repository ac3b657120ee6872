"""Information shared by many variables, and whether redundancy or synergy dominates."""

from __future__ import annotations

import numpy as np
from jaxtyping import Shaped

from hubbub.analysis.emergence.estimators import estimator_named, variables_of
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, each_shuffled, estimated
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import UNCHECKED, validated
from hubbub.simulator.errors import ConfigurationError, complaint


@validated(record=UNCHECKED)
def total_correlation(
    record: Shaped[np.ndarray, "T N ..."],
    *,
    estimator: str = "discrete",
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Measure:
    """Return the total correlation TC = Σ_i H(X_i) − H(X), in bits (Watanabe 1960): 0 for independent variables.

    Parameters
    ----------
    record
        T samples of N variables, `[T, N]` or `[T, N, d]`.
    estimator
        "discrete": plug-in estimate; values of any element type, compared for equality. "gaussian": from covariances.
    generator
        Draws the shuffles; `np.random.default_rng(0)` when not given.
    shuffles
        Number of values of the null, in which every variable has its own random order; 0 for no null.

    Returns
    -------
    Measure
        NaN with the reason where there are too few samples: fewer than the joint states of all variables (discrete) or
        their dimensions plus 2 (Gaussian), or TC or DTC above log2 of the number of samples.

    Raises
    ------
    ConfigurationError
        Fewer than two variables, another number of axes, an unknown estimator, or floats that are not finite.

    Notes
    -----
    O(shuffles · N² T log T).
    """
    return _of((1, 0), record, estimator=estimator, generator=generator, shuffles=shuffles)


@validated(record=UNCHECKED)
def dual_total_correlation(
    record: Shaped[np.ndarray, "T N ..."],
    *,
    estimator: str = "discrete",
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Measure:
    """Return the dual total correlation DTC = H(X) − Σ_i H(X_i | the others), in bits (Han 1978).

    It is the information that two or more variables share. Parameters, NaN and errors as in `total_correlation`.
    """
    return _of((0, 1), record, estimator=estimator, generator=generator, shuffles=shuffles)


@validated(record=UNCHECKED)
def o_information(
    record: Shaped[np.ndarray, "T N ..."],
    *,
    estimator: str = "discrete",
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> Measure:
    """Return the O-information Ω = TC − DTC, in bits (Rosas, Mediano, Gastpar & Jensen 2019).

    It is positive where redundancy dominates and negative where synergy dominates: +1 for three copies of a fair coin,
    −1 for two independent coins and their XOR. Parameters, NaN and errors as in `total_correlation`.
    """
    return _of((1, -1), record, estimator=estimator, generator=generator, shuffles=shuffles)


def _of(
    factors: tuple[int, int],
    record: Shaped[np.ndarray, "T N ..."],
    *,
    estimator: str,
    generator: np.random.Generator | None,
    shuffles: int,
) -> Measure:
    """Return `factors[0]` · TC + `factors[1]` · DTC."""
    chosen = estimator_named(estimator)
    variables = [chosen.prepared(columns) for columns in variables_of(record, name="record")]
    if len(variables) < 2:
        raise ConfigurationError(complaint("record", expected="two variables or more", got=len(variables)))

    def sum_and_both(variables: Variables) -> np.ndarray:
        joint = chosen.entropy(variables)
        alone = sum(chosen.entropy([variable]) for variable in variables)
        given_others = sum(joint - chosen.entropy([*variables[:i], *variables[i + 1 :]]) for i in range(len(variables)))
        total, dual = alone - joint, joint - given_others
        return np.array([factors[0] * total + factors[1] * dual, total, dual])

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
