"""The small setting that an environment takes when it is asked for without options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import networkx as nx

from hubbub.simulator.channel import Channel
from hubbub.simulator.configuration import section_of
from hubbub.simulator.errors import ConfigurationError, TopologyError, complaint
from hubbub.simulator.games.referents.symbolic import symbolic
from hubbub.simulator.games.rewards import Reward
from hubbub.simulator.games.rewards import reward as rewards
from hubbub.simulator.games.rules import Game
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology, given_topology

Graph: TypeAlias = Topology | nx.Graph | str | Mapping[str, Any]
"""How a graph may be given: a topology, a networkx graph, the name of a topology, or a mapping with its options."""

Pay: TypeAlias = str | Mapping[str, Any] | None
"""How a reward may be given: its name, or a mapping with its `kind` and options; None leaves that of the game."""


def topology_or_default(topology: Graph | None) -> Topology:
    """Return the graph that is given, which must have edges, or four agents in a ring, each hearing both neighbours.

    A random graph that is given by name is the same every time.
    """
    if topology is None:
        return Topology.from_pairs(4, [(0, 1), (1, 2), (2, 3), (3, 0)])
    try:
        return given_topology(topology, RandomStreams(0))
    except TopologyError as error:
        text = str(error)
        raise ConfigurationError(text if text.startswith("topology: ") else f"topology: {text}") from error


def channel_or_default(channel: Channel | None) -> Channel:
    """Return `channel`, or `Channel()`."""
    if channel is None:
        return Channel()
    if not isinstance(channel, Channel):
        raise ConfigurationError(complaint("channel", expected="a Channel", got=channel))
    return channel


def game_or_default(game: Game | None, kind: type[Game], reward: Pay = None) -> Game:
    """Return `game`, which must be of `kind`, or one of `kind` over 3 × 3 symbolic referents (the same every time).

    It pays the `reward`, or what it paid before.
    """
    if game is None:
        referents = symbolic(attributes=3, values=3, generator=RandomStreams(0).at("referents"))
        game = kind(referents=referents)
    if not isinstance(game, kind):
        raise ConfigurationError(complaint("game", expected=f"a {kind.__name__}", got=type(game).__name__))
    if reward is None:
        return game
    options = {"kind": reward} if isinstance(reward, str) else dict(reward)
    chosen = section_of(rewards, str(options.pop("kind", None)), options)
    return game.paying(Reward(chosen.kind, chosen.options()))
