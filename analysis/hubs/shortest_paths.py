"""The search for shortest paths from all agents of a graph, or from a random sample of them where it is large."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Real

COMPILED_ABOVE = 200
"""Up to this number of agents numpy and networkx need less time than numba needs to be loaded."""
EXACT_UP_TO = 10_000
"""Largest number of agents from all of which paths are computed."""
SAMPLED = 500
"""From how many random agents paths are computed in a larger graph."""
BATCHES = 20


@dataclass(frozen=True)
class ShortestPaths:
    """What is needed of the shortest paths from S of N agents to all others.

    Attributes
    ----------
    n_agents
        Number of agents N.
    total, inverse, reached
        Sums over the agents that a path from a source leads to, of distances, of inverse distances, of ones, `[S]`.
    flow
        For each agent, the sum over the sources of one of B batches of the shares of shortest paths that lead through
        it (dependencies, Brandes 2001), `[B, N]`; no rows where it was not asked for.
    """

    n_agents: int
    total: Int[np.ndarray, " S"]
    inverse: Float[np.ndarray, " S"]
    reached: Int[np.ndarray, " S"]
    flow: Float[np.ndarray, "B N"]

    @property
    def is_sampled(self) -> bool:
        """Whether the sources are a sample of the agents."""
        return len(self.total) < self.n_agents

    @property
    def source_note(self) -> str:
        """From which agents, for the name of an estimator."""
        return f" from {len(self.total)} random agents" if self.is_sampled else ""

    def mean(self, sums: Real[np.ndarray, " S"]) -> tuple[float, tuple[float, float] | None]:
        """Return the mean over ordered pairs of what `sums` holds for each source, with its 95 % interval if sampled.

        Sources are drawn without replacement; their means over the other agents vary.
        """
        means = sums / (self.n_agents - 1)
        value = float(sums.sum() / (len(sums) * (self.n_agents - 1)))
        if not self.is_sampled:
            return value, None
        half = t_95(len(means)) * float(means.std(ddof=1)) * math.sqrt(self._left_out / len(means))
        return value, (value - half, value + half)

    def betweenness(self) -> Float[np.ndarray, " N"]:
        """Return the share of ordered pairs of others whose shortest paths lead through each agent."""
        return self.flow.sum(axis=0) * self._scale

    def betweenness_error(self) -> Float[np.ndarray, " N"]:
        """Return the standard error of each, from the differences between batches of sources; 0 if not sampled."""
        return self.error_of(self.flow.T) * self._scale

    def error_of(self, batch_sums: Float[np.ndarray, "*n B"]) -> Float[np.ndarray, "*n"]:
        """Return the standard error of sums over sources from their parts in each batch."""
        n_batches = batch_sums.shape[-1]
        if not self.is_sampled:
            return np.zeros(batch_sums.shape[:-1])
        return np.asarray(batch_sums.std(axis=-1, ddof=1) * math.sqrt(n_batches * self._left_out))

    @property
    def _scale(self) -> float:
        pairs = (self.n_agents - 1) * (self.n_agents - 2)
        return self.n_agents / len(self.total) / pairs if pairs > 0 else 0.0

    @property
    def _left_out(self) -> float:
        return 1 - len(self.total) / self.n_agents


def t_95(n: int) -> float:
    """Return how many standard errors of a mean of n values a 95 % interval extends to each side (Student's t)."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, 0.975))


def search(
    linked: Any,
    *,
    directed: bool = False,
    exact_up_to: int = EXACT_UP_TO,
    flow: bool = True,
    generator: np.random.Generator | None = None,
) -> ShortestPaths:
    """Return what `shortest_paths` returns, of a graph that is a sparse matrix `[N, N]` of 0 and 1 with sorted rows.

    Unless it is `directed`, the matrix is symmetric.
    """
    n_agents = linked.shape[0]
    if n_agents <= COMPILED_ABOVE:
        return _by_matrices(linked, linked.T.tocsr() if directed else linked, flow=flow)
    from hubbub.analysis.hubs.loops import search_from

    sources, n_batches = np.arange(n_agents), 1
    if n_agents > max(exact_up_to, SAMPLED):
        sources = (generator or np.random.default_rng(0)).choice(n_agents, size=SAMPLED, replace=False)
        n_batches = BATCHES
    n_sources = len(sources)
    found = ShortestPaths(
        n_agents,
        np.empty(n_sources, dtype=np.int64),
        np.empty(n_sources),
        np.empty(n_sources, dtype=np.int64),
        np.zeros((n_batches if flow else 0, n_agents)),
    )
    first, others, batch_of = linked.indptr.astype(np.int64), linked.indices.astype(np.uint32), np.arange(n_sources)
    search_from(first, others, sources, batch_of % n_batches, found.total, found.inverse, found.reached, found.flow)
    return found


def _by_matrices(linked: Any, hearing: Any, *, flow: bool) -> ShortestPaths:
    """Return the shortest paths from all agents at once, with matrices `[N, N]` whose columns are sources.

    `hearing` is the transposed of `linked`.
    """
    n_agents = linked.shape[0]
    far = np.full((n_agents, n_agents), np.inf)
    np.fill_diagonal(far, 0)
    counts = np.eye(n_agents)
    front, level = counts, 0
    while front.any():
        level += 1
        front = np.where(np.isinf(far), hearing @ front, 0)
        far[front > 0] = level
        counts = counts + front
    passing = np.zeros_like(far)
    for at in range(level - 1, 1, -1) if flow else ():
        back = linked @ np.where(far == at, (1 + passing) / np.where(counts, counts, 1), 0)
        passing += np.where(far == at - 1, counts * back, 0)
    there = np.isfinite(far) & (far > 0)
    return ShortestPaths(
        n_agents,
        np.where(there, far, 0).sum(axis=0).astype(np.int64),
        np.divide(1, far, out=np.zeros_like(far), where=there).sum(axis=0),
        there.sum(axis=0),
        passing.sum(axis=1)[None][: int(flow)],
    )
