"""The sections of a configuration that say which agents are trained, and how they learn."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import pydantic
from pydantic import Field

from hubbub.simulator.configuration import Section

Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class Policy(Section):
    """The agents: every head with every cost of actions."""

    heads: Annotated[
        tuple[Literal["gaussian", "bernoulli", "bang-off-bang"], ...],
        Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    ] = (
        "gaussian",
        "bernoulli",
    )
    """Distributions over actions: normal and clipped to [−1, 1]; −1 or +1; −1, 0 or +1."""
    action_costs: Annotated[tuple[NotNegative, ...], Field(min_length=1, json_schema_extra={"uniqueItems": True})] = (
        0.0,
    )
    """Costs per unit of squared action, subtracted from the reward of every step (actions lie in [−1, 1])."""
    widths: Annotated[tuple[Count, ...], Field(min_length=1)] = (64, 64)
    """ReLU units of the hidden layers of the policy; the value function has as many of its own."""
    initial_std: Positive = 1.0
    """Standard deviation of the Gaussian at the start of training."""

    @pydantic.field_validator("heads", "action_costs")
    @classmethod
    def _each_once(cls, values: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(set(values)) < len(values):
            raise ValueError(f"expected each value once (networks.seeds repeats each), got {list(values)}")
        return values


class Ppo(Section):
    """Proximal policy optimisation (Schulman et al. 2017): a step is one rollout and epochs · minibatches updates."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "if": {"required": ["n_envs"], "properties": {"n_envs": {"const": 1}}},
            "then": {"properties": {"horizon": {"minimum": 2}}},
        },
    )
    n_envs: Count = 8
    """Environments in which an agent plays side by side; they are reset at the start of every step."""
    horizon: Count = 200
    """Steps of a rollout in each environment. Agents learn nothing from what comes later in an episode, so it should
    be as long as an episode."""
    epochs: Count = 10
    """How often an agent learns from the whole rollout."""
    minibatches: Count = 8
    """Parts into which the rollout is cut, at most `n_envs` times `horizon`; each is one update."""
    discount: Share = 0.95
    """γ: the worth of a reward that comes one step later."""
    gae_lambda: Share = 0.95
    """λ of generalised advantage estimation (Schulman et al. 2016)."""
    clip: Positive = 0.2
    """ε: the ratio of probabilities is clipped to 1 ± ε in the loss of the policy."""
    value_weight: NotNegative = 0.5
    """Weight of the value loss: the squared error of the value function."""
    entropy_weight: NotNegative = 0.0
    """Weight of the entropy bonus."""
    eval_episodes: Count = 16
    """Whole episodes of every evaluation; they start from the same states for all agents and at every evaluation."""

    @pydantic.model_validator(mode="after")
    def _enough(self) -> Ppo:
        samples = self.n_envs * self.horizon
        if samples < 2:
            raise ValueError(
                "horizon: expected n_envs times horizon to be 2 or more, because advantages are divided by their "
                "standard deviation, got 1"
            )
        if self.minibatches > samples:
            raise ValueError(
                f"minibatches: expected {samples} at most, which is n_envs times horizon, got {self.minibatches}"
            )
        return self
