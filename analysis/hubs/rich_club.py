"""Whether the hubs are linked with each other."""

from __future__ import annotations

import math

import numpy as np

from hubbub.analysis.hubs.links import link_counts, undirected_links
from hubbub.analysis.measure import Measure, undefined


def rich_club(edges: np.ndarray, n_agents: int, *, fraction: float = 0.1) -> Measure:
    """Return which share of the possible links among the best linked `fraction` of agents exists.

    The club takes in all agents with at least the degree of its last member (Zhou & Mondragón 2004). High degrees
    alone link hubs with each other, so judge it against degree-preserving nulls (Colizza et al. 2006).
    """
    estimator = f"rich-club coefficient of the top {100 * fraction:g} %"
    degree = link_counts(edges, n_agents)
    last = math.ceil(fraction * n_agents)
    member = degree >= np.sort(degree)[::-1][max(last, 1) - 1] if n_agents else np.zeros(0, dtype=bool)
    size = int(member.sum())
    if size < 2:
        reason = f"{size} agent in the club, at least 2 needed"
        return undefined(reason, unit="1", estimator=estimator, n=size)
    within = int(member[undirected_links(edges, n_agents)].all(axis=1).sum())
    return Measure(2 * within / (size * (size - 1)), "1", estimator, size)


def rich_club_curve(edges: np.ndarray, n_agents: int) -> dict[str, np.ndarray]:
    """Return φ(k), the share of possible links among agents with more than k links, as columns degree, agents, phi.

    One row for every k from 0 while at least two agents have more than k links.
    """
    degree = link_counts(edges, n_agents)
    poorer = degree[undirected_links(edges, n_agents)].min(axis=1)
    levels = np.arange(np.sort(degree)[-2] if n_agents > 1 else 0)
    agents = (degree > levels[:, None]).sum(axis=1)
    within = (poorer > levels[:, None]).sum(axis=1)
    return {"degree": levels, "agents": agents, "phi": 2 * within / (agents * (agents - 1))}
