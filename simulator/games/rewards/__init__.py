"""What a game earns: one file per reward."""

from hubbub.simulator.games.rewards.catalogue import reward
from hubbub.simulator.games.rewards.rewarding import SUCCESS, Reward

__all__ = ["SUCCESS", "Reward", "reward"]
