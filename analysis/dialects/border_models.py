"""The models of `border_or_continuum`, fitted to sums over pairs, so that leaving out each agent in turn is fast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from hubbub.analysis.grid import codes_of, distinct_values

DECAYS = 40


@dataclass(frozen=True)
class Cells:
    """The pairs of N agents in K cells: each a distance combined with "same dialect" or "different dialects".

    Attributes
    ----------
    distance, same
        Distance of each cell, and 1 for the same dialect, 0 for different ones.
    pairs, sums, squares
        Number of pairs of each agent in each cell, sum and sum of squares of their values.
    """

    distance: Float[np.ndarray, " K"]
    same: Float[np.ndarray, " K"]
    pairs: Float[np.ndarray, "N K"]
    sums: Float[np.ndarray, "N K"]
    squares: Float[np.ndarray, "N K"]


def count_cells(
    values: Float[np.ndarray, "N N"],
    hops: Float[np.ndarray, "N N"],
    same: Bool[np.ndarray, "N N"],
    used: Bool[np.ndarray, "N N"],
) -> Cells:
    """Return the cells of the `used` pairs, from their values, their distances and whether dialects are the same."""
    distances, number = distinct_values(hops[used]), codes_of(hops[used])
    n_agents, n_cells, cell, found = len(values), 2 * len(distances), 2 * number + same[used], values[used]

    def by_agent(weights: Float[np.ndarray, " pairs"]) -> Float[np.ndarray, "N K"]:
        ends = [np.bincount(end * n_cells + cell, weights, n_agents * n_cells) for end in np.nonzero(used)]
        return (ends[0] + ends[1]).reshape(n_agents, n_cells)

    parts = (by_agent(weights) for weights in (np.ones(len(found)), found, found**2))
    return Cells(np.repeat(distances, 2), np.tile([0.0, 1.0], len(distances)), *parts)


def decay_lengths(distance: Float[np.ndarray, " K"]) -> Float[np.ndarray, " J"]:
    """Return the decay lengths that are tried, in the unit of the distances."""
    return np.geomspace(distance[distance > 0].min() / 3, 3 * distance.max(), DECAYS)


def designs(distance: Float[np.ndarray, " K"], same: Float[np.ndarray, " K"]) -> dict[str, Float[np.ndarray, "J K p"]]:
    """Return for each model its p regressors in each cell, for each of J decay lengths (one for the border model)."""
    decay = np.exp(-(distance - distance.min()) / decay_lengths(distance)[:, None])
    one, within = np.ones_like(decay), np.broadcast_to(same, decay.shape)
    return {
        "continuum": np.stack([one, decay], axis=-1),
        "border": np.stack([one, within], axis=-1)[:1],
        "both": np.stack([one, decay, within], axis=-1),
    }


def fitted_decay(
    values: Float[np.ndarray, "N N"], hops: Float[np.ndarray, "N N"], used: Bool[np.ndarray, "N N"]
) -> tuple[float, float]:
    """Return the decay length in hops and the floor of the continuum fitted to all `used` pairs."""
    cells = count_cells(values, hops, np.zeros_like(used), used)
    design = designs(cells.distance, cells.same)["continuum"]
    best, weights = _fit(cells.pairs.sum(axis=0)[None], cells.sums.sum(axis=0)[None], design)
    return float(decay_lengths(cells.distance)[best[0]]), float(weights[0, 0])


def prediction_errors(cells: Cells, design: Float[np.ndarray, "J K p"]) -> Float[np.ndarray, " N"]:
    """Return for each agent the squared error over its pairs of the model fitted to the pairs of the others."""
    pairs, sums = (part.sum(axis=0) / 2 - part for part in (cells.pairs, cells.sums))
    best, weights = _fit(pairs, sums, design)
    predicted = np.einsum("nkp,np->nk", design[best], weights)
    return (cells.squares - 2 * predicted * cells.sums + predicted**2 * cells.pairs).sum(axis=1)


def _fit(
    pairs: Float[np.ndarray, "n K"], sums: Float[np.ndarray, "n K"], design: Float[np.ndarray, "J K p"]
) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, "n p"]]:
    """Return the index of the best decay length and the weights of the regressors there, for n fits to K cells."""
    products = design[..., :, None] * design[..., None, :]
    gram, moment = (np.tensordot(of, terms, axes=(1, 1)) for of, terms in ((pairs, products), (sums, design)))
    weights = np.einsum("njpq,njq->njp", np.linalg.pinv(gram, hermitian=True), moment)
    best = np.einsum("njp,njp->nj", weights, moment).argmax(axis=1)  # the largest explained sum of squares
    return best, weights[np.arange(len(best)), best]
