"""A graph is good when all its agents come to understand each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float

from hubbub.simulator.games.referents.sets import balanced
from hubbub.simulator.population import Societies
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.search.objectives.catalogue import objective
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.options import Count


@objective("success")
def success(
    *,
    referents: Count = 64,
    topologies: Sequence[Topology],
    rngs: Sequence[RandomStreams],
    make_societies: Callable[[Sequence[Topology], Sequence[RandomStreams]], Societies],
) -> Float[np.ndarray, "T S"]:
    """Return the success over all ordered pairs, linked or not, after `training.steps` steps from scratch.

    All graphs start from the same agents and play the same games where their pairings allow (common random numbers), so
    that differences between values are those of the graphs. Cross-play uses at most `referents` referents. Success over
    links alone would not do as an objective: it is near 1 on every graph, and lowest on a star.
    """
    pairs = [(topology, rng) for topology in topologies for rng in rngs]
    societies = make_societies([topology for topology, _ in pairs], [rng for _, rng in pairs])
    societies.step(societies.training.steps)
    objects = societies.game.referents
    understood = societies.success(balanced(objects.of("train"), objects.meanings, referents))
    others = ~np.eye(societies.n_agents, dtype=bool)
    return np.asarray(understood[:, others].mean(axis=1).reshape(len(topologies), len(rngs)))
