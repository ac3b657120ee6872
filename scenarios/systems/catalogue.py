"""The names that a configuration may give as `system`, and what stands behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from pydantic import TypeAdapter

from hubbub.simulator.engine import SingleProcess
from hubbub.simulator.registry import Registry

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.scenarios.scenario import Scenario
    from hubbub.simulator.engine import Observation, Row, System, Team
    from hubbub.simulator.topology import Topology


class Kind(Protocol):
    """A kind of system: what its configuration says, how it is put together, what its runs hold."""

    headline: ClassVar[tuple[str, ...]]
    """The metrics that are shown when a run ends."""

    def model(self) -> type[Scenario]:
        """Return the strict model of its scenarios, with everything that is registered by now."""

    def assemble(self, scenario: Any, topology: Topology | None, team: Team) -> System:
        """Return the system at step 0, with its blocks that live with this member of the team.

        `topology`, where given, replaces the one that the scenario describes.
        """

    def describe(self, built: Any) -> Mapping[str, pa.Table | str]:
        """Return what does not change during a run: files by name, tables or text."""

    def measure(self, built: Any) -> Callable[[Observation], Iterable[Row]]:
        """Return the function that turns an observation into further metric rows."""


system = Registry("system", package="hubbub.scenarios.systems", contract=Kind)
"""Decorator and catalogue of `Kind` classes."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of all scenarios, told apart by `system`."""
    models: Any = reduce(or_, [system[name]().model() for name in system])
    return TypeAdapter(models).json_schema()


def assemble(scenario: Scenario, *, topology: Topology | None = None, team: Team | None = None) -> Any:
    """Return the system of a scenario at step 0; `topology` replaces the one that the scenario describes."""
    return kind_of(scenario).assemble(scenario, topology, team or SingleProcess())


def kind_of(scenario: Scenario | Mapping[str, Any]) -> Kind:
    """Return the kind of system that a scenario or a nested mapping names; without a name, a population."""
    name = scenario.get("system", "population") if isinstance(scenario, Mapping) else scenario.system
    made: Kind = system[str(name)]()
    return made
