"""The criteria Ψ, Δ and Γ of causal emergence: whether a macroscopic feature predicts more than the parts do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Shaped

from hubbub.analysis.emergence.estimators import columns_of, estimator_named, variables_of
from hubbub.analysis.emergence.shuffled import SHUFFLES, Variables, estimated, future_shuffled
from hubbub.analysis.measure import Measure
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint


@dataclass(frozen=True)
class PsiDeltaGamma:
    """Three sufficient criteria of causal emergence, in bits; none of them is necessary.

    Attributes
    ----------
    psi
        Ψ > 0: V is causally emergent. It predicts its own future better than the single parts do.
    delta
        Δ > 0: downward causation. V predicts the future of a part better than the single parts do.
    gamma
        Γ = 0 with Ψ > 0: causal decoupling. V has no information about the future of any part.
    """

    psi: Measure
    delta: Measure
    gamma: Measure


@validated()
def psi_delta_gamma(
    macro: Shaped[np.ndarray, "T ..."],
    parts: Shaped[np.ndarray, "T N ..."],
    *,
    estimator: str = "discrete",
    lag: int = 1,
    generator: np.random.Generator | None = None,
    shuffles: int = SHUFFLES,
) -> PsiDeltaGamma:
    """Return Ψ, Δ and Γ of a feature V of a system of parts X (Rosas, Mediano et al. 2020, equations 10–12).

    Ψ = I(V_t; V_t') − Σ_j I(X^j_t; V_t'), Δ = max_j [I(V_t; X^j_t') − Σ_i I(X^i_t; X^j_t')], Γ = max_j I(V_t; X^j_t'),
    with t' = t + lag. Information that several parts share is subtracted once for each of them, so Ψ and Δ are lower
    bounds. Every part adds its bias to Ψ and Δ, so with many parts look at the difference from the mean of the null.

    Parameters
    ----------
    macro
        V, `[T]` or `[T, d]`; it has to be a function of the parts at the same time.
    parts
        X, `[T, N]` or `[T, N, d]` for N parts.
    estimator
        "discrete": plug-in estimate; values of any element type, compared for equality. "gaussian": from covariances.
    lag
        Steps from past to future.
    generator
        Draws the shuffles; `np.random.default_rng(0)` when not given.
    shuffles
        Number of values of the null, in which the future has a random order; 0 for no null.

    Returns
    -------
    PsiDeltaGamma
        NaN with the reason where there are too few samples: fewer than the joint states of a pair of variables
        (discrete) or their dimensions plus 2 (Gaussian), or a value above log2 of the number of samples.

    Raises
    ------
    ConfigurationError
        Shapes that do not fit, an unknown estimator, a lag that is not 1 … T − 1, or floats that are not finite.

    Notes
    -----
    O(shuffles · N² T log T).
    """
    chosen = estimator_named(estimator)
    columns = [columns_of(macro, name="macro"), *variables_of(parts, name="parts")]
    if len(columns[1]) != len(columns[0]):
        raise ConfigurationError(complaint("parts", expected=f"{len(columns[0])} steps, as macro", got=len(columns[1])))
    past, future = past_and_future([chosen.prepared(variable) for variable in columns], lag=lag)

    def criteria(future: Variables) -> np.ndarray:
        bits = chosen.informations(past, future)
        of_parts = bits[1:].sum(axis=0)
        delta = (bits[0, 1:] - of_parts[1:]).max()
        return np.array([bits[0, 0] - of_parts[0], delta, bits[0, 1:].max(), bits.max()])

    return PsiDeltaGamma(
        *estimated(
            criteria,
            future,
            n_values=3,
            shuffle=future_shuffled,
            estimator=f"{chosen.name}, lag {lag}",
            samples_needed=max(chosen.samples_needed([one, other]) for one in past for other in future),
            generator=generator,
            shuffles=shuffles,
        )
    )


def past_and_future(variables: Variables, *, lag: int) -> tuple[Variables, Variables]:
    """Return the variables `[T, …]` without their last `lag` steps, and without their first `lag` steps.

    Raises
    ------
    ConfigurationError
        The lag is not 1 … T − 1.
    """
    n = len(variables[0])
    if not 0 < lag < n:
        raise ConfigurationError(complaint("lag", expected=f"1 … {n - 1} for {n} steps", got=lag))
    return [variable[:-lag] for variable in variables], [variable[lag:] for variable in variables]
