"""What every scenario says, whatever it runs."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from hubbub.simulator.configuration import Section
from hubbub.simulator.engine import Engine


class Scenario(Section):
    """A named, configured system with its recordings; each kind of system adds sections of its own."""

    length_field: ClassVar[str]
    """The field that says for how many steps the system runs."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    """Name of the scenario; run directories begin with it."""
    description: str = ""
    """One line for the list of scenarios."""
    system: str = "population"
    """What is stepped."""
    seed: Annotated[int, Field(ge=0)] = 0
    """The seed from which all draws of the run follow."""
    modules: tuple[str, ...] = ()
    """Your own modules (dotted names or paths of .py files) that register topologies, games, rules …"""
    engine: Engine = Engine()
    """How the run is run."""

    @property
    def length(self) -> int:
        """For how many steps the system runs."""
        section, field = self.length_field.split(".")
        return int(getattr(getattr(self, section), field))

    @property
    def size(self) -> int:
        """Roughly how much a run computes, to compare runs of one kind: long ones begin first."""
        return self.length

    @property
    def shape(self) -> str | None:
        """What small runs must have in common to be trained side by side as one stack; None where they cannot be."""
        return None

    @property
    def rows(self) -> int:
        """How many rows of a stack the run takes."""
        return 1

    @property
    def snapshot_every(self) -> int:
        """Steps between two snapshots."""
        return self.engine.record_every
