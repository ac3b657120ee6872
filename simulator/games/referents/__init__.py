"""What is talked about: symbolic objects or real images, one file each."""

from hubbub.simulator.games.referents.sets import Referents, referents

__all__ = ["Referents", "referents"]
