"""What games earn by a reward that was chosen, and what agents follow to earn it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from jaxtyping import Float, Int

from hubbub.simulator.errors import ContractError, shown
from hubbub.simulator.games.referents import Referents
from hubbub.simulator.games.rewards.catalogue import reward


@dataclass(frozen=True)
class Reward:
    """A reward of `reward` with its options, for games over some referents."""

    kind: str = "success"
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_usual(self) -> bool:
        """Whether it is success, which has the log-likelihood in its place when agents learn."""
        return self.kind == "success"

    @cached_property
    def wanted(self) -> tuple[str, ...]:
        """What the function asks for, its options left out."""
        return tuple(name for name in inspect.signature(reward[self.kind]).parameters if name in reward.supplied)

    def of(
        self,
        success: torch.Tensor,
        *,
        objects: Int[torch.Tensor, "*games"],
        messages: Int[torch.Tensor, "*games L"],
        lengths: Int[torch.Tensor, "*games"],
        referents: Referents,
    ) -> Float[torch.Tensor, "*games"]:
        """Return what games `[...]` earn, of which `success [...]` says whether they were understood.

        Raises
        ------
        ContractError
            The function failed, or returned anything but a finite number for each game; the message names it.
        """
        success = success.to(torch.float32)
        if self.is_usual:
            return success
        there = {"success": success, "objects": objects, "messages": messages, "lengths": lengths}
        earned = reward.call(self.kind, dict(self.options), referents=referents, **there)
        if not isinstance(earned, torch.Tensor) or earned.shape != success.shape:
            got = f"a tensor {list(earned.shape)}" if isinstance(earned, torch.Tensor) else shown(earned)
            raise ContractError(f"reward {self.kind!r}: expected a tensor {list(success.shape)}, got {got}")
        if not torch.isfinite(earned).all():
            raise ContractError(f"reward {self.kind!r}: expected finite numbers, got others among them")
        return earned.detach().to(torch.float32)

    def followed(
        self,
        log_likelihood: Float[torch.Tensor, "*games"],
        *,
        objects: Int[torch.Tensor, "*games"],
        messages: Int[torch.Tensor, "*games L"],
        lengths: Int[torch.Tensor, "*games"],
        referents: Referents,
    ) -> Float[torch.Tensor, "*games"]:
        """Return what agents follow when they learn, from the listener's log-likelihood ln p of the right answers.

        With r₁ and r₀, what a game earns understood and not, it is r₀ + (r₁ − r₀)(1 + ln p): since 1 + ln p ≤ p, at
        most what a listener earns on average that answers as its scores say, and as much at p = 1. Where success costs
        (r₁ < r₀), ln p has no upper bound that helps, so it is that average itself, r₀ + (r₁ − r₀) p. For success it is
        ln p, without the constant.
        """
        if self.is_usual:
            return log_likelihood
        games: dict[str, Any] = {"objects": objects, "messages": messages, "lengths": lengths, "referents": referents}
        understood, not_understood = (
            self.of(torch.full_like(log_likelihood, value, requires_grad=False), **games) for value in (1.0, 0.0)
        )
        gain = understood - not_understood
        return not_understood + gain * torch.where(gain >= 0, 1 + log_likelihood, log_likelihood.exp())


SUCCESS = Reward()
"""The usual reward."""
