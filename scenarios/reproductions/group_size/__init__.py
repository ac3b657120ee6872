"""Kim & Oh 2021, first claim: under what conditions do languages drift apart as a group grows, while success holds?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hubbub.scenarios.reproductions.catalogue import Reproduction, reproduction, sizes
from hubbub.scenarios.reproductions.design import Changes, Design, level
from hubbub.scenarios.reproductions.group_size.claims import BACK, ENTROPY, OWN, SHARED, STAYS, THERE, claims
from hubbub.scenarios.reproductions.group_size.figures import figures
from hubbub.scenarios.reproductions.group_size.measures import language, switched

FIRST_SEED = 400
"""Mechanisms were looked for on seeds below; conditions are judged on seeds from here on."""
GAMES = 32
"""Games in which an agent speaks in a step, in all conditions."""
COMMON: Changes = {
    "referents.attributes": 2,
    "referents.held_out": 0.0,
    "agent.hidden": 48,
    "training.learning_rate": 5e-3,
}
BONUS: Changes = {"channel.entropy_bonus": 0.02}
COUPLING: Mapping[str, Changes] = {"tied": {}, "separate": {"agent.coupling": "separate", **BONUS}}
TIGHT: Changes = {"channel.vocabulary": 32, "channel.max_length": 3}
CHANNEL: Mapping[str, Changes] = {
    "tight": TIGHT,
    "large": {"channel.vocabulary": 20, "channel.max_length": 10, **BONUS},
}
"""Separate agents and large channels converge with an entropy bonus only."""
VARIANT: Mapping[str, Changes] = {OWN: {}, SHARED: {"training.first_weights": "shared"}, ENTROPY: BONUS}
BOTH, ALL = tuple(COUPLING), (0.2, 0.5, 0.8)
DRAWN = ("node", "edge", "matching")
SMALL: Sequence[Mapping[str, Any]] = (
    {"self_talk": (0.2, 0.8), "n_agents": (4, 16, 32)},
    {"pairing": ("all-links",), "n_agents": (4, 16)},
    {"variant": (SHARED,), "n_agents": (4, 16)},
    {"self_talk": (0.2,), "variant": (ENTROPY,), "n_agents": (4, 16)},
    {"coupling": ("separate",), "n_agents": (4, 16)},
    {"channel": ("large",), "n_agents": (4, 16)},
)
FULL: Sequence[Mapping[str, Any]] = (
    {"self_talk": ALL, "coupling": BOTH, "pairing": DRAWN, "n_agents": (4, 16, 64, 256)},
    {"self_talk": ALL, "coupling": BOTH, "pairing": ("all-links",), "n_agents": (4, 16, 32)},
    {"variant": (SHARED,), "n_agents": (4, 16, 64, 256)},
    {"self_talk": (0.2, 0.8), "variant": (ENTROPY,), "n_agents": (4, 16, 64)},
    {
        "self_talk": ALL,
        "coupling": BOTH,
        "channel": ("large",),
        "pairing": (*DRAWN, "all-links"),
        "n_agents": (4, 16),
        "seeds": 3,
    },
)
"""All combinations of these levels, and sizes of the group; what is not named is as in `_condition`."""


@reproduction("group-size")
@sizes(
    small={"conditions": SMALL, "switched_agents": 16, "steps": 1000},
    full={"conditions": FULL, "switched_agents": 64, "steps": 1500},
)
def group_size(
    *, conditions: Sequence[Mapping[str, Any]], switched_agents: int, steps: int, seeds: int = 5
) -> Reproduction:
    """Complete graphs of growing size under many conditions: when do languages drift apart, and does success hold?"""
    designs = [
        _condition(steps, **{"seeds": seeds, **condition, "pairing": pairing})
        for condition in conditions
        for pairing in condition.get("pairing", ("node",))
    ]
    remarks = [
        "A reproduction of the abstract's qualitative claim under our own specification, not a replication of the "
        "paper's numbers: sizes, similarity measure and agents are not given there. What is judged are the conditions "
        "under which it holds.",
        f"Every agent speaks in about {GAMES} games a step, {steps} steps: the same budget for an agent whatever the "
        "size, and so a smaller one for a pair (columns games_per_agent and games_per_pair).",
        "Separate agents and large channels learn with an entropy bonus of .02, which lowers similarity at every size; "
        "slopes compare sizes under the same bonus, and what the bonus does by itself is a claim of its own.",
    ]
    title = "Group size: under what conditions do languages drift apart while success holds?"
    designs.append(_switch(switched_agents, steps, seeds))
    return Reproduction(title, "Kim & Oh 2021, abstract", designs, claims, figures, remarks)


def _condition(
    steps: int,
    *,
    n_agents: Sequence[int],
    pairing: str,
    seeds: int,
    self_talk: Sequence[float] = (0.8,),
    coupling: Sequence[str] = ("tied",),
    channel: Sequence[str] = ("tight",),
    variant: Sequence[str] = (OWN,),
) -> Design:
    """Return the runs of groups of several sizes under all combinations of some levels."""
    return Design(
        "group-size",
        "{channel}-{coupling}-{variant}-{pairing}-{self_talk}/n{n_agents:03d}-s{seed}",
        language,
        seeds=seeds,
        first_seed=FIRST_SEED,
        common={**COMMON, "training.steps": steps, "training.pairing": pairing},
        factors={
            "channel": {name: CHANNEL[name] for name in channel},
            "coupling": {name: COUPLING[name] for name in coupling},
            "variant": {name: VARIANT[name] for name in variant},
            "self_talk": level("agent.self_talk", *self_talk),
            "n_agents": {n: {"topology.n_agents": n, "training.games_per_step": games(pairing, n)} for n in n_agents},
        },
        labels={"part": "size", "pairing": pairing},
    )


def games(pairing: str, n_agents: int) -> int:
    """Return the games of one exchange, so that every agent speaks in as many games of a step whatever the pairing.

    In a matching an agent speaks in half of the steps. Over all links it speaks to everybody in each; more than
    `GAMES` + 1 agents then have more games, since no exchange has less than one.
    """
    return {"matching": 2 * GAMES, "all-links": max(1, GAMES // (n_agents - 1))}.get(pairing, GAMES)


def _switch(n_agents: int, steps: int, seeds: int) -> Design:
    """Return the runs whose self-talk changes half-way, and the same runs without the change."""

    def change(before: float, after: float) -> Changes:
        return {"agent.self_talk": before, "interventions": [{"at": steps, "self_talk": after}]}

    return Design(
        "group-size",
        "switch/{switch}-s{seed}",
        switched,
        seeds=seeds,
        first_seed=FIRST_SEED,
        common={
            **COMMON,
            **TIGHT,
            "topology.n_agents": n_agents,
            "training.steps": 2 * steps,
            "training.games_per_step": GAMES,
        },
        factors={
            "switch": {
                THERE: change(0.2, 0.8),
                BACK: change(0.8, 0.2),
                STAYS[THERE]: change(0.2, 0.2),
                STAYS[BACK]: change(0.8, 0.8),
            }
        },
        labels={"part": "switch", "n_agents": n_agents},
    )
