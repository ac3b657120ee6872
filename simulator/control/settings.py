"""The sections of a configuration that say which agents are trained, and how they learn."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field

from hubbub.simulator.configuration import Section

Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Policy(Section):
    """The agents: every head with every cost of actions."""

    heads: Annotated[tuple[Literal["gaussian", "bernoulli", "bang-off-bang"], ...], Field(min_length=1)] = (
        "gaussian",
        "bernoulli",
    )
    """Distributions over actions: normal and clipped, one of both extremes, or one of both and nothing."""
    action_costs: Annotated[tuple[NotNegative, ...], Field(min_length=1)] = (0.0,)
    """Taken from the reward of every step, for each unit of the squared action (its bounds are −1 and 1)."""
    widths: Annotated[tuple[Count, ...], Field(min_length=1)] = (64, 64)
    """ReLU units of the hidden layers of the policy; the value function has as many of its own."""
    deviation: Positive = 1.0
    """Standard deviation of the Gaussian at the start."""

    @pydantic.field_validator("heads", "action_costs")
    @classmethod
    def _each_once(cls, values: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(set(values)) < len(values):
            raise ValueError(f"expected each value once (seeds make more agents of it), got {list(values)}")
        return values


class Ppo(Section):
    """Proximal policy optimisation (Schulman et al. 2017): a step collects, then makes epochs · minibatches updates."""

    copies: Count = 8
    """Episodes that an agent plays side by side in every step; they begin anew with it."""
    horizon: Count = 200
    """Steps of each. No agent learns from what comes later in an episode, so it should be as long as one."""
    epochs: Count = 10
    """How often all that was collected is learnt from."""
    minibatches: Count = 8
    """Parts that it is cut into, each for one update."""
    discount: Share = 0.95
    """γ: what a reward one step later is worth."""
    trace: Share = 0.95
    """λ of the generalised advantage (Schulman et al. 2016)."""
    clip: Positive = 0.2
    """How far the ratio of probabilities may leave 1 and still be rewarded."""
    value_weight: NotNegative = 0.5
    """Weight of the squared error of the value function in the loss."""
    entropy_weight: NotNegative = 0.0
    """Weight of the entropy."""
    watched: Count = 16
    """Whole episodes of likeliest actions that a record watches, the same for all agents and records."""

    @pydantic.model_validator(mode="after")
    def _enough(self) -> Ppo:
        moments = self.copies * self.horizon
        if moments < 2:
            raise ValueError("horizon: expected two moments or more of all copies, whose spread is the unit, got 1")
        if self.minibatches > moments:
            raise ValueError(
                f"minibatches: expected {moments} at most, which is copies times horizon, got {self.minibatches}"
            )
        return self
