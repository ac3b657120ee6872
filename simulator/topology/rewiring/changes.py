"""What a rewiring did."""

from __future__ import annotations

import numpy as np

from simulator.topology.graph import Topology


def changes(old: Topology, new: Topology) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges that were added and those that were removed, each `[n, 2]` (source, target), sorted."""
    before, after = _codes(old), _codes(new)
    added, removed = np.setdiff1d(after, before), np.setdiff1d(before, after)
    return _edges(added, old.n_agents), _edges(removed, old.n_agents)


def _codes(topology: Topology) -> np.ndarray:
    return topology.sources * topology.n_agents + topology.targets


def _edges(codes: np.ndarray, n_agents: int) -> np.ndarray:
    return np.column_stack(np.divmod(codes, n_agents))
