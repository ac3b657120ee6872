"""Agents that learn to control an environment, seeds × heads × costs of actions side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from hubbub.analysis.control import boundary_mass, returns, squared_action, switches
from hubbub.scenarios.devices import device_named
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.systems.catalogue import system
from hubbub.scenarios.systems.training import TrainingKind
from hubbub.simulator.configuration import Choice, choice, retyped
from hubbub.simulator.control import Control, Policy, Ppo, environment
from hubbub.simulator.engine import Observation, Row, Team
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology
from hubbub.simulator.training import Adam, Grid, Networks, Optimiser, Training, lay_out
from hubbub.simulator.training.networks import NETWORK

if TYPE_CHECKING:
    import pyarrow as pa


class ControlScenario(Scenario):
    """Named, configured agents that learn to control, with their recordings."""

    length_field: ClassVar[str] = "training.steps"
    system: Literal["control"] = "control"
    """Kind of system."""
    environment: Choice = Field(default={"kind": "double-integrator"}, validate_default=True)
    """What is to be controlled."""
    policy: Policy = Policy()
    """The agents: heads and costs of actions."""
    ppo: Ppo = Ppo()
    """How they play and learn."""
    networks: Grid = Grid(learning_rate=(3e-4,))
    """Seeds and further settings of the agents' networks."""
    optimiser: Optimiser = Adam(clip_norm=0.5)
    """How weights are changed."""
    training: Training = Training(steps=100)
    """How long; a step plays and learns once, and is as many updates as epochs times minibatches."""

    @property
    def size(self) -> int:
        """Steps times agents times what each plays."""
        grid = self.networks
        settings = len(grid.learning_rate) * len(grid.pruning) * len(grid.alpha)
        agents = settings * grid.seeds * len(self.policy.heads) * len(self.policy.action_costs)
        return self.length * agents * self.ppo.n_envs * self.ppo.horizon


@system("control")
class ControlKind:
    """Agents that learn to control: seeds × learning rates × heads × costs of actions."""

    headline: ClassVar[tuple[str, ...]] = ("return_mean", "boundary_mass_mean", "diverged")

    shown: ClassVar[tuple[str, ...]] = TrainingKind.shown

    def model(self) -> type[ControlScenario]:
        """Return the strict model, with every environment that is registered by now."""
        return retyped(ControlScenario, environment=choice(environment))

    def assemble(self, scenario: ControlScenario, topology: Topology | None, team: Team) -> Networks:
        """Return the agents at step 0."""
        if topology is not None:
            raise ConfigurationError("topology: expected none for agents that learn to control, which know no graph")
        if set(scenario.networks.alpha) != {1.0}:
            raise ConfigurationError(
                "networks.alpha: expected 1 for agents that learn to control, whose two networks are no one row of "
                f"layers, got {list(scenario.networks.alpha)}"
            )
        task = Control(
            scenario.environment.build(),
            policy=scenario.policy,
            ppo=scenario.ppo,
            rng=RandomStreams(scenario.seed),
            device=device_named(scenario.engine.device),
        )
        return Networks(
            task,
            lay_out(scenario.networks, task.settings()),
            optimiser=scenario.optimiser,
            block=scenario.engine.block_agents,
        )

    def describe(self, built: Networks) -> Mapping[str, pa.Table | str]:
        """Return what each agent is, as of any networks in training."""
        return TrainingKind().describe(built)

    def measure(self, built: Networks) -> Callable[[Observation], Iterable[Row]]:
        """Return the function that watches every agent, and adds what any networks in training are measured by."""
        of_networks = TrainingKind().measure(built)

        def rows(observation: Observation) -> Iterable[Row]:
            own = evaluation_rows(built)
            together = Observation(observation.step, [*observation.metrics, *own])
            return [*own, *of_networks(together)]

        return rows

    def show(self, built: Networks, observation: Observation) -> Mapping[str, Any]:
        """Return what each agent is, and copies of its parameters, as of any networks in training."""
        return TrainingKind().show(built, observation)


def evaluation_rows(built: Networks) -> list[Row]:
    """Return what every agent does and earns, by its likeliest actions (and by drawn ones, `drawn_…`)."""
    task: Any = built.task
    costs = [float(network.of_task["action_cost"]) for network in built.networks]
    found: list[Row] = []
    for prefix in ("", "drawn_"):
        seen = task.evaluate(built.parameters, built.networks, sampled=bool(prefix))
        measured = {
            "return": returns(seen.rewards, seen.actions, costs),
            "reward": returns(seen.rewards),
            "boundary_mass": boundary_mass(seen.actions),
            "squared_action": squared_action(seen.actions),
            "switches": switches(seen.actions),
        }
        found += [
            {"name": prefix + name, "value": float(value), NETWORK: number}
            for name, values in measured.items()
            for number, value in enumerate(values)
        ]
    return found
