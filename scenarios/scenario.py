"""The fields that every scenario has, for any kind of system."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from hubbub.scenarios.metrics import metric
from hubbub.simulator.configuration import Choice, Section
from hubbub.simulator.engine import Engine


class Scenario(Section):
    """A named, configured system with its recordings; each kind of system adds sections of its own.

    A subclass sets `length_field`, narrows `system` to its own name (`Literal["my-system"]`), and adds the field that
    `length_field` names.
    """

    length_field: ClassVar[str]
    """Dotted path of the field that says for how many steps the system runs, such as `training.steps`."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    """Name of the scenario; run directories begin with it."""
    description: str = ""
    """One line for the list of scenarios."""
    system: str = "population"
    """Kind of system."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Seed of all random numbers of the run."""
    modules: tuple[str, ...] = ()
    """Your own modules (dotted names or paths of .py files) that register topologies, games, rules …"""
    metrics: tuple[Choice, ...] = ()
    """Further metrics that are recorded: names, or sections with a `kind` and options. They change no other number."""
    tracking: tuple[Choice, ...] = ()
    """Trackers that show the metrics: names, or sections with a `kind` and options. A resume may change them."""
    engine: Engine = Engine()
    """How the run is executed, recorded and saved."""

    @model_validator(mode="after")
    def _a_kernel_to_choose(self) -> Scenario:
        if self.kernel is None and self.engine.kernel == "fused":
            raise ValueError(
                f"engine.kernel: expected 'auto' with system={self.system}, which has no fused step, got 'fused'"
            )
        return self

    @property
    def length(self) -> int:
        """Number of steps that the system runs."""
        return int(attrgetter(self.length_field)(self))

    @property
    def size(self) -> int:
        """Roughly how much a run computes, in any unit, to compare runs of one kind: a study starts long ones first."""
        return self.length

    @property
    def shape(self) -> str | None:
        """Runs of equal shape can be trained together as one stack of tensors; None where a run cannot be."""
        return None

    @property
    def kernel(self) -> str | None:
        """What computes the steps, chosen by `engine.kernel`; None for a system that offers no choice."""
        return None

    def asks_for(self, name: str) -> bool:
        """Whether a metric asks for what is shown by this name."""
        return any(name in metric.asked_for(one.kind) for one in self.metrics)

    @property
    def kernel_reason(self) -> str:
        """Why `engine.kernel=auto` did not choose the fastest kernel; "" where it did, or had no choice."""
        return ""

    @property
    def rows(self) -> int:
        """Number of rows of a stack that the run takes."""
        return 1

    @property
    def snapshot_every(self) -> int:
        """Steps between two snapshots."""
        return self.engine.record_every
