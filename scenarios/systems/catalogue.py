"""The names that a configuration may give as `system`, and what a kind of system must have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from pydantic import TypeAdapter

from hubbub.scenarios.metrics import metric
from hubbub.scenarios.tracking import tracker
from hubbub.simulator.configuration import named, retyped
from hubbub.simulator.engine import SingleProcess
from hubbub.simulator.registry import Registry, registered

if TYPE_CHECKING:
    import pyarrow as pa

    from hubbub.scenarios.scenario import Scenario
    from hubbub.simulator.engine import Observation, Row, System, Team
    from hubbub.simulator.topology import Topology


class Kind(Protocol):
    """A kind of system: the model of its configuration, how it is assembled, which files and metrics its runs have.

    `hubbub.check_system` checks all that is said here and at `hubbub.simulator.engine.System`.
    """

    headline: ClassVar[tuple[str, ...]]
    """Names of the metrics that are printed when a run ends, and that are columns of the table of a study."""

    def model(self) -> type[Scenario]:
        """Return the pydantic model of its scenarios, a subclass of `Scenario`, with all that is registered."""

    def assemble(self, scenario: Any, topology: Topology | None, team: Team) -> System:
        """Return the system at step 0.

        Parameters
        ----------
        topology
            Replaces the graph that the scenario describes, if it is not None. A system with a graph keeps it as its
            attribute `topology`.
        team
            The processes that step the system together. A system that workers can share calls `team.place` here and
            holds only the blocks of this member; for a system that does not, workers are refused.
        """

    def describe(self, built: Any) -> Mapping[str, pa.Table | str]:
        """Return the files that describe a run and do not change: name → table (`.parquet`) or text."""

    def measure(self, built: Any) -> Callable[[Observation], Iterable[Row]]:
        """Return a function from an observation to further metric rows; it must not change the system."""


class Showing(Protocol):
    """A `Kind` that shows further things to metrics (`hubbub.metric`), beside what every system shows."""

    shown: ClassVar[tuple[str, ...]]
    """Names of what `show` returns, some of `hubbub.scenarios.metrics.catalogue.OFFERED`."""

    def show(self, built: Any, observation: Observation) -> Mapping[str, Any]:
        """Return what there is at an observation, by name: the same with workers as without."""


system = Registry("system", package="hubbub.scenarios.systems", contract=Kind)
"""Decorator and catalogue of `Kind` classes."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of all scenarios, told apart by `system`."""
    models: Any = reduce(or_, [model_of(system[name]()) for name in system])
    return TypeAdapter(models).json_schema()


def model_of(kind: Kind) -> type[Scenario]:
    """Return the model of a kind's scenarios, with all metrics and trackers that are registered by now."""
    return _model_of(type(kind), registered())


@lru_cache(maxsize=64)
def _model_of(kind: type[Kind], _registered: Any) -> type[Scenario]:
    """Return the model of a kind; it is kept, since making one takes tens of milliseconds."""
    metrics: Any = tuple[named(metric), ...]  # type: ignore[misc]
    trackers: Any = tuple[named(tracker), ...]  # type: ignore[misc]
    return retyped(kind().model(), metrics=metrics, tracking=trackers)


def assemble(scenario: Scenario, *, topology: Topology | None = None, team: Team | None = None) -> Any:
    """Return the system of a scenario at step 0; `topology` replaces the one that the scenario describes."""
    return kind_of(scenario).assemble(scenario, topology, team or SingleProcess())


def kind_of(scenario: Scenario | Mapping[str, Any]) -> Kind:
    """Return the kind of system that a scenario or a nested mapping names; without a name, a population."""
    name = scenario.get("system", "population") if isinstance(scenario, Mapping) else scenario.system
    made: Kind = system[str(name)]()
    return made
