"""Searches for a good graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pydantic
from pydantic import Field

from hubbub.analysis.hubs import degree_centralisation, gini, path_length
from hubbub.scenarios.systems.catalogue import system
from hubbub.scenarios.systems.population import CommunicationScenario, language_metrics, with_kinds
from hubbub.scenarios.tables import referents_table, topology_files
from hubbub.simulator.configuration import choice, retyped
from hubbub.simulator.engine import Observation, Row, Team
from hubbub.simulator.population import Recording
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.search import GraphSearch, Search, constraint, fitness, objective
from hubbub.simulator.store import Lexicon
from hubbub.simulator.topology import Topology, build_topology

if TYPE_CHECKING:
    import pyarrow as pa


class GraphSearchScenario(CommunicationScenario):
    """A named, configured search: `topology` gives the agents and their positions, `training` how graphs are tried."""

    length_field: ClassVar[str] = "search.generations"
    system: Literal["graph-search"] = "graph-search"
    """Kind of system."""
    search: Search = Field(default={}, validate_default=True)
    """How graphs are searched."""
    recording: Recording = Recording()
    """What is recorded of the best graph, which is trained once more for every snapshot."""

    @pydantic.model_validator(mode="after")
    def _a_fitness_that_follows_the_reward(self) -> GraphSearchScenario:
        if self.reward.kind != "success" and self.search.fitness.kind == "associative":
            raise ValueError(
                "game.reward: expected 'success' with search.fitness.kind=associative, whose agents learn from success "
                f"alone, got {self.reward.kind!r}"
            )
        return self

    @property
    def size(self) -> int:
        """The size of a population, times the number of populations that are trained in a generation."""
        return super().size * self.search.fitness.options().get("steps", self.training.steps) * tries_of(self.search)

    @property
    def snapshot_every(self) -> int:
        """Generations between two lexicons; without `recording.lexicon_every`, one at the start and one at the end."""
        return self.recording.lexicon_every or max(self.search.generations, 1)


@system("graph-search")
class GraphSearchKind:
    """A search for the graph on which agents come to understand each other best."""

    headline: ClassVar[tuple[str, ...]] = ("best_value", "success_all_pairs", "path_length", "degree_gini")

    shown: ClassVar[tuple[str, ...]] = ("topology", "lexicon", "before", "channel", "game")

    def model(self) -> type[GraphSearchScenario]:
        """Return the strict model, with every constraint and objective that is registered by now."""
        section = retyped(Search, constraint=choice(constraint), objective=choice(objective), fitness=choice(fitness))
        return with_kinds(GraphSearchScenario, search=section)

    def assemble(self, scenario: GraphSearchScenario, topology: Topology | None, team: Team) -> GraphSearch:
        """Return the search before its first generation."""
        rng = RandomStreams(scenario.seed)
        agents = topology or build_topology(scenario.topology, rng)
        tries = tries_of(scenario.search)
        team.place(np.zeros((tries, tries)))  # the blocks that workers share: societies, at most so many
        return GraphSearch(
            agents,
            search=scenario.search,
            parts=scenario.parts(team),
            recording=scenario.recording,
            rng=rng,
            block_agents=_block_agents(scenario, agents.n_agents, team),
            team=team,
        )

    def describe(self, built: GraphSearch) -> Mapping[str, pa.Table | str]:
        """Return agents, the graph that the search begins with, and the recorded referents."""
        return {**topology_files(built.topology), "referents.parquet": referents_table(built.population())}

    def measure(self, built: GraphSearch) -> Callable[[Observation], Iterable[Row]]:
        """Return the function that describes the best graph: paths, degrees, and with a lexicon its language."""

        def rows(observation: Observation) -> Iterable[Row]:
            graph = built.topology
            edges = np.column_stack([graph.sources, graph.targets])
            degrees = np.bincount(graph.sources, minlength=graph.n_agents)
            values = {
                "links": graph.n_edges / 2,
                "max_degree": float(degrees.max()),
                "path_length": float(path_length(edges, graph.n_agents)),
                "degree_gini": float(gini(degrees)),
                "degree_centralisation": float(degree_centralisation(edges, graph.n_agents)),
            }
            described: list[Row] = [{"name": name, "value": value} for name, value in values.items()]
            if observation.snapshot is None:
                return described
            assert isinstance(observation.snapshot, Lexicon)
            return [*described, *language_metrics(observation.snapshot, graph, built.parts.channel)]

        return rows

    def show(self, built: GraphSearch, observation: Observation) -> Mapping[str, Any]:
        """Return the best graph, the rules, and a lexicon where there is one."""
        shown: dict[str, Any] = {"topology": built.topology, "channel": built.parts.channel, "game": built.parts.game}
        return shown | ({"lexicon": observation.snapshot} if isinstance(observation.snapshot, Lexicon) else {})


def tries_of(search: Search) -> int:
    """Return the largest number of populations that are trained side by side in a generation."""
    return (search.parents + search.children + (search.restart_after is not None)) * search.seeds


def _block_agents(scenario: GraphSearchScenario, n_agents: int, team: Team) -> int:
    """Return how many agents a block holds; steps of associative agents are three times as fast in large blocks."""
    if scenario.engine.block_agents or scenario.engine.device != "cpu":
        return scenario.engine.block_agents or 2**30
    if scenario.search.fitness.kind != "associative":
        return 32
    return min(512, n_agents * -(-tries_of(scenario.search) // team.size))
