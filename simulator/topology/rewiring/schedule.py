"""When the graph changes, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
import pydantic
from numpy.typing import NDArray
from pydantic import Field

from hubbub.simulator.configuration import Choice, Section, choice
from hubbub.simulator.errors import TopologyError
from hubbub.simulator.topology.graph import Topology
from hubbub.simulator.topology.options import Count
from hubbub.simulator.topology.rewiring.catalogue import rewiring
from hubbub.simulator.topology.rewiring.result import rewired

if TYPE_CHECKING:  # it brings torch, which graphs can do without
    from hubbub.simulator.randomness import RandomStreams


class ScheduledRule(Section):
    """One rewiring rule and the training steps before which it is applied."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "oneOf": [
                {"required": ["every"], "properties": {"every": {"type": "integer"}, "at": {"type": "null"}}},
                {
                    "required": ["at"],
                    "properties": {"at": {"type": "array", "minItems": 1}, "every": {"type": "null"}},
                },
            ]
        },
    )
    every: Count | None = None
    """Number of steps between two applications: with 500, before steps 500, 1000, 1500 …"""
    at: list[Count] | None = None
    """The steps themselves, instead of `every`."""
    start: Annotated[int, Field(ge=0)] = 0
    """First step at which the rule may be applied."""
    until: Count | None = None
    """Last step at which the rule may be applied; without it, the end of the run."""
    rule: Choice

    @pydantic.model_validator(mode="after")
    def _one_of_every_and_at(self) -> ScheduledRule:
        if (self.every is None) == (self.at is None):
            raise ValueError("expected either `every` or `at`")
        return self

    @pydantic.model_validator(mode="after")
    def _due_at_some_step(self) -> ScheduledRule:
        every = self.every or 1
        first = -(-max(self.start, 1) // every) * every
        if not any(map(self.due, [first] if self.at is None else self.at)):
            raise ValueError(
                "expected at least one step at which the rule is applied, got none with "
                f"every={self.every}, at={self.at}, start={self.start}, until={self.until}"
            )
        return self

    def due(self, step: int) -> bool:
        """Whether the rule is applied before training step `step`."""
        last = step if self.until is None else self.until
        listed = step in self.at if self.at is not None else step > 0 and step % (self.every or 1) == 0
        return listed and self.start <= step <= last


def scheduled_rule() -> type[ScheduledRule]:
    """Return the section of one scheduled rule; `rule` may be any rewiring rule known by now."""
    return pydantic.create_model(
        "ScheduledRule", __base__=ScheduledRule, __doc__=ScheduledRule.__doc__, rule=(choice(rewiring), ...)
    )


class Rewiring:
    """The rewiring rules of a run, in the order of the configuration."""

    def __init__(self, rules: Sequence[ScheduledRule]) -> None:
        self.rules = tuple(rules)

    def due(self, step: int) -> bool:
        """Whether any rule is applied before training step `step`."""
        return any(rule.due(step) for rule in self.rules)

    def apply(
        self, topology: Topology, rng: RandomStreams, *, success: Callable[[], NDArray[np.float64]], step: int
    ) -> Topology:
        """Return the graph after all rules that are due at `step`, one after the other.

        Rule number i draws from `rng.at("rewiring", step, i)`. `success` is called only by rules that ask for
        it and returns C[speaker, listener] `[N, N]`. A rule returns what `rewired` takes; anything else raises a
        `TopologyError`.
        """
        for index, scheduled in enumerate(self.rules):
            if scheduled.due(step):
                generator = rng.at("rewiring", step, index)
                made = scheduled.rule.build(topology=topology, generator=generator, success=success, step=step)
                try:
                    topology = rewired(topology, made)
                except TopologyError as error:
                    raise TopologyError(f"rewiring {scheduled.rule.kind!r}: {error}") from error
        return topology
