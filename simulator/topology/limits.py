"""How large a graph may be that a function makes."""

from __future__ import annotations

from hubbub.simulator.errors import TopologyError

MAX_AGENTS = 100_000
MAX_EDGES = 4_000_000
"""Directed edges; the complete graph of 2,000 agents has nearly so many."""


def check_agents(number: int) -> None:
    """Raise a `TopologyError` if a graph of so many agents is too large to be made."""
    _check("agents", number, MAX_AGENTS)


def check_edges(number: float) -> None:
    """Raise a `TopologyError` if a graph of so many directed edges is too large to be made."""
    _check("edges", number, MAX_EDGES)


def _check(what: str, number: float, most: int) -> None:
    if number > most:
        raise TopologyError(f"topology: expected at most {most:,} {what}, got {number:,.0f}")
