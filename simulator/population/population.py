"""A population as a system: blocks of stacked agents that play games along a topology."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray

from hubbub.simulator.agents import Agent
from hubbub.simulator.counting import numbers_below
from hubbub.simulator.engine.system import Observation, Records, Row, State, as_events
from hubbub.simulator.engine.team import SingleProcess, Team
from hubbub.simulator.errors import ConfigurationError, RunError, StoreError, complaint
from hubbub.simulator.games.referents.sets import balanced
from hubbub.simulator.pairing import Exchanges, pairing
from hubbub.simulator.pairing.exchanges import with_self_talk
from hubbub.simulator.population.block import AgentGroup
from hubbub.simulator.population.blocks import block_of
from hubbub.simulator.population.crossplay import crossplay
from hubbub.simulator.population.parts import OtherAgents, PopulationParts
from hubbub.simulator.population.play import Played, Player, play
from hubbub.simulator.population.settings import Intervention, Recording
from hubbub.simulator.population.turnover import Turnover
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store.lexicon import Lexicon, LexiconSplit
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.build import linked
from hubbub.simulator.topology.rewiring import Rewiring, edge_events

T = TypeVar("T")

REWIRING_REFERENTS = 256
"""Largest number of referents from which a rewiring rule learns who understands whom, whatever is recorded."""


class BlockSpec(NamedTuple):
    """Which agents a block of the population holds."""

    prefix: str
    """What the names of its tensors in a state begin with."""
    kind: Agent
    first: int
    """Number of its first agent."""
    n: int
    """Number of its agents."""


class Population:
    """N agents on a communication graph who learn to communicate; a `hubbub.simulator.engine.System`.

    The population is cut into blocks of agents. A step is a function of the state, the seed and the step number; blocks
    exchange mail and feedback, and nothing else.

    Parameters
    ----------
    topology
        Who may hear whom at the start.
    parts
        Game, channel, kind of agent, training and device.
    recording, rewiring, turnover
        What is recorded, how the links change, and how agents are replaced.
    rng
        Random streams of the run.
    block_agents
        Agents in a block.
    others
        A second kind of agent; without it, all agents are of the kind in `parts`.
    interventions
        Changes of how agents learn; of those made by a step, that with the latest step counts.
    observe_weights
        Whether an observation with a snapshot also holds the weights of all agents.
    team
        Says which blocks are in this process; without it, all are.
    """

    stride = 1

    def __init__(
        self,
        *,
        topology: Topology,
        parts: PopulationParts,
        recording: Recording,
        rewiring: Rewiring,
        turnover: Turnover | None,
        rng: RandomStreams,
        block_agents: int,
        others: OtherAgents | None = None,
        interventions: Sequence[Intervention] = (),
        observe_weights: bool = False,
        team: Team | None = None,
    ) -> None:
        self.topology, self.parts = linked(topology), parts
        self.game, self.channel, self.kind, self.training = parts.game, parts.channel, parts.kind, parts.training
        self.recording, self.rewiring, self.turnover, self.rng = recording, rewiring, turnover, rng
        self.now = 0
        self.games = 0
        self.born = np.zeros(topology.n_agents, dtype=np.int64)
        """Step at which each agent was made, `[N]`."""
        self.team = team or SingleProcess()
        self.specs = _block_specs(topology.n_agents, parts.kind, others, block_agents)
        numbers = np.repeat(np.arange(len(self.specs)), [spec.n for spec in self.specs])
        block_ranks = self.team.place(traffic(topology, numbers))
        self._ranks = block_ranks[numbers]
        self._numbers: list[int] = np.flatnonzero(block_ranks == self.team.rank).tolist()
        self.blocks = [
            block_of([AgentGroup(rng, number, spec.n)], first=spec.first, kind=spec.kind, parts=parts)
            for number, spec in ((number, self.specs[number]) for number in self._numbers)
        ]
        self._observe_weights = observe_weights
        self._player: Player = self._play_alone
        self._self_talk = np.array([spec.kind.self_talk for spec in self.specs])[numbers]
        self._interventions = sorted(interventions, key=lambda change: change.at)
        self._last_games: dict[int, torch.Tensor] = {}
        """Loss (nats) and reward `[2, M, G]` of the last step's games, by the block of the speaker."""
        self._last_means: dict[str, float] = {}

    @property
    def work(self) -> tuple[str, int]:
        """Games played."""
        return "games", self.games

    def step(self, n: int) -> Records:
        """Play `n` steps; the events are links added and removed, and agents replaced."""
        events: list[Row] = []
        for _ in range(n):
            if self.turnover and self.turnover.due(self.now):
                events += self._replace(self.turnover)
            if self.rewiring.due(self.now):
                events += self._rewire()
            self._play(self._exchanges())
            self.now += 1
        return as_events(events)

    def play_with(self, player: Player) -> None:
        """Let `player` play all further steps, such as a stack that computes those of several populations at once.

        It is called once a step with the population's exchanges. It must do what `play` does with the blocks of this
        population: play the games, update the agents, and return the games.
        """
        self._player = player

    def observe(self, *, closely: bool) -> Observation:
        """Return games, loss and reward as metrics, and with `closely` the lexicon.

        Loss (nats) and reward are means over the games of the last step. The candidates of cross-play are keyed without
        a step, so all records use the same games. Raises `RunError` when the weights are no longer finite.
        """
        self._check_finite()
        metrics: list[Row] = [{"name": "games", "value": float(self.games)}]
        metrics += [{"name": name, "value": value} for name, value in self._means().items()]
        if not closely:
            return Observation(self.now, metrics)
        return Observation(
            self.now, metrics, self.lexicon(), self._agents(("weights.", "memory.")) if self._observe_weights else {}
        )

    def lexicon(self) -> Lexicon:
        """Return what all agents say and understand, on the recorded referents of every split."""
        splits = {split: self.crossplay(split, self.recorded_referents(split)) for split in self.game.referents.splits}
        return Lexicon(self.now, splits)

    def recorded_referents(self, split: str) -> NDArray[np.int64]:
        """Return the referents of a split that cross-play is about, `[R]`."""
        return self._some_referents(split, self.recording.referents)

    def crossplay(self, split: str, referents: Int[np.ndarray, " R"]) -> LexiconSplit:
        """Return what all agents say and understand, greedily, about some `referents [R]` of a split."""
        return crossplay(
            self._by_number(self.blocks),
            self.game,
            self.channel,
            referents,
            split=split,
            generator=self.rng.at(f"cross-play-{split}"),
            team=self.team,
        )

    def state(self) -> State:
        """Return weights, optimiser, links, step and games; agents are the first axis of every `agents.` tensor."""
        self._check_finite()
        tensors, last_means = self._agents(), self._means()
        links = {"sources": self.topology.sources, "targets": self.topology.targets}
        if self.topology.weights is not None:
            links["weights"] = self.topology.weights
        tensors |= {f"topology.{name}": torch.from_numpy(values) for name, values in links.items()}
        tensors["born"] = torch.from_numpy(self.born)
        return State(tensors, {"step": self.now, "games": self.games, "last_step": last_means})

    def load(self, state: State) -> None:
        """Load the state of a population of the same configuration; `StoreError` when it is of another."""
        tensors = state.tensors
        self._check_fits(state)
        weights = tensors.get("topology.weights")
        self.topology = self.topology.with_edges(
            tensors["topology.sources"].numpy(),
            tensors["topology.targets"].numpy(),
            weights=None if weights is None else weights.numpy(),
        )
        first_of_kind = {spec.prefix: spec.first for spec in reversed(self.specs)}
        for number, block in zip(self._numbers, self.blocks, strict=True):
            prefix = self.specs[number].prefix
            start = block.first - first_of_kind[prefix]
            block.load({name: tensors[prefix + name][start : start + block.n] for name in block.tensors()})
        self.born = tensors["born"].numpy().copy()
        self.now, self.games = int(state.values["step"]), int(state.values["games"])
        self._last_games, self._last_means = {}, dict(state.values["last_step"])

    def speak(self, agents: Int[np.ndarray, " M"], objects: Int[np.ndarray, " M"]) -> Int[np.ndarray, "M L"]:
        """Return the greedy messages `[M, L]` of `agents [M]` about the referents `objects [M]`.

        Raises
        ------
        ConfigurationError
            An agent or a referent that is not there.
        """
        agents, objects = self._there(agents), self._known(objects, "objects")
        if agents.ndim != 1 or agents.shape != objects.shape:
            raise ConfigurationError(complaint("objects", expected=f"shape {agents.shape}", got=objects.shape))
        messages = np.zeros((len(agents), self.channel.max_length), dtype=np.int64)
        for block in self.blocks:
            own = np.flatnonzero(block.owns(agents))
            seen = torch.from_numpy(objects[own]).unsqueeze(1).to(block.device)
            messages[own] = block.say(seen, agents[own]).squeeze(1).cpu().numpy()
        return messages

    def talk(self, objects: Int[np.ndarray, "N G"], *, part: int) -> Int[np.ndarray, "N G L"]:
        """Return messages of all agents about the referents `objects [N, G]`, drawn as they are in training.

        `part` is the key of the random numbers: other parts are other draws. Neither channel nor memories add noise.

        Raises
        ------
        ConfigurationError
            A referent that is not there, or another number of rows than agents.
        """
        objects = self._known(objects, "objects")
        if objects.ndim != 2 or len(objects) != self.topology.n_agents:
            raise ConfigurationError(
                complaint("objects", expected=f"shape [{self.topology.n_agents}, G]", got=objects.shape)
            )
        messages = np.zeros((*objects.shape, self.channel.max_length), dtype=np.int64)
        for block in self.blocks:
            own = np.arange(block.first, block.first + block.n)
            shape = (self.channel.max_length, *objects[own].shape, self.channel.vocabulary)
            noise = self.rng.gumbel(shape, block.device, "talk", self.now, part, block.first)
            said = block.say(torch.from_numpy(objects[own]).to(block.device), own, noise=noise)
            messages[own] = said.cpu().numpy()
        return messages

    def listen(
        self,
        agents: Int[np.ndarray, " M"],
        messages: Int[np.ndarray, "M L"],
        candidates: Int[np.ndarray, "M K"] | None,
    ) -> Int[np.ndarray, "M ..."]:
        """Return the likeliest answers of `agents [M]` to `messages [M, L]`: `[M, A]`, or `[M]` with candidates.

        Raises
        ------
        ConfigurationError
            An agent, a symbol or a candidate that is not there, shapes that do not fit, or candidates where the game
            has none, or none where it has.
        """
        agents = self._there(agents)
        messages = numbers_below(messages, self.channel.vocabulary, name="messages")
        expected = (len(agents), self.channel.max_length)
        if messages.shape != expected:
            raise ConfigurationError(complaint("messages", expected=f"shape {expected}", got=messages.shape))
        if (candidates is None) != (not self.game.n_candidates):
            wanted = f"{self.game.n_candidates} for each message" if self.game.n_candidates else "None in this game"
            got = None if candidates is None else np.shape(candidates)
            raise ConfigurationError(complaint("candidates", expected=wanted, got=got))
        if candidates is not None:
            candidates = self._known(candidates, "candidates")
            expected = (len(agents), self.game.n_candidates)
            if candidates.shape != expected:
                raise ConfigurationError(complaint("candidates", expected=f"shape {expected}", got=candidates.shape))
        shape = (len(agents),) if self.game.n_candidates else (len(agents), len(self.game.answer_sizes))
        answers = np.zeros(shape, dtype=np.int64)
        for block in self.blocks:
            own = np.flatnonzero(block.owns(agents))
            received = torch.from_numpy(messages[own]).unsqueeze(1).to(block.device)
            seen = None
            if candidates is not None:
                seen = torch.from_numpy(candidates[own]).unsqueeze(1).to(block.device)
            answers[own] = block.answer(received, seen, agents[own]).squeeze(1).cpu().numpy()
        return answers

    def _there(self, agents: Int[np.ndarray, " M"]) -> Int[np.ndarray, " M"]:
        return numbers_below(agents, self.topology.n_agents, name="agents")

    def _known(self, referents: Int[np.ndarray, "*shape"], name: str) -> Int[np.ndarray, "*shape"]:
        return numbers_below(referents, len(self.game.referents.features), name=name)

    def _some_referents(self, split: str, most: int) -> NDArray[np.int64]:
        """Return at most so many referents of a split, with all meanings equally frequent."""
        referents = self.game.referents
        return balanced(referents.of(split), referents.meanings, most)

    def _agents(self, name_begins: str | tuple[str, ...] = "") -> dict[str, torch.Tensor]:
        """Return the agents' tensors whose names begin so, `[N, …]` each, where the run is recorded.

        With two kinds of agent, a tensor has as many rows as there are agents of its kind.
        """
        own = [
            {name: values for name, values in block.tensors().items() if name.startswith(name_begins)}
            for block in self.blocks
        ]
        gathered = self.team.gather(self._by_number(own))
        parts: dict[str, list[torch.Tensor]] = {}
        for spec, tensors in zip(self.specs if gathered else (), gathered or (), strict=True):
            for name, values in tensors.items():
                parts.setdefault(spec.prefix + name, []).append(values)
        return {name: torch.cat(values) for name, values in parts.items()}

    def _by_number(self, values: Sequence[T]) -> dict[int, T]:
        """Return values of the blocks of this process by the blocks' numbers."""
        return dict(zip(self._numbers, values, strict=True))

    def _means(self) -> dict[str, float]:
        """Return mean loss (nats) and reward of the games of the last step, where the run is recorded."""
        gathered = self.team.gather(self._last_games)
        if gathered:
            loss, earned = torch.cat(gathered, dim=1)
            self._last_means = {"loss": float(loss.mean()), "reward": float(earned.mean())}
        return self._last_means

    def _exchanges(self) -> Exchanges:
        """Draw who talks to whom in this step; every team member draws the same."""
        drawn = pairing.call(
            self.training.pairing, {}, topology=self.topology, generator=self.rng.at("pairing", self.now)
        )
        changed = [change.self_talk for change in self._interventions if change.at <= self.now]
        self_talk = changed[-1] if changed else self._self_talk[drawn.speakers]
        return with_self_talk(drawn, self_talk, self.rng.at("self-talk", self.now))

    def _play(self, exchanges: Exchanges) -> None:
        """Play the exchanges of one step."""
        if self.blocks:
            mail, feedback = self._player(exchanges)
            earned = self.game.earned(
                feedback.success, mail.deal, mail.messages, mail.lengths, length_cost=self.channel.length_cost
            )
            games = torch.stack([-feedback.log_likelihood.double(), earned.double()])
            starts = np.searchsorted(mail.speakers, [block.first for block in self.blocks[1:]])
            self._last_games = self._by_number(games.tensor_split(starts.tolist(), dim=1))
        self.games += len(exchanges.speakers) * self.training.games_per_step

    def _play_alone(self, exchanges: Exchanges) -> Played:
        n_games = self.training.games_per_step
        return play(self.blocks, self.now, exchanges, n_games, ranks=self._ranks, team=self.team)

    def _replace(self, turnover: Turnover) -> list[Row]:
        """Replace the agents whose turn it is, and return that as events of the coming step."""
        leaving = turnover.leaving(self.born, self.rng.at("turnover", self.now))
        for block in self.blocks:
            block.replace(leaving[block.owns(leaving)], self.now)
        self.born[leaving] = self.now
        return [{"step": self.now + 1, "kind": "agent-replaced", "source": int(agent)} for agent in leaving]

    def _rewire(self) -> list[dict[str, Any]]:
        """Change the links by the rules that are due, and return the changes as events of the coming step."""

        def success() -> Float[np.ndarray, "N N"]:
            return self.crossplay("train", self._some_referents("train", REWIRING_REFERENTS)).success

        new = linked(self.rewiring.apply(self.topology, self.rng, success=success, step=self.now), "rewiring")
        before, self.topology = self.topology, new
        return edge_events(self.now + 1, before, new)

    def _check_fits(self, state: State) -> None:
        """Refuse a checkpoint that belongs to another configuration, or to no population."""
        rows = Counter[str]()
        for spec in self.specs:
            rows[spec.prefix] += spec.n
        needed = {
            prefix + name: (rows[prefix], *values.shape[1:])
            for prefix, block in zip((self.specs[number].prefix for number in self._numbers), self.blocks, strict=True)
            for name, values in block.tensors().items()
        }
        got = {name: tuple(values.shape) for name, values in state.tensors.items() if name.startswith("agents.")}
        for name in [*needed, *(got if len(self.blocks) == len(self.specs) else ())]:
            if needed.get(name) != got.get(name):
                raise StoreError(
                    f"checkpoint: expected {name} of shape {needed.get(name)}, got {got.get(name)}; "
                    "it belongs to another configuration"
                )

    def _check_finite(self) -> None:
        if not all(block.is_finite() for block in self.blocks):
            raise RunError(
                f"training diverged before step {self.now}: weights are no longer finite; "
                f"lower training.learning_rate (now {self.training.learning_rate})"
            )


def _block_specs(n_agents: int, kind: Agent, others: OtherAgents | None, block_agents: int) -> list[BlockSpec]:
    """Return the blocks of a population: neighbours by number, all of one kind."""
    groups = [("agents.", kind, range(others.first if others else n_agents))]
    if others:
        groups.append(("agents.others.", others.kind, range(others.first, n_agents)))
    return [
        BlockSpec(prefix, own, first, min(block_agents, agents.stop - first))
        for prefix, own, agents in groups
        for first in agents[::block_agents]
    ]


def traffic(topology: Topology, blocks: Int[np.ndarray, " N"]) -> Float[np.ndarray, "B B"]:
    """Return how many links go from block to block, `[B, B]`; `blocks [N]` is the block of each agent."""
    traffic = np.zeros((blocks[-1] + 1,) * 2)
    np.add.at(traffic, (blocks[topology.sources], blocks[topology.targets]), 1.0)
    return traffic
