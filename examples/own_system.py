"""A system of your own: the voter model
=====================================

The voter model on a graph (Holley & Liggett 1975), in blocks that workers can share. On the command line::

    hubbub run examples/own_system.yaml --out runs/voters
    hubbub resume runs/voters dynamics.steps=400 --allow-modules
    hubbub sweep examples/own_system.yaml dynamics.noise=0,0.01,0.1 seed=0..4
    hubbub run examples/own_system.yaml --workers 2
"""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field

import hubbub
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.tables import topology_files
from hubbub.simulator.configuration import Choice, Section, choice, retyped
from hubbub.simulator.engine import Observation, State, Team
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology, build_topology


class Dynamics(Section):
    """How long, and how noisy."""

    steps: Annotated[int, Field(ge=0)] = 200
    """Number of steps."""
    noise: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Probability that an agent takes a random opinion instead of one that it hears."""


class VoterScenario(Scenario):
    """The fields of a scenario, with their types and defaults."""

    length_field: ClassVar[str] = "dynamics.steps"
    system: Literal["voters"] = "voters"
    topology: Choice
    dynamics: Dynamics = Dynamics()


class Voters:
    """N agents with opinion 0 or 1; in each step every agent copies one of those it hears."""

    stride = 1000  # steps between two looks at the clock

    def __init__(self, topology: Topology, *, noise: float, rng: RandomStreams, block: int, team: Team) -> None:
        n = topology.n_agents
        self.topology, self.noise, self.rng, self.team, self.now = topology, noise, rng, team, 0
        self.opinions = rng.at("opinions").integers(2, size=n)
        self.weights = topology.adjacency().T / np.maximum(topology.in_degrees, 1)[:, None]
        self.blocks = np.array_split(np.arange(n), -(-n // block))
        members = team.place(np.ones((len(self.blocks), len(self.blocks))))
        self.here = [number for number, member in enumerate(members) if member == team.rank]

    @property
    def work(self) -> tuple[str, int]:
        """What was done so far, and its unit."""
        return "updates", self.now * len(self.opinions)

    def step(self, n: int) -> dict[str, Any]:
        """Advance `n` steps; the members of the team share the opinions of their blocks."""
        for _ in range(n):
            self.opinions = np.concatenate(self.team.share({number: self._updated(number) for number in self.here}))
            self.now += 1
        return {}

    def _updated(self, number: int) -> np.ndarray:
        """Return the next opinions of a block; its random numbers are keyed by (seed, stream, step, block)."""
        copied = self.weights[self.blocks[number]] @ self.opinions
        probability = (1 - self.noise) * copied + self.noise / 2
        return (self.rng.at("copying", self.now, number).random(len(copied)) < probability).astype(np.int64)

    def observe(self, *, closely: bool) -> Observation:
        """Return the share of opinion 1, and the share of links between agents of different opinions."""
        differ = self.opinions[self.topology.sources] != self.opinions[self.topology.targets]
        values = {"share": self.opinions.mean(), "active_links": differ.mean()}
        return Observation(self.now, [{"name": name, "value": float(value)} for name, value in values.items()])

    def state(self) -> State:
        """Return all that a resume needs: tensors, and values that JSON can hold."""
        return State({"opinions": torch.from_numpy(self.opinions)}, {"step": self.now})

    def load(self, state: State) -> None:
        """Restore what `state` returned."""
        self.opinions, self.now = state.tensors["opinions"].numpy().copy(), int(state.values["step"])


@hubbub.system("voters")
class VoterKind:
    """The voter model on a communication graph."""

    headline: ClassVar[tuple[str, ...]] = ("share", "active_links")

    def model(self) -> type[VoterScenario]:
        """Return the scenario with every topology that is registered."""
        return retyped(VoterScenario, topology=choice(hubbub.topology))

    def assemble(self, scenario: VoterScenario, topology: Topology | None, team: Team) -> Voters:
        """Return the system at step 0."""
        rng = RandomStreams(scenario.seed)
        graph = topology or build_topology(scenario.topology, rng)
        block = scenario.engine.agents_per_block(graph.n_agents)
        return Voters(graph, noise=scenario.dynamics.noise, rng=rng, block=block, team=team)

    def describe(self, built: Voters) -> dict[str, Any]:
        """Return the files that describe a run: its agents and its graph."""
        return topology_files(built.topology)

    def measure(self, built: Voters) -> Any:
        """Return the function from an observation to further metrics, of which there are none."""
        return lambda observation: []


if __name__ == "__main__":
    graph = {"kind": "watts-strogatz", "n_agents": 60, "neighbours": 4, "rewiring_probability": 0.1}
    made = hubbub.run({"name": "voters", "system": "voters", "topology": graph, "engine": {"record_every": 20}})
    steps, active = made.metric("active_links")
    print(f"links between different opinions: {active[0]:.2f} at first, {active[-1]:.2f} after {steps[-1]} steps")
