"""Graph search as a system: a step is a generation."""

from __future__ import annotations

from collections.abc import Sequence
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
from hubbub.simulator.search.settings import Search
from hubbub.simulator.store import Lexicon
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.rewiring import Rewiring, edge_events


class GraphSearch:
    """Search for the graph on which N agents do best; a `hubbub.simulator.engine.System` whose step is a generation.

    `agents` gives number, names and positions of the agents; its links are not used. `parts` are those of the societies
    that are trained. All candidates × seeds of a generation are trained side by side.

    A child is a parent in which one link has moved, with probability ½ another, and so on. The graphs with the highest
    expected values are kept. An expected value is the mean over all tries of a graph, shrunk towards the mean of the
    generation according to the noise of a try (empirical Bayes; Robbins 1956), so that a child with one good try by
    chance does not replace a parent with many good tries. Without noise nothing is shrunk. The value of the best graph
    is still biased upwards, because it was selected for being high: evaluate it again with new seeds.
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
        self.recording, self.block_agents, self.team = recording, block_agents, team or SingleProcess()
        self.constraint: Constraint = search.constraint.build(n_agents=agents.n_agents)
        self.now, self.games = 0, 0
        generator = rng.at("graphs")
        self.candidates = np.stack([self.constraint.draw(generator) for _ in range(search.parents)])
        self.totals = np.zeros(search.parents)
        self.squares = np.zeros(search.parents)
        self.tries = np.zeros(search.parents, dtype=np.int64)

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
            values = self.totals / self.tries
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
        """Return the graphs kept, the best first, and the sums over their tries."""
        tensors = {
            "candidates": torch.from_numpy(self.candidates),
            "totals": torch.from_numpy(self.totals),
            "squares": torch.from_numpy(self.squares),
            "tries": torch.from_numpy(self.tries),
        }
        return State(tensors, {"step": self.now, "games": self.games})

    def load(self, state: State) -> None:
        """Load what `state` returned."""
        self.candidates, self.totals, self.squares, self.tries = (
            state.tensors[name].numpy().copy() for name in ("candidates", "totals", "squares", "tries")
        )
        self.now, self.games = int(state.values["step"]), int(state.values["games"])

    def _lexicon(self) -> Lexicon:
        population = self.population(self.team)
        population.step(population.training.steps)
        return replace(population.lexicon(), step=self.now)

    def _generation(self) -> None:
        """Add children, try all graphs, keep the best."""
        generator = self.rng.at("children", self.now)
        parents = generator.integers(self.search.parents, size=self.search.children)
        children = np.stack([self._child(self.candidates[parent], generator) for parent in parents])
        candidates = np.concatenate([self.candidates, children])
        values = self._values([self.graph(links) for links in candidates])
        new = np.zeros(len(children))
        totals = np.concatenate([self.totals, new]) + values.sum(axis=1)
        squares = np.concatenate([self.squares, new]) + (values**2).sum(axis=1)
        tries = np.concatenate([self.tries, new.astype(np.int64)]) + values.shape[1]
        best = np.argsort(-expected(totals, squares, tries), kind="stable")[: self.search.parents]
        self.candidates, self.totals = candidates[best], totals[best]
        self.squares, self.tries = squares[best], tries[best]

    def _child(self, links: Int[np.ndarray, "M 2"], generator: np.random.Generator) -> Int[np.ndarray, "M 2"]:
        for _ in range(generator.geometric(0.5)):
            links = self.constraint.move(links, generator)
        return links

    def _values(self, graphs: Sequence[Topology]) -> Float[np.ndarray, "graphs seeds"]:
        """Return the values `[graph, seed]` of graphs with the new seeds of this generation."""
        seeds = self.rng.at("societies", self.now).integers(2**62, size=self.search.seeds)
        rngs = [RandomStreams(int(seed)) for seed in seeds]
        values = self.search.objective.build(topologies=graphs, rngs=rngs, make_societies=self._societies)
        if self.search.distance_penalty:
            lengths = np.array([_mean_length(graph) for graph in graphs])
            values = values - self.search.distance_penalty * lengths[:, None]
        return np.asarray(values)

    def _societies(self, topologies: Sequence[Topology], rngs: Sequence[RandomStreams]) -> Societies:
        """Return one society for each topology with its random streams, and count the games of its training."""
        training = self.parts.training
        self.games += len(topologies) * self.agents.n_agents * training.steps * training.games_per_step
        return Societies(topologies, rngs, parts=self.parts, block_agents=self.block_agents, team=self.team)


def expected(
    totals: Float[np.ndarray, " G"], squares: Float[np.ndarray, " G"], tries: Int[np.ndarray, " G"]
) -> Float[np.ndarray, " G"]:
    """Return the expected values `[G]` of G graphs from sums and sums of squares of their values over their `tries`.

    The noise is the variance between tries of one graph; the rest of the variance between graphs is that of their true
    values. A mean is shrunk towards the mean of all graphs by the factor true / (true + noise / tries).
    """
    means = totals / tries
    degrees = (tries - 1).sum()
    noise = max(float((squares - totals * means).sum()), 0.0) / degrees if degrees else 0.0
    true = max(float(means.var()) - noise * float((1 / tries).mean()), 0.0)
    factor = np.divide(true, true + noise / tries, out=np.ones_like(means), where=noise > 0)
    return means.mean() + factor * (means - means.mean())


def _mean_length(graph: Topology) -> float:
    assert graph.positions is not None
    ends = graph.positions[graph.sources] - graph.positions[graph.targets]
    return float(np.linalg.norm(ends, axis=1).mean())
