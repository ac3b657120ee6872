"""Small networks in training, seeds × settings side by side."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from hubbub.analysis.emergence import path_emergence
from hubbub.scenarios.devices import device_named
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.systems.catalogue import system
from hubbub.simulator.configuration import Choice, choice, retyped
from hubbub.simulator.engine import Observation, Row, Team
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology
from hubbub.simulator.training import Grid, Networks, Optimiser, Pruning, Sgd, Training, lay_out, task
from hubbub.simulator.training.networks import NETWORK

if TYPE_CHECKING:
    import pyarrow as pa

COUNTS: dict[str, dict[str, Any]] = {
    "paths": {"sources": "hidden", "masked": True},
    "paths_closed_form": {"sources": "hidden", "masked": False},
    "paths_from_input": {"sources": "all", "masked": True},
    "paths_from_input_closed_form": {"sources": "all", "masked": False},
}
"""The metrics of path emergence, and what is counted for each."""


class TrainingScenario(Scenario):
    """Named, configured networks in training with their recordings."""

    length_field: ClassVar[str] = "training.steps"
    system: Literal["training"] = "training"
    """Kind of system."""
    task: Choice = Field(default={"kind": "classification"}, validate_default=True)
    """The task that the networks are trained on."""
    networks: Grid = Grid()
    """The networks: seeds and settings."""
    optimiser: Optimiser = Sgd()
    """How weights are changed."""
    pruning: Pruning = Pruning()
    """When weights are taken away."""
    training: Training = Training()
    """How long."""

    @property
    def size(self) -> int:
        """Steps times networks; those of one task are as good as equal within a study."""
        grid = self.networks
        settings = len(grid.learning_rate) * len(grid.pruning) * len(grid.alpha)
        return self.length * grid.seeds * settings


@system("training")
class TrainingKind:
    """Networks in training: seeds × learning rates × shares pruned × initialisations × settings of the task."""

    headline: ClassVar[tuple[str, ...]] = ("accuracy_mean", "train_loss_mean", "loss_mean", "paths_mean", "diverged")

    shown: ClassVar[tuple[str, ...]] = ("networks", "weights")

    def model(self) -> type[TrainingScenario]:
        """Return the strict model, with every task that is registered by now."""
        return retyped(TrainingScenario, task=choice(task))

    def assemble(self, scenario: TrainingScenario, topology: Topology | None, team: Team) -> Networks:
        """Return the networks at step 0."""
        if topology is not None:
            raise ConfigurationError("topology: expected none for networks in training, which know no graph")
        built = scenario.task.build(rng=RandomStreams(scenario.seed), device=device_named(scenario.engine.device))
        return Networks(
            built,
            lay_out(scenario.networks, built.settings()),
            optimiser=scenario.optimiser,
            pruning=scenario.pruning,
            block=scenario.engine.block_agents,
        )

    def describe(self, built: Networks) -> Mapping[str, pa.Table | str]:
        """Return what each network is."""
        import pyarrow as pa

        rows = [{"network": number, **network.row()} for number, network in enumerate(built.networks)]
        return {"networks.parquet": pa.Table.from_pylist(rows)}

    def measure(self, built: Networks) -> Callable[[Observation], Iterable[Row]]:
        """Return the function that adds path emergence of every network, and means over those that did not diverge.

        A network has diverged when a metric of it is not finite. Where all have, the means are NaN.
        """

        def rows(observation: Observation) -> Iterable[Row]:
            diverged = {row[NETWORK] for row in observation.metrics if not math.isfinite(row["value"])}
            kept = [number for number in range(len(built.networks)) if number not in diverged]
            paths = path_rows(built, kept) if kept else []
            values = defaultdict(list)
            for row in (*observation.metrics, *paths):
                if row[NETWORK] not in diverged:
                    values[row["name"]].append(row["value"])
            measured = dict.fromkeys(row["name"] for row in (*observation.metrics, *paths))
            means: list[Row] = [
                {"name": f"{name}_mean", "value": float(np.mean(values[name])) if values[name] else math.nan}
                for name in (*measured, *(() if kept or built.task.probe() is None else path_names()))
            ]
            return [*paths, *means, {"name": "diverged", "value": float(len(diverged))}]

        return rows

    def show(self, built: Networks, observation: Observation) -> Mapping[str, Any]:
        """Return what each network is, and copies of the parameters `[S, …]`."""
        weights = {name: values.detach().cpu().numpy().copy() for name, values in built.parameters.items()}
        return {"networks": built.networks, "weights": weights}


def path_names() -> list[str]:
    """Return the names of the metrics that `path_rows` gives."""
    return [prefix + name for name in COUNTS for prefix in ("", "relative_")]


def path_rows(built: Networks, kept: list[int]) -> list[Row]:
    """Return E and Ẽ (`relative_…`) of the networks `kept`, in every way of counting; none where paths do not apply."""
    probe = built.task.probe()
    if probe is None:
        return []
    module, inputs = probe
    states = {name: built.parameters[name][kept] for name in module.state_dict()}
    found: list[Row] = []
    for name, counting in COUNTS.items():
        counted = path_emergence(module, inputs, states=states, **counting)
        for prefix, values in (("", counted.value), ("relative_", counted.relative)):
            found += [
                {"name": prefix + name, "value": float(value), NETWORK: number}
                for number, value in zip(kept, values, strict=True)
            ]
    return found
