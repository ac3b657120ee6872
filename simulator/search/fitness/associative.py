"""A graph is tried by agents that learn by association: a short, cheap training that orders graphs reliably."""

from __future__ import annotations

from dataclasses import replace

from hubbub.simulator.agents.associative import Associative
from hubbub.simulator.channel import Channel
from hubbub.simulator.configuration import validate
from hubbub.simulator.population import PopulationParts, Training
from hubbub.simulator.search.fitness.catalogue import fitness
from hubbub.simulator.topology.options import Count


@fitness("associative")
def associative(
    *,
    steps: Count = 30,
    games_per_step: Count = 4,
    load: Count | None = None,
    vocabulary: Count = 16,
    max_length: Count = 4,
    parts: PopulationParts,
    n_agents: int,
) -> PopulationParts:
    """Try graphs with associative-memory agents under edge pairing, in the game of the scenario.

    A try costs about a tenth of a training of GRU agents. Pairs are drawn by edge, because that is what its order of
    graphs agrees with. `load` are the pairs that an agent can keep; without it, the larger of three for each referent
    and two for each agent, because a hub hears the first words of all its neighbours and with less room it forgets
    them. With many games in a step, hubs are undervalued for the same reason.
    """
    room = load or max(3 * len(parts.game.referents.of("train")), 2 * n_agents)
    channel = validate(Channel, {"vocabulary": vocabulary, "max_length": max_length})
    kind = Associative(load=room, game=parts.game, channel=channel)
    training = Training(steps=steps, games_per_step=games_per_step, pairing="edge")
    return replace(parts, channel=channel, kind=kind, training=training, kernel="autograd")
