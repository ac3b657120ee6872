"""The small setting that an environment takes when it is asked for without options."""

from __future__ import annotations

from simulator.errors import ConfigurationError, complaint
from simulator.games.referents.symbolic import symbolic
from simulator.games.rules import Game
from simulator.randomness import Luck
from simulator.topology import Topology


def ring_of_four() -> Topology:
    """Return four agents in a ring, each hearing both neighbours."""
    return Topology.from_pairs(4, [(0, 1), (1, 2), (2, 3), (3, 0)])


def game_or_default(game: Game | None, kind: type[Game]) -> Game:
    """Return `game`, which must be of `kind`, or one of `kind` over 3 × 3 symbolic referents (the same every time)."""
    if game is None:
        referents = symbolic(attributes=3, values=3, generator=Luck(0).at("referents"))
        return kind(referents=referents)
    if not isinstance(game, kind):
        raise ConfigurationError(complaint("game", expected=f"a {kind.__name__}", got=type(game).__name__))
    return game
