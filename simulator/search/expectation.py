"""What a graph is worth, given noisy tries and what was expected of it before."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int


def expected(
    totals: Float[np.ndarray, " G"],
    squares: Float[np.ndarray, " G"],
    tries: Int[np.ndarray, " G"],
    prior: Float[np.ndarray, " G"] | None = None,
) -> Float[np.ndarray, " G"]:
    """Return the expected values `[G]` of G graphs from sums and sums of squares of their values over their `tries`.

    The noise is the variance between tries of one graph; the rest of the variance of the means around the `prior` is
    that of the true values. A mean is shrunk towards the prior by the factor true / (true + noise / tries): empirical
    Bayes (Robbins 1956; with a prior by regression, Fay & Herriot 1979). Without a prior, it is the mean of all graphs.
    With one, the true variance is at least its standard error, for a few graphs cannot show that a model is exact, and
    otherwise a parent with many good tries would give way to what a model says of a child.
    """
    means = totals / tries
    degrees = (tries - 1).sum()
    noise = max(float((squares - totals * means).sum()), 0.0) / degrees if degrees else 0.0
    by_noise = noise * float((1 / tries).mean())
    if prior is None:
        prior, true = np.full_like(means, means.mean()), max(float(means.var()) - by_noise, 0.0)
    else:
        true = max(float(((means - prior) ** 2).mean()) - by_noise, by_noise * np.sqrt(2 / len(means)))
    factor = np.divide(true, true + noise / tries, out=np.ones_like(means), where=noise > 0)
    return prior + factor * (means - prior)
