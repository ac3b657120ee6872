"""Graph search as a system: a step is a generation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float, Int

from hubbub.simulator.engine.system import Observation, Records, Row, State, as_events
from hubbub.simulator.engine.team import SingleProcess, Team
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.population import Population, PopulationParts, Recording, Societies
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.search.constraints import Constraint
from hubbub.simulator.search.expectation import expected
from hubbub.simulator.search.graph_features import graph_features
from hubbub.simulator.search.settings import Search
from hubbub.simulator.search.value_model import ValueModel
from hubbub.simulator.store import Lexicon
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.rewiring import Rewiring, edge_events

CHANCE = 4
"""One in so many screened graphs is taken by chance, so that the model also learns where it is wrong."""


class GraphSearch:
    """Search for the graph on which N agents do best; a `hubbub.simulator.engine.System` whose step is a generation.

    `agents` gives number, names and positions of the agents; its links are not used. `parts` are those of the
    population that is trained on the best graph; `search.fitness` makes of them those of the societies that try graphs.
    All candidates × seeds of a generation are trained side by side.

    A child is a parent in which one link has moved, with probability ½ another, and so on. Where `search.screening` is
    above 1, more children are drawn than are tried, and children of the best of these; a regression on features of
    graphs, learned from the tries of this search, chooses most of them.

    The graphs with the highest expected values are kept. An expected value is the mean over all tries of a graph,
    shrunk towards what the regression says of it (before there is one, towards the mean of the generation), according
    to the noise of a try, so that a child with one good try by chance does not replace a parent with many good tries.
    Without noise nothing is shrunk. The value of the best graph is still biased upwards, because it was selected for
    being high: evaluate it again with new seeds.
    """

    stride = 1

    def __init__(
        self,
        agents: Topology,
        *,
        search: Search,
        parts: PopulationParts,
        recording: Recording,
        rng: RandomStreams,
        block_agents: int,
        team: Team | None = None,
    ) -> None:
        if search.distance_penalty and agents.positions is None:
            raise ConfigurationError("search.distance_penalty: expected a topology whose agents have positions")
        self.agents, self.search, self.parts, self.rng = agents, search, parts, rng
        self.fitness: PopulationParts = search.fitness.build(parts=parts, n_agents=agents.n_agents)
        self.recording, self.block_agents, self.team = recording, block_agents, team or SingleProcess()
        self.constraint: Constraint = search.constraint.build(n_agents=agents.n_agents)
        self.now, self.games = 0, 0
        generator = rng.at("graphs")
        self.candidates = np.stack([self.constraint.draw(generator) for _ in range(search.parents)])
        """Links `[P, M, 2]` of the graphs kept, the best first."""
        self.totals = np.zeros(search.parents)
        self.squares = np.zeros(search.parents)
        self.tries = np.zeros(search.parents, dtype=np.int64)
        self.earlier = 0
        """1 where the first graph is the best of earlier starts, which has no children; else 0."""
        self.unchanged = 0
        """Number of generations since a child was kept."""
        self.model = ValueModel(self._features(self.candidates)[:0], np.zeros(0))

    @property
    def topology(self) -> Topology:
        """The best graph so far."""
        return self.graph(self.candidates[0])

    @property
    def work(self) -> tuple[str, int]:
        """Games played."""
        return "games", self.games

    def graph(self, links: Int[np.ndarray, "M 2"]) -> Topology:
        """Return the agents with the links `[M, 2]`, each in both directions."""
        edges = np.unique(np.concatenate([links, links[:, ::-1]]), axis=0)
        return self.agents.with_edges(edges[:, 0], edges[:, 1], weights=None)

    def step(self, n: int) -> Records:
        """Make `n` generations; the events are links added to the best graph and removed from it."""
        events: list[Row] = []
        for _ in range(n):
            before = self.topology
            self._generation()
            self.now += 1
            events += edge_events(self.now, before, self.topology)
        return as_events(events)

    def observe(self, *, closely: bool) -> Observation:
        """Return games, and the values of the best graph and of all graphs kept (means over their tries).

        For a snapshot the best graph is trained once more, with random streams that no selection has used.
        The snapshot is the lexicon of that population.
        """
        metrics: list[Row] = [{"name": "games", "value": float(self.games)}]
        if self.now:
            known = self.tries > 0
            values = self.totals[known] / self.tries[known] - self._costs(self.candidates[known])
            named = {"best_value": values[0], "mean_value": values.mean(), "best_tries": self.tries[0]}
            metrics += [{"name": name, "value": float(value)} for name, value in named.items()]
        return Observation(self.now, metrics, self._lexicon() if closely else None)

    def population(self, team: Team | None = None) -> Population:
        """Return a new population on the best graph."""
        return Population(
            topology=self.topology,
            parts=self.parts,
            recording=self.recording,
            rewiring=Rewiring(()),
            turnover=None,
            rng=RandomStreams(int(self.rng.at("look", self.now).integers(2**62))),
            block_agents=self.block_agents,
            team=team,
        )

    def state(self) -> State:
        """Return the graphs kept, the best first, the sums over their tries, and what the model learned from."""
        arrays = {
            "candidates": self.candidates,
            "totals": self.totals,
            "squares": self.squares,
            "tries": self.tries,
            "model.features": self.model.features,
            "model.values": self.model.values,
        }
        values = {"step": self.now, "games": self.games, "earlier": self.earlier, "unchanged": self.unchanged}
        return State({name: torch.from_numpy(array) for name, array in arrays.items()}, values)

    def load(self, state: State) -> None:
        """Load what `state` returned."""
        self.candidates, self.totals, self.squares, self.tries = (
            state.tensors[name].numpy().copy() for name in ("candidates", "totals", "squares", "tries")
        )
        self.model = ValueModel(*(state.tensors[f"model.{name}"].numpy().copy() for name in ("features", "values")))
        self.now, self.games, self.earlier, self.unchanged = (
            int(state.values[name]) for name in ("step", "games", "earlier", "unchanged")
        )

    def _lexicon(self) -> Lexicon:
        population = self.population(self.team)
        population.step(population.training.steps)
        return replace(population.lexicon(), step=self.now)

    def _generation(self) -> None:
        """Add children, try all graphs, the better ones more often, and keep the best."""
        generator = self.rng.at("children", self.now)
        seeds = self.rng.at("societies", self.now).integers(2**62, size=(1 + self.search.halvings, self.search.seeds))
        candidates = np.concatenate(
            [self.candidates, self._screened(self._child_of_any, self.search.children, generator)]
        )
        costs = self._costs(candidates)
        features = self._features(candidates) if self.search.screening > 1 else None
        prior = self.model.predict(features) if features is not None and self.model.is_ready else None
        new = len(candidates) - len(self.candidates)
        totals, squares, tries = (np.pad(sums, (0, new)) for sums in (self.totals, self.squares, self.tries))
        tried = np.arange(len(candidates))
        for rngs in [[RandomStreams(int(seed)) for seed in row] for row in seeds]:
            values = self._values([self.graph(links) for links in candidates[tried]], rngs)
            totals[tried] += values.sum(axis=1)
            squares[tried] += (values**2).sum(axis=1)
            tries[tried] += values.shape[1]
            if features is not None:
                self.model = self.model.with_tries(features[tried], values)
            worth = expected(totals, squares, tries, prior) - costs
            tried = tried[np.argsort(-worth[tried], kind="stable")[: (len(tried) + 1) // 2]]
        kept = self._kept(worth)
        self.candidates, self.totals = candidates[kept], totals[kept]
        self.squares, self.tries = squares[kept], tries[kept]
        if self.search.restart_after and self.unchanged >= self.search.restart_after:
            self._restart(generator)

    def _kept(self, worth: Float[np.ndarray, " G"]) -> Int[np.ndarray, " P"]:
        """Return which graphs are kept, the best first: of this start, and the earlier best while it is better."""
        own = self.earlier + np.argsort(-worth[self.earlier :], kind="stable")[: self.search.parents]
        self.unchanged = 0 if (own >= len(self.candidates)).any() else self.unchanged + 1
        self.earlier = int(self.earlier and worth[0] >= worth[own[0]])
        return np.concatenate([[0], own]) if self.earlier else own

    def _restart(self, generator: np.random.Generator) -> None:
        """Keep the best graph and the model, and begin with new graphs."""
        drawn = self._screened(self.constraint.draw, self.search.parents, generator)
        self.candidates = np.concatenate([self.candidates[:1], drawn])
        self.totals = np.pad(self.totals[:1], (0, len(drawn)))
        self.squares = np.pad(self.squares[:1], (0, len(drawn)))
        self.tries = np.pad(self.tries[:1], (0, len(drawn)))
        self.earlier, self.unchanged = 1, 0

    def _screened(
        self, draw: Callable[[np.random.Generator], Int[np.ndarray, "M 2"]], n: int, generator: np.random.Generator
    ) -> Int[np.ndarray, "n M 2"]:
        """Return `n` graphs: a few that are drawn, and those that the model expects most of among many.

        Among `screening` times as many, and then `lookahead` times among the children of the best of these.
        """
        if self.search.screening == 1 or not self.model.is_ready:
            return np.stack([draw(generator) for _ in range(n)])
        by_chance = [draw(generator) for _ in range(n // CHANCE)]
        wanted = n - len(by_chance)
        pool = np.stack([draw(generator) for _ in range(wanted * self.search.screening)])
        best = self._most_expected(pool, wanted)
        for _ in range(self.search.lookahead):
            parents = generator.integers(wanted, size=len(pool))
            pool = np.concatenate([best, np.stack([self._child(best[parent], generator) for parent in parents])])
            best = self._most_expected(pool, wanted)
        return np.concatenate([best, *(links[None] for links in by_chance)])

    def _most_expected(self, links: Int[np.ndarray, "G M 2"], n: int) -> Int[np.ndarray, "n M 2"]:
        """Return the `n` graphs of which the model expects most."""
        order = np.argsort(self._costs(links) - self.model.predict(self._features(links)), kind="stable")
        return links[order[:n]]

    def _child_of_any(self, generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        return self._child(self.candidates[generator.integers(self.earlier, len(self.candidates))], generator)

    def _child(self, links: Int[np.ndarray, "M 2"], generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        for _ in range(generator.geometric(0.5)):
            links = self.constraint.move(links, generator)
        return links

    def _features(self, links: Int[np.ndarray, "G M 2"]) -> Float[np.ndarray, "G F"]:
        return graph_features(links, self.agents.n_agents)

    def _costs(self, links: Int[np.ndarray, "G M 2"]) -> Float[np.ndarray, " G"]:
        """Return what the lengths of the links of each graph cost."""
        if not self.search.distance_penalty:
            return np.zeros(len(links))
        return self.search.distance_penalty * np.array([_mean_length(self.graph(one)) for one in links])

    def _values(self, graphs: Sequence[Topology], rngs: Sequence[RandomStreams]) -> Float[np.ndarray, "graphs seeds"]:
        """Return the values `[graph, seed]` of graphs, without the cost of distance."""
        return np.asarray(self.search.objective.build(topologies=graphs, rngs=rngs, make_societies=self._societies))

    def _societies(self, topologies: Sequence[Topology], rngs: Sequence[RandomStreams]) -> Societies:
        """Return one society for each topology with its random streams, and count the games of its training."""
        training = self.fitness.training
        self.games += len(topologies) * self.agents.n_agents * training.steps * training.games_per_step
        return Societies(topologies, rngs, parts=self.fitness, block_agents=self.block_agents, team=self.team)


def _mean_length(graph: Topology) -> float:
    assert graph.positions is not None
    ends = graph.positions[graph.sources] - graph.positions[graph.targets]
    return float(np.linalg.norm(ends, axis=1).mean())
