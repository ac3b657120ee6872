"""Numbers that describe a graph: what a model of its value is learned from."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

HUBS = 3
"""Number of largest degrees that are described one by one."""


def graph_features(links: Int[np.ndarray, "G M 2"], n_agents: int) -> Float[np.ndarray, "G F"]:
    """Return features `[G, F]` of G graphs of N agents with links `[G, M, 2]`, which are mutual.

    They are: of the distances in hops (N where there is no path) the mean, its logarithm, the mean of the inverse, the
    shares of at most 2 and 3 hops and of pairs without a path, and the largest; of the degrees the largest three, the
    second and third moment, and the share of 1; links per agent; triangles per agent. O(G N³ diameter).
    """
    n = n_agents
    linked = np.zeros((len(links), n, n), dtype=bool)
    graphs = np.arange(len(links))[:, None]
    linked[graphs, links[..., 0], links[..., 1]] = linked[graphs, links[..., 1], links[..., 0]] = True
    hops = _hops(linked)[:, ~np.eye(n, dtype=bool)]
    degrees = np.sort(linked.sum(axis=2), axis=1)[:, ::-1].astype(float)
    hubs = np.pad(degrees, ((0, 0), (0, HUBS)))[:, :HUBS]
    floats = linked.astype(np.float32)
    mean = hops.mean(axis=1)
    return np.column_stack(
        [
            mean,
            np.log(mean),
            (1 / hops).mean(axis=1),
            (hops <= 2).mean(axis=1),
            (hops <= 3).mean(axis=1),
            (hops == n).mean(axis=1),
            hops.max(axis=1) / n,
            hubs / n,
            (degrees**2).mean(axis=1) / n,
            (degrees**3).mean(axis=1) / n**2,
            (degrees == 1).mean(axis=1),
            degrees.mean(axis=1) / 2,
            ((floats @ floats) * floats).sum(axis=(1, 2)).astype(float) / n,
        ]
    )


def _hops(linked: Bool[np.ndarray, "G N N"]) -> Float[np.ndarray, "G N N"]:
    """Return distances, N where there is no path: how many steps until a product of the links reaches a pair."""
    n = linked.shape[1]
    hops = np.full(linked.shape, float(n))
    hops[:, np.arange(n), np.arange(n)] = 0
    floats = linked.astype(np.float32)
    reached, hop = linked & (hops == n), 1
    while reached.any():
        hops[reached] = hop
        reached = (reached.astype(np.float32) @ floats > 0) & (hops == n)
        hop += 1
    return hops
