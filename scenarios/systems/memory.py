"""Associative memories, many copies side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from hubbub.scenarios.devices import device_named
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.systems.catalogue import system
from hubbub.scenarios.tables import topology_files
from hubbub.simulator.configuration import Choice, choice, retyped
from hubbub.simulator.engine import Observation, Row, Team
from hubbub.simulator.errors import ConfigurationError, complaint
from hubbub.simulator.memory import Dynamics, Grid, MemoryNetworks, Recording, memory, patterns
from hubbub.simulator.memory.catalogue import check_takes_graph
from hubbub.simulator.memory.silenced import Silenced, silenced
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology, build_topology
from hubbub.simulator.topology import topology as topologies

if TYPE_CHECKING:
    import pyarrow as pa


class MemoryScenario(Scenario):
    """Named, configured copies of an associative memory with their recordings."""

    length_field: ClassVar[str] = "dynamics.steps"
    system: Literal["memory"] = "memory"
    """Kind of system."""
    memory: Choice = Field(default={"kind": "sedam"}, validate_default=True)
    """Which memory."""
    patterns: Choice = Field(default={"kind": "mnist"}, validate_default=True)
    """What it stores."""
    copies: Grid
    """The copies: noise levels, loads, repetitions, and where they start."""
    topology: Choice | None = None
    """The graph along whose edges spins or neurons act on each other (j acts on i along j → i; weights of links are not
    used); without it all do, where the memory allows. A memory that has no use for a graph refuses one."""
    silenced: Silenced = Silenced()
    """Neurons of the graph that lose all their links."""
    dynamics: Dynamics = Dynamics()
    """How long and by which code."""
    recording: Recording = Recording()
    """Which events are looked for, and how often overlap and activity are written."""

    @property
    def size(self) -> int:
        """Steps times copies; spins are as good as equal within a study."""
        return self.length * len(self.copies.noise) * len(self.copies.load) * self.copies.repetitions


@system("memory")
class MemoryKind:
    """Copies of an associative memory: noise levels × loads × repetitions."""

    headline: ClassVar[tuple[str, ...]] = ("overlap_mean", "overlap_lowest", "activity_mean")

    shown: ClassVar[tuple[str, ...]] = ("copies", "topology")

    def model(self) -> type[MemoryScenario]:
        """Return the strict model, with every memory, pattern and topology that is registered by now."""
        return retyped(
            MemoryScenario, memory=choice(memory), patterns=choice(patterns), topology=choice(topologies) | None
        )

    def assemble(self, scenario: MemoryScenario, topology: Topology | None, team: Team) -> MemoryNetworks:
        """Return the copies at step 0; a graph that the memory would not use is refused."""
        rng = RandomStreams(scenario.seed)
        graph = topology
        if topology is not None or scenario.topology is not None:
            check_takes_graph(memory[scenario.memory.kind], scenario.memory.kind)
        elif scenario.silenced.share:
            raise ConfigurationError(
                complaint("silenced.share", expected="0 without a topology", got=scenario.silenced.share)
            )
        if graph is None and scenario.topology is not None:
            graph = build_topology(scenario.topology, rng)
            if scenario.silenced.share:
                graph = silenced(graph, scenario.silenced, rng.at("silenced"))
        return MemoryNetworks(
            scenario.memory.build(topology=graph),
            grid=scenario.copies,
            patterns=scenario.patterns,
            recording=scenario.recording,
            rng=rng,
            kernel=scenario.dynamics.kernel,
            device=device_named(scenario.engine.device, team=team),
            topology=graph,
            team=team,
        )

    def describe(self, built: MemoryNetworks) -> Mapping[str, pa.Table | str]:
        """Return what each copy is, and the graph, where there is one."""
        import pyarrow as pa

        copies = built.copies
        table = pa.table(
            {
                "copy": np.arange(len(copies)),
                "noise": copies.noise,
                "load": copies.load,
                "repetition": copies.repetition,
            }
        )
        graph = topology_files(built.topology) if built.topology is not None else {}
        return {"copies.parquet": table, **graph}

    def measure(self, built: MemoryNetworks) -> Callable[[Observation], Iterable[Row]]:
        """Return the function that adds means over copies to the metrics of each."""

        def rows(observation: Observation) -> Iterable[Row]:
            for name in ("overlap", "activity"):
                values = [float(row["value"]) for row in observation.metrics if row["name"] == name]
                if values:
                    yield {"name": f"{name}_mean", "value": float(np.mean(values))}
                    yield {"name": f"{name}_lowest", "value": min(values)}

        return rows

    def show(self, built: MemoryNetworks, observation: Observation) -> Mapping[str, Any]:
        """Return what each copy is, and the graph, where there is one."""
        return {"copies": built.copies, **({} if built.topology is None else {"topology": built.topology})}
