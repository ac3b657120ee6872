"""What a rewiring did."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubbub.simulator.topology.graph import Topology


def changes(old: Topology, new: Topology) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the edges that were added and those that were removed, each `[n, 2]` (source, target), sorted."""
    before, after = _codes(old), _codes(new)
    added, removed = np.setdiff1d(after, before), np.setdiff1d(before, after)
    return _edges(added, old.n_agents), _edges(removed, old.n_agents)


def edge_events(step: int, old: Topology, new: Topology) -> list[dict[str, Any]]:
    """Return the changes as events of a run, one row each: what was removed, then what was added."""
    added, removed = changes(old, new)
    return [
        {"step": step, "kind": kind, "source": source, "target": target}
        for kind, pairs in (("edge-removed", removed), ("edge-added", added))
        for source, target in pairs.tolist()
    ]


def _codes(topology: Topology) -> NDArray[np.int64]:
    return topology.sources * topology.n_agents + topology.targets


def _edges(codes: NDArray[np.int64], n_agents: int) -> NDArray[np.int64]:
    return np.column_stack(np.divmod(codes, n_agents))
