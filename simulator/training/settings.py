"""The sections of a configuration that say which networks are trained, and how."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import pydantic
from pydantic import Field

from hubbub.simulator.configuration import Section

Count = Annotated[int, Field(ge=1)]
Index = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]


class Grid(Section):
    """The networks: every learning rate with every share of pruned weights and every α, `seeds` times each."""

    seeds: Count = 5
    """Networks of each setting; those of one seed start alike and get the same batches in every setting."""
    learning_rate: Annotated[tuple[Positive, ...], Field(min_length=1, json_schema_extra={"uniqueItems": True})] = (
        0.05,
    )
    """Learning rates."""
    pruning: Annotated[tuple[Share, ...], Field(min_length=1, json_schema_extra={"uniqueItems": True})] = (0.0,)
    """Shares of the weights that are pruned."""
    alpha: Annotated[tuple[Positive, ...], Field(min_length=1, json_schema_extra={"uniqueItems": True})] = (1.0,)
    """α of the emergence-promoting initialisation; 1 leaves the weights as they are."""

    @pydantic.field_validator("learning_rate", "pruning", "alpha")
    @classmethod
    def _each_once(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if len(set(values)) < len(values):
            raise ValueError(f"expected each value once (networks.seeds repeats each), got {list(values)}")
        return values


class _Updates(Section):
    """Options of every optimiser."""

    weight_decay: NotNegative = 0.0
    """Weight decay; the kind of optimiser says how it is applied."""
    warm_up_steps: Index = 0
    """Steps over which the learning rate rises linearly to its value."""
    clip_norm: Positive | None = None
    """Largest norm of the gradient of a network; a larger gradient is scaled down to it."""


class Sgd(_Updates):
    """Gradient descent with momentum, as `torch.optim.SGD`; weight decay is added to the gradient."""

    kind: Literal["sgd"] = "sgd"
    momentum: Share = 0.0
    """Momentum: share of the last update that is added to the next."""


class Adam(_Updates):
    """Adam (Kingma & Ba 2015) with decoupled weight decay, as `torch.optim.AdamW`."""

    kind: Literal["adam"] = "adam"
    betas: tuple[Share, Share] = (0.9, 0.999)
    """Decay rates of the first and of the second moment."""
    epsilon: Positive = 1e-8
    """Added to the square root of the second moment."""


Optimiser: TypeAlias = Annotated[Sgd | Adam, Field(discriminator="kind")]


class Pruning(Section):
    """When weights are pruned: those of smallest magnitude, in one round or several.

    After round k of R, a share 1 − (1 − share)^(k/R) of the weights is pruned. `steps: [0]` prunes at initialisation,
    `steps: [2000]` of 2,000 steps after training, `steps: [600, 1200]` twice during training.
    """

    steps: Annotated[tuple[Index, ...], Field(json_schema_extra={"minItems": 1, "uniqueItems": True})] = (0,)
    """Steps after which a round of pruning takes place, ascending."""
    rewind_step: Index | None = None
    """Step to whose values the remaining weights return after every round (Frankle et al. 2020); without it, they stay.

    Networks without pruning return too, so that all are trained equally long.
    """
    scope: Literal["network", "layer"] = "network"
    """Whether the smallest weights of the whole network are pruned, or the same share of every layer."""

    @pydantic.model_validator(mode="after")
    def _in_order(self) -> Pruning:
        if not self.steps or any(later <= step for step, later in zip(self.steps, self.steps[1:], strict=False)):
            raise ValueError(f"steps: expected one or more, ascending, got {list(self.steps)}")
        if self.rewind_step is not None and self.rewind_step >= self.steps[0]:
            raise ValueError(f"rewind_step: expected a step before the first round, got {self.rewind_step}")
        return self


class Training(Section):
    """How long the networks are trained."""

    steps: Index = 2000
    """Updates of every network; an epoch is training samples / batch of them."""
