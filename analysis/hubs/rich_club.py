"""The rich club: are hubs linked with each other?"""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Int, Real

from hubbub.analysis.hubs.graph import Graph
from hubbub.analysis.measure import Measure, undefined
from hubbub.analysis.validation import SHARE, validated
from hubbub.simulator.counting import part


@validated(fraction=SHARE)
def rich_club(edges: Int[np.ndarray, "E 2"], n_agents: int, *, fraction: float = 0.1) -> Measure:
    """Return the share of possible links that exist among the `fraction` of agents with the highest degree.

    The club also takes in all agents with the degree of its last member (Zhou & Mondragón 2004). High degrees
    alone link hubs with each other, so compare with degree-preserving nulls (Colizza et al. 2006). `n` counts the
    members. Undefined below two members. O(E log E).
    """
    return rich_club_of(Graph(edges, n_agents), fraction=fraction)


def rich_club_of(graph: Graph, *, fraction: float = 0.1) -> Measure:
    """Return `rich_club` of a graph."""
    estimator, n_agents = f"rich-club coefficient of the top {100 * fraction:g} %", graph.n_agents
    degree, last = graph.degrees, math.ceil(part(fraction, n_agents))
    member = degree >= np.sort(degree)[::-1][max(last, 1) - 1] if n_agents else np.zeros(0, dtype=bool)
    size = int(member.sum())
    if size < 2:
        reason = f"{size} agent in the club, at least 2 needed"
        return undefined(reason, unit="1", estimator=estimator, n=size)
    within = int(member[graph.links].all(axis=1).sum())
    return Measure(2 * within / (size * (size - 1)), "1", estimator, size)


@validated()
def rich_club_curve(edges: Int[np.ndarray, "E 2"], n_agents: int) -> dict[str, Real[np.ndarray, " D"]]:
    """Return the rich-club coefficient φ(k) as columns degree, agents, phi.

    φ(k) is the share of possible links that exist among agents of degree above k (Colizza et al. 2006). One row for
    every k from 0 while at least two agents have a degree above k. O(E log E).
    """
    graph = Graph(edges, n_agents)
    degree = graph.degrees
    poorer = degree[graph.links].min(axis=1)
    levels = np.arange(np.sort(degree)[-2] if n_agents > 1 else 0)
    agents = n_agents - np.bincount(degree, minlength=1).cumsum()[: len(levels)]
    within = len(poorer) - np.bincount(poorer, minlength=len(levels)).cumsum()[: len(levels)]
    return {"degree": levels, "agents": agents, "phi": 2 * within / (agents * (agents - 1))}
