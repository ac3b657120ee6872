"""Asymmetric intelligibility: does one of two agents understand the other better than it is understood?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Shaped

from hubbub.analysis.arrays import square
from hubbub.analysis.measure import Measure, against_null, undefined
from hubbub.analysis.validation import validated
from hubbub.simulator.errors import ConfigurationError, complaint

NULL = "both directions drawn from their mean"


@dataclass(frozen=True)
class Asymmetry:
    """Mean |C[i, j] − C[j, i]| over pairs: of all agents, within dialects, and between dialects."""

    overall: Measure
    within: Measure
    between: Measure


@validated()
def intelligibility_asymmetry(
    success: Shaped[np.ndarray, "N N"],
    n_referents: int,
    *,
    labels: Shaped[np.ndarray, " N"] | None = None,
    generator: np.random.Generator | None = None,
    samples: int = 200,
) -> Asymmetry:
    """Return how far success C `[N, N]` (row speaks, column listens) differs between the two directions of a pair.

    The two directions differ by chance too. In the null both are binomial: `n_referents` draws whose probability is the
    mean of the two. Referents that share attributes are understood or missed together, so chance differences are larger
    than in this null: a small p-value is weak evidence, but a value within the null means no evidence of asymmetry.

    Parameters
    ----------
    success
        Success C, from 0 to 1.
    n_referents
        Number of referents that C was measured on.
    labels
        Dialect of each agent, of any type; without it, or without such a pair, `within` and `between` are NaN with
        the reason.
    generator
        Draws the null; `np.random.default_rng(0)` when not given.
    samples
        Size of the null, 0 for none.

    `n` counts unordered pairs. O(N² · samples).

    Raises
    ------
    ConfigurationError
        Success that is not `[N, N]` or not from 0 to 1, or fewer than one referent.
    """
    matrix = square(success, name="success")
    if n_referents < 1:
        raise ConfigurationError(complaint("n_referents", expected="at least 1", got=n_referents))
    if not ((matrix >= 0) & (matrix <= 1)).all():
        raise ConfigurationError("success: expected values from 0 to 1")
    if labels is not None and labels.shape != (len(matrix),):
        raise ConfigurationError(complaint("labels", expected=f"shape ({len(matrix)},)", got=labels.shape))
    first, second = np.triu_indices(len(matrix), 1)
    forward, backward = matrix[first, second], matrix[second, first]
    if labels is None:
        same, missing = np.zeros(len(forward), dtype=bool), "no dialects given"
    else:
        same, missing = np.asarray(labels)[first] == np.asarray(labels)[second], "no such pair"
    other = ~same & (labels is not None)
    kinds = {"of agents": np.ones(len(forward), dtype=bool), "within dialects": same, "between dialects": other}
    mean, rng = (forward + backward) / 2, generator or np.random.default_rng(0)
    null = np.empty((samples, len(kinds)))
    for row in null:
        drawn = rng.binomial(n_referents, mean, size=(2, len(mean))) / n_referents
        row[:] = [_mean_difference(drawn[0], drawn[1], chosen) for chosen in kinds.values()]
    measures = []
    for (where, chosen), values in zip(kinds.items(), null.T, strict=True):
        estimator, n = f"mean |C − Cᵀ| over pairs {where}", int(chosen.sum())
        measures.append(
            against_null(
                _mean_difference(forward, backward, chosen), values, unit="1", estimator=estimator, n=n, model=NULL
            )
            if n
            else undefined(missing if len(forward) else "no pairs", unit="1", estimator=estimator)
        )
    return Asymmetry(*measures)


def _mean_difference(
    forward: Float[np.ndarray, " pairs"], backward: Float[np.ndarray, " pairs"], chosen: Bool[np.ndarray, " pairs"]
) -> float:
    return float(np.abs(forward[chosen] - backward[chosen]).mean()) if chosen.any() else np.nan
