"""Adam over a stack of agents: every agent has its own moments and its own count of updates."""

from __future__ import annotations

import torch
from torch.optim.adam import adam


class StackedAdam:
    """Adam (Kingma & Ba 2015) on the rows of `values [B, P]`; rows without news are left alone.

    An agent that took no part in a step keeps weights, moments and step count as they are, exactly as if it had an
    optimiser of its own.
    """

    def __init__(
        self,
        values: torch.Tensor,
        *,
        learning_rate: float,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        self.values = values
        self.learning_rate, self.betas, self.epsilon = learning_rate, betas, epsilon
        self.first_moment = torch.zeros_like(values)
        self.second_moment = torch.zeros_like(values)
        self.updates = torch.zeros(len(values), dtype=torch.float32, device=values.device)

    @torch.no_grad()
    def step(self, gradients: torch.Tensor, rows: list[int]) -> None:
        """Apply the `gradients [B, P]` of `rows`.

        On a CPU by torch's fused kernel, one pass over memory for each row; on a GPU, where a call for each row would
        cost more than the arithmetic, by a few operations on all rows at once.
        """
        if self.values.device.type == "cpu":
            self._row_by_row(gradients, rows)
        else:
            self._all_at_once(gradients, rows)

    def forget(self, rows: torch.Tensor) -> None:
        """Begin anew for `rows [n]`: no moments, no updates."""
        for stack in (self.first_moment, self.second_moment, self.updates):
            stack[rows] = 0

    def _row_by_row(self, gradients: torch.Tensor, rows: list[int]) -> None:
        def pick(stack: torch.Tensor) -> list[torch.Tensor]:
            return [stack[row] for row in rows]

        adam(
            pick(self.values),
            pick(gradients),
            pick(self.first_moment),
            pick(self.second_moment),
            [],
            pick(self.updates),
            fused=True,
            amsgrad=False,
            beta1=self.betas[0],
            beta2=self.betas[1],
            lr=self.learning_rate,
            weight_decay=0.0,
            eps=self.epsilon,
            maximize=False,
        )

    def _all_at_once(self, gradients: torch.Tensor, rows: list[int]) -> None:
        acting = torch.zeros(len(self.values), 1, device=self.values.device)
        acting[torch.tensor(rows, dtype=torch.long, device=self.values.device)] = 1.0
        beta1, beta2 = self.betas
        self.updates += acting.squeeze(1)
        self.first_moment.lerp_(gradients, (1 - beta1) * acting)
        self.second_moment.lerp_(gradients.square(), (1 - beta2) * acting)
        correction1, correction2 = (1 - beta ** self.updates.clamp(min=1).unsqueeze(1) for beta in self.betas)
        scale = (self.second_moment / correction2).sqrt_().add_(self.epsilon)
        self.values -= self.learning_rate * acting / correction1 * self.first_moment / scale
