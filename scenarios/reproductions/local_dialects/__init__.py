"""Kim & Oh 2021, second claim: with local links only, distinct dialects appear. Where do borders run?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.design import Changes, Design
from hubbub.scenarios.reproductions.local_dialects.claims import LOCAL, RANDOM, claims
from hubbub.scenarios.reproductions.local_dialects.figures import figures
from hubbub.scenarios.reproductions.local_dialects.measures import measure

FIRST_SEED = 400
"""Mechanisms were looked for on seeds below; graphs are judged on seeds from here on."""
KARATE, WOMEN = "karate club", "southern women"


def ring(n_agents: int, neighbours: int, rewired: float) -> Changes:
    """Return the overrides for a ring lattice whose links are rewired with a probability."""
    return {
        "topology.n_agents": n_agents,
        "topology.neighbours": neighbours,
        "topology.rewiring_probability": rewired,
    }


def graph(kind: str, **options: Any) -> Changes:
    """Return the overrides for another kind of graph."""
    return {"topology.kind": kind, **{f"topology.{name}": value for name, value in options.items()}}


def caves(number: int, size: int, bridges: Sequence[int]) -> dict[str, Changes]:
    """Return caves with so many bridges."""
    return {
        f"{number} caves of {size}, {count} bridges": graph("caveman", caves=number, cave_size=size, bridges=count)
        for count in bridges
    }


REAL = {KARATE: graph("karate", weighted=False), WOMEN: graph("southern-women")}
SMALL = {
    "ring, 1 a side": ring(24, 1, 0.0),
    LOCAL: ring(24, 2, 0.0),
    "torus, 4 neighbours": graph("torus", width=5, height=5),
    "small world, 0.1 rewired": ring(24, 2, 0.1),
    RANDOM: ring(24, 2, 1.0),
    "two cliques, one bridge": graph("caveman", caves=2, cave_size=12, bridges=1),
    **caves(4, 6, (4, 8, 16, 32)),
    "block model": graph("stochastic-block", sizes=[8, 8, 8], within=0.6, between=0.04),
    "chain of pools": graph("chain-of-pools", pools=4, pool_size=6, within=1.0, between=0.1),
    **REAL,
}
FULL = {
    "ring, 1 a side": ring(100, 1, 0.0),
    LOCAL: ring(100, 2, 0.0),
    "torus, 4 neighbours": graph("torus", width=10, height=10),
    "small world, 0.01 rewired": ring(100, 2, 0.01),
    "small world, 0.1 rewired": ring(100, 2, 0.1),
    RANDOM: ring(100, 2, 1.0),
    "two cliques, one bridge": graph("caveman", caves=2, cave_size=24, bridges=1),
    **caves(10, 10, (10, 20, 40, 80, 160, 320)),
    "block model": graph("stochastic-block", sizes=[20] * 5, within=0.4, between=0.01),
    "chain of pools": graph("chain-of-pools", pools=5, pool_size=20, within=1.0, between=0.05),
    "chain of pools, more contact": graph("chain-of-pools", pools=5, pool_size=20, within=1.0, between=0.2),
    **REAL,
}
FAST: Changes = {
    "referents.attributes": 2,
    "referents.held_out": 0.0,
    "channel.vocabulary": 32,
    "channel.max_length": 3,
    "agent.hidden": 48,
    "training.learning_rate": 5e-3,
}
"""Referents, channel and agents as in group-size (tight): all graphs here are at a plateau after 500 steps."""


@reproduction("local-dialects")
@sizes(small={"graphs": SMALL, "steps": 500}, full={"graphs": FULL, "steps": 1500})
def local_dialects(*, graphs: Mapping[str, Changes], steps: int, seeds: int = 5) -> Reproduction:
    """Lattices, small worlds, caves, blocks, pools and real networks: where do borders between dialects run?"""
    design = Design(
        "local-dialects",
        "{graph}-s{seed}",
        measure,
        seeds=seeds,
        first_seed=FIRST_SEED,
        common={**FAST, "training.steps": steps},
        factors={"graph": graphs},
    )
    remarks = [
        "A reproduction of the abstract's qualitative claim under our own specification, not a replication of the "
        "paper's numbers: graph, agents and how dialects are delimited are not given there. What is judged are the "
        "graphs on which it holds.",
        "A continuum is a legitimate outcome: neighbours alike, distant agents not, and no border in between.",
        "A border is what linked pairs lose where they cross the cut between dialects; how often the result is wrong "
        "on messages whose truth is known is in docs/results/borders.md.",
    ]
    title, source = "Local links: where do borders between dialects run?", "Kim & Oh 2021, abstract"
    return Reproduction(title, source, [design], claims, figures, remarks)
