"""A population as a system: blocks of stacked agents that play games along a topology."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch

from hubbub.simulator.agents import Agent
from hubbub.simulator.channel import Channel
from hubbub.simulator.engine.system import Observation, Records, Row, State, as_events
from hubbub.simulator.engine.team import SingleProcess, Team
from hubbub.simulator.errors import RunError, StoreError
from hubbub.simulator.games import Game, reward
from hubbub.simulator.games.referents.sets import balanced
from hubbub.simulator.pairing import Exchanges, pairing
from hubbub.simulator.pairing.exchanges import with_self_talk
from hubbub.simulator.population.block import Members
from hubbub.simulator.population.blocks import block_of
from hubbub.simulator.population.crossplay import crossplay
from hubbub.simulator.population.mail import Feedback, Mail
from hubbub.simulator.population.play import play
from hubbub.simulator.population.settings import Recording, Training
from hubbub.simulator.population.turnover import Turnover
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store.lexicon import Lexicon, LexiconSplit
from hubbub.simulator.topology import Topology
from hubbub.simulator.topology.rewiring import Rewiring, edge_events

T = TypeVar("T")

JUDGED_REFERENTS = 256
"""At most so many referents decide whom a rewiring rule takes to be understood, whatever is recorded."""


class Place(NamedTuple):
    """Where a block stands in the population."""

    prefix: str
    """What the names of its tensors begin with."""
    kind: Agent
    first: int
    n: int


class Population:
    """N agents on a communication graph who learn to talk; a `hubbub.simulator.engine.System`.

    The population is cut into blocks of `block_agents` agents, and `team` says which of them live here. All that
    happens in a step is a function of the state, the seed and the step number; blocks never share more than mail and
    feedback. With `others`, a number and a kind of agent, the agents from that number on are of that kind.
    """

    stride = 1

    def __init__(
        self,
        *,
        topology: Topology,
        game: Game,
        channel: Channel,
        kind: Agent,
        training: Training,
        recording: Recording,
        rewiring: Rewiring,
        turnover: Turnover | None,
        rng: RandomStreams,
        block_agents: int,
        device: torch.device,
        others: tuple[int, Agent] | None = None,
        team: Team | None = None,
    ) -> None:
        self.topology, self.game, self.channel, self.kind = topology, game, channel, kind
        self.training, self.recording, self.rng = training, recording, rng
        self.rewiring, self.turnover = rewiring, turnover
        self.now = 0
        self.games = 0
        self.born = np.zeros(topology.n_agents, dtype=np.int64)
        self._judged: dict[int, torch.Tensor] = {}
        self._last_step: dict[str, float] = {}
        self.team = team or SingleProcess()
        self.places = _lay_out(topology.n_agents, kind, others, block_agents)
        numbers = np.repeat(np.arange(len(self.places)), [place.n for place in self.places])
        living = self.team.place(traffic(topology, numbers))
        self._homes = living[numbers]
        self._numbers: list[int] = np.flatnonzero(living == self.team.rank).tolist()
        self.blocks = [
            block_of(
                [Members(rng, number, self.places[number].n)],
                first=self.places[number].first,
                kind=self.places[number].kind,
                game=game,
                channel=channel,
                training=training,
                device=device,
            )
            for number in self._numbers
        ]
        self.player: Callable[[Exchanges], tuple[Mail, Feedback]] | None = None  # a stack, where it is part of one
        self._self_talk = np.array([place.kind.self_talk for place in self.places])[numbers]

    @property
    def work(self) -> tuple[str, int]:
        """Games played."""
        return "games", self.games

    def step(self, n: int) -> Records:
        """Play `n` steps; the events are links that came and went and agents that were replaced."""
        events: list[Row] = []
        for _ in range(n):
            if self.turnover and self.turnover.due(self.now):
                events += self._replace(self.turnover)
            if self.rewiring.due(self.now):
                events += self._rewire()
            self._play()
            self.now += 1
        return as_events(events)

    def observe(self, *, snapshot: bool) -> Observation:
        """Return games, loss and reward as metrics, and with `snapshot` the lexicon.

        Loss (nats) and reward are means over the games of the last step. Draws the candidates of cross-play at an
        address without a step, so that all records are taken on the same games. Raises `RunError` when the
        weights are no longer finite.
        """
        self._check_finite()
        metrics: list[Row] = [{"name": "games", "value": float(self.games)}]
        metrics += [{"name": name, "value": value} for name, value in self._last().items()]
        return Observation(self.now, metrics, self.lexicon() if snapshot else None)

    def lexicon(self) -> Lexicon:
        """Return what all agents say and understand, on the recorded referents of every split."""
        splits = {split: self.crossplay(split, self.recorded_referents(split)) for split in self.game.referents.splits}
        return Lexicon(self.now, splits)

    def recorded_referents(self, split: str) -> np.ndarray:
        """Return the referents of a split that cross-play is about, `[R]`."""
        return self._some_referents(split, self.recording.referents)

    def crossplay(self, split: str, referents: np.ndarray) -> LexiconSplit:
        """Return what all agents say and understand, greedily, about some `referents [R]` of a split."""
        generator = self.rng.at(f"cross-play-{split}")
        return crossplay(
            self._mine(self.blocks),
            self.game,
            self.channel,
            referents,
            split=split,
            generator=generator,
            team=self.team,
        )

    def state(self) -> State:
        """Return weights, optimiser, links, step and games; agents are the first axis of every `agents.` tensor."""
        self._check_finite()
        tensors, last_step = self._agents(), self._last()
        links = {"sources": self.topology.sources, "targets": self.topology.targets}
        if self.topology.weights is not None:
            links["weights"] = self.topology.weights
        tensors |= {f"topology.{name}": torch.from_numpy(values) for name, values in links.items()}
        tensors["born"] = torch.from_numpy(self.born)
        return State(tensors, {"step": self.now, "games": self.games, "last_step": last_step})

    def load(self, state: State) -> None:
        """Take over a state of a population of the same configuration; `StoreError` when it is of another."""
        tensors = state.tensors
        self._check_fits(state)
        weights = tensors.get("topology.weights")
        self.topology = self.topology.with_edges(
            tensors["topology.sources"].numpy(),
            tensors["topology.targets"].numpy(),
            weights=None if weights is None else weights.numpy(),
        )
        begins = {place.prefix: place.first for place in reversed(self.places)}
        for number, block in zip(self._numbers, self.blocks, strict=True):
            prefix = self.places[number].prefix
            start = block.first - begins[prefix]
            block.load({name: tensors[prefix + name][start : start + block.n] for name in block.tensors()})
        self.born = tensors["born"].numpy().copy()
        self.now, self.games = int(state.values["step"]), int(state.values["games"])
        self._judged, self._last_step = {}, dict(state.values["last_step"])

    def speak(self, agents: np.ndarray, objects: np.ndarray) -> np.ndarray:
        """Return the greedy messages `[M, L]` of `agents [M]` about the referents `objects [M]`."""
        messages = np.zeros((len(agents), self.channel.max_length), dtype=np.int64)
        for block in self.blocks:
            mine = np.flatnonzero(block.owns(agents))
            seen = torch.from_numpy(objects[mine]).unsqueeze(1).to(block.device)
            messages[mine] = block.say(seen, agents[mine]).squeeze(1).cpu().numpy()
        return messages

    def listen(self, agents: np.ndarray, messages: np.ndarray, candidates: np.ndarray | None) -> np.ndarray:
        """Return the likeliest answers of `agents [M]` to `messages [M, L]`: `[M, A]`, or `[M]` with candidates."""
        shape = (len(agents),) if self.game.n_candidates else (len(agents), len(self.game.answer_sizes))
        answers = np.zeros(shape, dtype=np.int64)
        for block in self.blocks:
            mine = np.flatnonzero(block.owns(agents))
            heard = torch.from_numpy(messages[mine]).unsqueeze(1).to(block.device)
            seen = None
            if candidates is not None:
                seen = torch.from_numpy(candidates[mine]).unsqueeze(1).to(block.device)
            answers[mine] = block.answer(heard, seen, agents[mine]).squeeze(1).cpu().numpy()
        return answers

    def _some_referents(self, split: str, most: int) -> np.ndarray:
        """Return at most so many referents of a split, all meanings alike."""
        referents = self.game.referents
        return balanced(referents.of(split), referents.meanings, most)

    def _agents(self) -> dict[str, torch.Tensor]:
        """Return what every agent is, by name, `[N, …]` each; with two kinds, as many rows as there are of each."""
        parts: dict[str, list[torch.Tensor]] = {}
        gathered = self.team.gather(self._mine([block.tensors() for block in self.blocks]))
        for place, tensors in zip(self.places if gathered else (), gathered or (), strict=True):
            for name, values in tensors.items():
                parts.setdefault(place.prefix + name, []).append(values)
        return {name: torch.cat(values) for name, values in parts.items()}

    def _mine(self, values: Sequence[T]) -> dict[int, T]:
        """Return values of the blocks that live here by their numbers."""
        return dict(zip(self._numbers, values, strict=True))

    def _last(self) -> dict[str, float]:
        """Return mean loss (nats) and reward of the games of the last step, where the run is recorded."""
        judged = self.team.gather(self._judged)
        if judged:
            loss, earned = torch.cat(judged, dim=1)
            self._last_step = {"loss": float(loss.mean()), "reward": float(earned.mean())}
        return self._last_step

    def _exchanges(self) -> Exchanges:
        """Draw who talks to whom in this step; every block could draw the same by itself."""
        drawn = pairing.call(
            self.training.pairing, {}, topology=self.topology, generator=self.rng.at("pairing", self.now)
        )
        return with_self_talk(drawn, self._self_talk[drawn.speakers], self.rng.at("self-talk", self.now))

    def _play(self) -> None:
        """Play one step."""
        exchanges, n_games = self._exchanges(), self.training.games_per_step
        if self.blocks:
            sent, told = (self.player or self._alone)(exchanges)
            earned = reward(told.success, sent.lengths, length_cost=self.channel.length_cost)
            judged = torch.stack([-told.log_likelihood.double(), earned.double()])
            turns = np.searchsorted(sent.speakers, [block.first for block in self.blocks[1:]])
            self._judged = self._mine(judged.tensor_split(turns.tolist(), dim=1))
        self.games += len(exchanges.speakers) * n_games

    def _alone(self, exchanges: Exchanges) -> tuple[Mail, Feedback]:
        n_games = self.training.games_per_step
        return play(self.blocks, self.now, exchanges, n_games, homes=self._homes, team=self.team)

    def _replace(self, turnover: Turnover) -> list[Row]:
        """Put newcomers in the places of those who leave, and return that as events of the coming step."""
        leaving = turnover.leaving(self.born, self.rng.at("turnover", self.now))
        for block in self.blocks:
            block.replace(leaving[block.owns(leaving)], self.now)
        self.born[leaving] = self.now
        return [{"step": self.now + 1, "kind": "agent-replaced", "source": int(agent)} for agent in leaving]

    def _rewire(self) -> list[dict[str, Any]]:
        """Change the links as the rules that are due say, and return the changes as events of the coming step."""

        def success() -> np.ndarray:
            return self.crossplay("train", self._some_referents("train", JUDGED_REFERENTS)).success

        new = self.rewiring.apply(self.topology, self.rng, success=success, step=self.now)
        before, self.topology = self.topology, new
        return edge_events(self.now + 1, before, new)

    def _check_fits(self, state: State) -> None:
        """Refuse a checkpoint that belongs to another configuration, or to no population."""
        rows = Counter[str]()
        for place in self.places:
            rows[place.prefix] += place.n
        needed = {
            prefix + name: (rows[prefix], *values.shape[1:])
            for prefix, block in zip((self.places[number].prefix for number in self._numbers), self.blocks, strict=True)
            for name, values in block.tensors().items()
        }
        got = {name: tuple(values.shape) for name, values in state.tensors.items() if name.startswith("agents.")}
        for name in [*needed, *(got if len(self.blocks) == len(self.places) else ())]:
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


def _lay_out(n_agents: int, kind: Agent, others: tuple[int, Agent] | None, block_agents: int) -> list[Place]:
    """Return the blocks of a population: neighbours by number, all of one kind."""
    groups = [("agents.", kind, range(others[0] if others else n_agents))]
    if others:
        groups.append(("agents.others.", others[1], range(others[0], n_agents)))
    return [
        Place(prefix, own, first, min(block_agents, agents.stop - first))
        for prefix, own, agents in groups
        for first in agents[::block_agents]
    ]


def traffic(topology: Topology, blocks: np.ndarray) -> np.ndarray:
    """Return how many links go from block to block, `[B, B]`; `blocks [N]` says in which each agent lives."""
    traffic = np.zeros((blocks[-1] + 1,) * 2)
    np.add.at(traffic, (blocks[topology.sources], blocks[topology.targets]), 1.0)
    return traffic
