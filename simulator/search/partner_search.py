"""Partners chosen while learning: who talks to whom is learned by gradient, together with the language."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field

from hubbub.simulator.configuration import Section
from hubbub.simulator.engine.system import Records, Row, State, as_events
from hubbub.simulator.engine.team import Team
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.pairing import Exchanges
from hubbub.simulator.pairing.exchanges import with_self_talk
from hubbub.simulator.population import Population, PopulationParts, Recording
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.rewiring import Rewiring, edge_events

Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]


class Partners(Section):
    """How agents choose their partners: a distribution over all others, learned by a relaxed gradient."""

    links_per_agent: Count = 1
    """How many partners an agent has in the resulting graph: those that it chooses with the highest probability."""
    learning_rate: Positive = 0.5
    """Step size of the plain gradient ascent on the logits."""
    temperature: Positive = 1.0
    """Temperature of the relaxed choice."""
    distance_penalty: Annotated[float, Field(ge=0)] = 0.0
    """λ: an agent's reward is reduced by λ times the length of the link, by the positions of the topology."""


class Choices(NamedTuple):
    """The partners of one step: one for each of N agents."""

    partners: Int[np.ndarray, " N"]
    """The partner that each agent drew."""
    relaxed: Float[np.ndarray, "N N"]
    """The relaxed choice: softmax((logits + noise) / τ)."""
    exchanges: Exchanges
    """Who talks to whom; some agents talk to themselves instead of their partner."""


class PartnerSearch(Population):
    """A population in which every agent speaks once a step, to a partner drawn from a distribution of its own.

    Agent i draws partner j as the largest of logits + Gumbel noise, and earns the listener's log-likelihood (nats) less
    the cost of the distance. The gradient of its logits is that of the relaxed choice softmax((logits + noise) / τ) at
    the same noise, straight through (Jang et al. 2017), where partners that were not drawn are taken to earn what i
    earned so far on average. Agents seek their own success only, unlike in `GraphSearch`.

    The topology is the graph of the partners with the highest logits, in both directions; its changes are events.
    """

    def __init__(
        self,
        *,
        partners: Partners,
        topology: Topology,
        parts: PopulationParts,
        recording: Recording,
        rng: RandomStreams,
        block_agents: int,
        team: Team | None = None,
    ) -> None:
        super().__init__(
            topology=topology,
            parts=parts,
            recording=recording,
            rewiring=Rewiring(()),
            turnover=None,
            rng=rng,
            block_agents=block_agents,
            team=team,
        )
        n = self.topology.n_agents
        if partners.links_per_agent >= n:
            raise ConfigurationError(
                f"partners.links_per_agent: expected less than the number of agents ({n}), "
                f"got {partners.links_per_agent}"
            )
        if partners.distance_penalty and self.topology.positions is None:
            raise ConfigurationError("partners.distance_penalty: expected a topology whose agents have positions")
        self.partners = partners
        self.logits = self.rng.at("partners").normal(0, 0.01, (n, n))
        np.fill_diagonal(self.logits, -np.inf)
        self.earned = np.full(n, np.nan)
        """Running mean of what each agent earned, `[N]`."""
        self.topology = self._chosen()

    def step(self, n: int) -> Records:
        """Play `n` steps and learn partners; the events are links added and removed."""
        events: list[Row] = []
        for _ in range(n):
            before = self.topology
            choices = self._choices()
            self._play(choices.exchanges)
            loss, earned = torch.cat(self.team.share(self._last_games), dim=1)
            value = -loss if self.game.reward.is_usual else earned
            self._learn_partners(choices, value.mean(1).cpu().numpy())
            self.topology = self._chosen()
            self.now += 1
            events += edge_events(self.now, before, self.topology)
        return as_events(events)

    def state(self) -> State:
        """Return the state of the population, and the logits `[N, N]` and mean earnings `[N]` of its agents."""
        state = super().state()
        own = {"partners.logits": torch.from_numpy(self.logits), "partners.earned": torch.from_numpy(self.earned)}
        return State({**state.tensors, **own}, state.values)

    def load(self, state: State) -> None:
        """Load what `state` returned."""
        super().load(state)
        self.logits = state.tensors["partners.logits"].numpy().copy()
        self.earned = state.tensors["partners.earned"].numpy().copy()

    def _choices(self) -> Choices:
        """Let every agent draw a partner."""
        noisy = self.logits + self.rng.at("partners", self.now).gumbel(size=self.logits.shape)
        scaled = np.exp((noisy - noisy.max(axis=1, keepdims=True)) / self.partners.temperature)
        partners = noisy.argmax(axis=1)
        drawn = Exchanges(np.arange(len(noisy)), partners)
        exchanges = with_self_talk(drawn, self.kind.self_talk, self.rng.at("self-talk", self.now))
        return Choices(partners, scaled / scaled.sum(axis=1, keepdims=True), exchanges)

    def _learn_partners(self, choices: Choices, value: Float[np.ndarray, " N"]) -> None:
        """Follow the relaxed gradient of what each agent's games were worth; who talked to itself learns nothing."""
        talked = np.flatnonzero(choices.exchanges.listeners == choices.partners)
        partner = choices.partners[talked]
        reward = value[talked]
        if self.partners.distance_penalty:
            assert self.topology.positions is not None
            ends = self.topology.positions[talked] - self.topology.positions[partner]
            reward = reward - self.partners.distance_penalty * np.linalg.norm(ends, axis=1)
        mean = np.where(np.isnan(self.earned[talked]), reward, self.earned[talked])
        relaxed = choices.relaxed[talked]
        weight = relaxed[np.arange(len(talked)), partner] * (reward - mean) / self.partners.temperature
        gradient = -relaxed
        gradient[np.arange(len(talked)), partner] += 1
        self.logits[talked] += self.partners.learning_rate * weight[:, None] * gradient
        self.earned[talked] = 0.9 * mean + 0.1 * reward

    def _chosen(self) -> Topology:
        """Return the graph of the partners with the highest logits."""
        most = np.argsort(-self.logits, axis=1, kind="stable")[:, : self.partners.links_per_agent]
        pairs = np.column_stack([np.repeat(np.arange(len(most)), most.shape[1]), most.ravel()])
        edges = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
        return self.topology.with_edges(edges[:, 0], edges[:, 1], weights=None)
