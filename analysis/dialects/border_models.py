"""The two models of `border_or_continuum`, fitted to counts of pairs: fast enough to leave out every agent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DECAYS = 40


@dataclass(frozen=True)
class Cells:
    """Pairs by agent and cell: the K combinations of a distance with the same dialect or another.

    Attributes
    ----------
    distance, same
        Of each cell `[K]`.
    pairs, sums, squares
        Number of pairs that each agent is in, sum and sum of squares of their values, `[N, K]`.
    """

    distance: np.ndarray
    same: np.ndarray
    pairs: np.ndarray
    sums: np.ndarray
    squares: np.ndarray


def counted(values: np.ndarray, far: np.ndarray, same: np.ndarray, used: np.ndarray) -> Cells:
    """Return the cells of the used pairs of `values`, with distances `far` and `same` dialects, all `[N, N]`."""
    distances, number = np.unique(far[used], return_inverse=True)
    n_agents, n_cells, cell, found = len(values), 2 * len(distances), 2 * number + same[used], values[used]

    def by_agent(weights: np.ndarray) -> np.ndarray:
        ends = [np.bincount(end * n_cells + cell, weights, n_agents * n_cells) for end in np.nonzero(used)]
        return (ends[0] + ends[1]).reshape(n_agents, n_cells)

    parts = (by_agent(weights) for weights in (np.ones(len(found)), found, found**2))
    return Cells(np.repeat(distances, 2), np.tile([0.0, 1.0], len(distances)), *parts)


def decay_lengths(distance: np.ndarray) -> np.ndarray:
    """Return the decay lengths that are tried, in hops, `[J]`."""
    return np.geomspace(1 / 3, 3 * distance.max(), DECAYS)


def designs(distance: np.ndarray, same: np.ndarray) -> dict[str, np.ndarray]:
    """Return for each model its regressors `[J, K, p]` in each cell, for each of J decay lengths (one for a border)."""
    decay = np.exp(-(distance - distance.min()) / decay_lengths(distance)[:, None])
    one, within = np.ones_like(decay), np.broadcast_to(same, decay.shape)
    return {
        "continuum": np.stack([one, decay], axis=-1),
        "border": np.stack([one, within], axis=-1)[:1],
        "both": np.stack([one, decay, within], axis=-1),
    }


def fitted_decay(values: np.ndarray, far: np.ndarray, used: np.ndarray) -> tuple[float, float]:
    """Return the decay length and the floor of the continuum fitted to all pairs."""
    cells = counted(values, far, np.zeros_like(used), used)
    design = designs(cells.distance, cells.same)["continuum"]
    best, weights = _fit(cells.pairs.sum(axis=0)[None], cells.sums.sum(axis=0)[None], design)
    return float(decay_lengths(cells.distance)[best[0]]), float(weights[0, 0])


def prediction_errors(cells: Cells, design: np.ndarray) -> np.ndarray:
    """Return for each agent `[N]` the squared error over its pairs of the model fitted to the pairs of the others."""
    pairs, sums = (part.sum(axis=0) / 2 - part for part in (cells.pairs, cells.sums))
    best, weights = _fit(pairs, sums, design)
    predicted = np.einsum("nkp,np->nk", design[best], weights)
    return (cells.squares - 2 * predicted * cells.sums + predicted**2 * cells.pairs).sum(axis=1)


def _fit(pairs: np.ndarray, sums: np.ndarray, design: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best decay length `[n]`, by number, and the weights `[n, p]` there of n fits to `[n, K]` cells."""
    gram = np.einsum("nk,jkp,jkq->njpq", pairs, design, design, optimize=True)
    moment = np.einsum("nk,jkp->njp", sums, design)
    weights = np.einsum("njpq,njq->njp", np.linalg.pinv(gram, hermitian=True), moment)
    best = np.einsum("njp,njp->nj", weights, moment).argmax(axis=1)  # the most explained
    return best, weights[np.arange(len(best)), best]
