"""A graph is good when all its agents come to understand each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

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
    found: Callable[[Sequence[Topology], Sequence[RandomStreams]], Societies],
) -> np.ndarray:
    """Return the success over all ordered pairs, linked or not, after `training.steps` steps from scratch.

    All graphs start from the same agents and are dealt the same games where their pairings allow (common random
    numbers), so that differences are those of the graphs. At most `referents` referents are spoken about. Success over
    links alone would be no objective: it is near 1 on every graph, and lowest on a star.
    """
    pairs = [(topology, rng) for topology in topologies for rng in rngs]
    societies = found([topology for topology, _ in pairs], [rng for _, rng in pairs])
    societies.step(societies.training.steps)
    about = societies.game.referents
    understood = societies.success(balanced(about.of("train"), about.meanings, referents))
    others = ~np.eye(societies.n_agents, dtype=bool)
    return np.asarray(understood[:, others].mean(axis=1).reshape(len(topologies), len(rngs)))
