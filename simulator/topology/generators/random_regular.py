"""Every agent has the same number of partners, chosen at random."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.errors import TopologyError, complaint
from hubbub.simulator.topology.catalogue import topology
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.limits import check_edges
from hubbub.simulator.topology.options import Agents, Count


@topology("random-regular")
def random_regular(n_agents: Agents, *, degree: Count, generator: np.random.Generator) -> Topology:
    """Return a random graph in which every agent is linked to exactly `degree` others.

    References
    ----------
    Kim & Vu (2003), Generating random regular graphs.
    """
    if degree >= n_agents:
        raise TopologyError(complaint("degree", expected=f"less than n_agents ({n_agents})", got=degree))
    if degree * n_agents % 2:
        raise TopologyError(complaint("degree", expected="an even product of degree and n_agents", got=degree))
    check_edges(n_agents * degree)
    if 2 * degree >= n_agents:  # a dense graph is hardly ever found, but the sparse one of the links that it lacks is
        absent = _regular(n_agents, n_agents - 1 - degree, generator)
        present = np.ones((n_agents, n_agents), dtype=bool)
        present[absent[:, 0], absent[:, 1]] = False
        return Topology.from_pairs(n_agents, np.argwhere(np.triu(present, 1)))
    return Topology.from_pairs(n_agents, _regular(n_agents, degree, generator))


def _regular(n_agents: int, degree: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Return the pairs `[P, 2]`, smaller number first; the search begins anew where the last ends do not fit."""
    while True:
        codes = np.empty(0, dtype=np.int64)
        ends = np.repeat(np.arange(n_agents), degree)
        while len(ends) and _can_be_linked(np.flatnonzero(np.bincount(ends)), codes, n_agents, degree):
            generator.shuffle(ends)
            pairs = np.sort(ends.reshape(-1, 2), axis=1)
            drawn = pairs[:, 0] * n_agents + pairs[:, 1]
            kept = (pairs[:, 0] < pairs[:, 1]) & ~_among(drawn, codes)
            order = np.argsort(drawn, kind="stable")
            kept[order[1:]] &= drawn[order[1:]] != drawn[order[:-1]]  # of equal pairs the first is kept
            codes = np.sort(np.concatenate([codes, drawn[kept]]))
            ends = pairs[~kept].ravel()
        if not len(ends):
            return np.column_stack(np.divmod(codes, n_agents))


def _can_be_linked(agents: NDArray[np.int64], codes: NDArray[np.int64], n_agents: int, degree: int) -> bool:
    """Return whether two of the agents, sorted, are not linked yet by one of the sorted codes."""
    if len(agents) > degree:  # more than an agent can be linked with
        return True
    one, other = agents[np.stack(np.triu_indices(len(agents), 1))]
    return not _among(one * n_agents + other, codes).all()


def _among(values: NDArray[np.int64], ordered: NDArray[np.int64]) -> NDArray[np.bool_]:
    at = np.searchsorted(ordered, values)
    return (at < len(ordered)) & (ordered[np.minimum(at, len(ordered) - 1)] == values) if len(ordered) else values < 0
