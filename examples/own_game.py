"""A game of your own: partial credit
==================================

The listener names every attribute of the referent. Here a game counts as understood when at least two of the three
attributes are right. The checker tests the game against what every game must do.
"""

import torch

import hubbub
from hubbub.simulator.games.reconstruction import Reconstruction

STEPS = 400  # small: 2


@hubbub.game("two-of-three")
class TwoOfThree(Reconstruction):
    """Understood means at least `needed` attributes right."""

    def __init__(self, *, referents, needed: int = 2) -> None:
        super().__init__(referents=referents)
        self.needed = needed

    def success(self, given: torch.Tensor, answers: torch.Tensor) -> torch.Tensor:
        """Return whether enough attributes are right, `[...]`."""
        return (given == answers).sum(-1) >= self.needed


demands = hubbub.check_game("two-of-three")
print(f"{len(demands)} demands are met, such as: {demands[-1]}")
for game in ("reconstruction", "two-of-three"):
    settings = {"game.kind": game, "topology.n_agents": 6, "training.steps": STEPS, "training.learning_rate": 0.003}
    _, success = hubbub.run("group-size", settings).metric("success_over_links")
    print(f"{game}: success {success[0]:.2f} at first, {success[-1]:.2f} at the end")
