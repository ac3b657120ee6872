"""What is talked about: referents, games, and their PettingZoo and Gymnasium faces."""

from hubbub.simulator.games.rules import Deal, Game, game

__all__ = ["Deal", "Game", "game"]
