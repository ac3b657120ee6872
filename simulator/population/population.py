"""A population as a system: blocks of stacked agents that play games along a topology."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from simulator.agents import Agent
from simulator.channel import Channel
from simulator.engine.system import Observation, Records, Row, State, as_events
from simulator.errors import RunError, StoreError
from simulator.games import Game, reward
from simulator.games.referents.sets import balanced
from simulator.pairing import Exchanges, pairing
from simulator.pairing.exchanges import with_self_talk
from simulator.population.block import Block, Members
from simulator.population.blocks import block_of
from simulator.population.crossplay import crossplay
from simulator.population.mail import Feedback
from simulator.population.play import play
from simulator.population.settings import Recording, Training
from simulator.population.turnover import Turnover
from simulator.randomness import Luck
from simulator.store.lexicon import Lexicon, LexiconSplit
from simulator.topology import Topology
from simulator.topology.rewiring import Rewiring, edge_events

JUDGED_REFERENTS = 256
"""At most so many referents decide whom a rewiring rule takes to be understood, whatever is recorded."""


class Population:
    """N agents on a communication graph who learn to talk; a `simulator.engine.System`.

    The population is cut into blocks of `block_agents` agents. All that happens in a step is a function of the state,
    the seed and the step number; blocks never share more than mail and feedback. With `others`, a number and a kind of
    agent, the agents from that number on are of that kind.
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
        luck: Luck,
        block_agents: int,
        device: torch.device,
        others: tuple[int, Agent] | None = None,
    ) -> None:
        self.topology, self.game, self.channel, self.kind = topology, game, channel, kind
        self.training, self.recording, self.luck = training, recording, luck
        self.rewiring, self.turnover = rewiring, turnover
        self.now = 0
        self.games = 0
        self.born = np.zeros(topology.n_agents, dtype=np.int64)
        self._last_step: dict[str, torch.Tensor] = {}
        groups = {"agents.": (kind, range(topology.n_agents))}
        if others:
            groups["agents."] = (kind, range(others[0]))
            groups["agents.others."] = (others[1], range(others[0], topology.n_agents))
        self.blocks: list[Block] = []
        self._groups: dict[str, list[Block]] = {}
        for prefix, (own, agents) in groups.items():
            self._groups[prefix] = [
                block_of(
                    [Members(luck, number, min(block_agents, agents.stop - first))],
                    first=first,
                    kind=own,
                    game=game,
                    channel=channel,
                    training=training,
                    device=device,
                )
                for number, first in enumerate(agents[::block_agents], start=len(self.blocks))
            ]
            self.blocks += self._groups[prefix]
        self._self_talk = np.concatenate([np.full(block.n, block.kind.self_talk) for block in self.blocks])

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

    def observe(self, *, closely: bool) -> Observation:
        """Return games, loss and reward as metrics, and with a close look the lexicon.

        Loss (nats) and reward are means over the games of the last step. Draws the candidates of cross-play at an
        address without a step, so that all records are taken on the same games. Raises `RunError` when the
        weights are no longer finite.
        """
        self._check_finite()
        metrics: list[Row] = [{"name": "games", "value": float(self.games)}]
        metrics += [{"name": name, "value": float(value)} for name, value in self._last_step.items()]
        return Observation(self.now, metrics, self.lexicon() if closely else None)

    def lexicon(self) -> Lexicon:
        """Return what all agents say and understand, on the recorded referents of every split."""
        splits = {split: self.crossplay(split, self.recorded_referents(split)) for split in self.game.referents.splits}
        return Lexicon(self.now, splits)

    def recorded_referents(self, split: str) -> np.ndarray:
        """Return the referents of a split that cross-play is about, `[R]`."""
        return self._some_referents(split, self.recording.referents)

    def crossplay(self, split: str, referents: np.ndarray) -> LexiconSplit:
        """Return what all agents say and understand, greedily, about some `referents [R]` of a split."""
        generator = self.luck.at(f"cross-play-{split}")
        return crossplay(self.blocks, self.game, referents, split=split, generator=generator)

    def state(self) -> State:
        """Return weights, optimiser, links, step and games; agents are the first axis of every `agents.` tensor."""
        self._check_finite()
        tensors = self._agents()
        links = {"sources": self.topology.sources, "targets": self.topology.targets}
        if self.topology.weights is not None:
            links["weights"] = self.topology.weights
        tensors |= {f"topology.{name}": torch.from_numpy(values) for name, values in links.items()}
        tensors["born"] = torch.from_numpy(self.born)
        last_step = {name: float(value) for name, value in self._last_step.items()}
        return State(tensors, {"step": self.now, "games": self.games, "last_step": last_step})

    def load(self, state: State) -> None:
        """Take over a state of a population of the same configuration; `StoreError` when it is of another."""
        tensors = state.tensors
        _check_fits(state, self._agents())
        weights = tensors.get("topology.weights")
        self.topology = self.topology.with_edges(
            tensors["topology.sources"].numpy(),
            tensors["topology.targets"].numpy(),
            weights=None if weights is None else weights.numpy(),
        )
        for prefix, blocks in self._groups.items():
            for block in blocks:
                start = block.first - blocks[0].first
                block.load({name: tensors[prefix + name][start : start + block.n] for name in block.tensors()})
        self.born = tensors["born"].numpy().copy()
        self.now, self.games = int(state.values["step"]), int(state.values["games"])
        self._last_step = {
            name: torch.tensor(value, dtype=torch.float64) for name, value in state.values["last_step"].items()
        }

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
        everything: dict[str, torch.Tensor] = {}
        for prefix, blocks in self._groups.items():
            parts = [block.tensors() for block in blocks]
            everything |= {prefix + name: torch.cat([part[name] for part in parts]) for name in parts[0]}
        return everything

    def _exchanges(self) -> Exchanges:
        """Draw who talks to whom in this step; every block could draw the same by itself."""
        drawn = pairing.call(
            self.training.pairing, {}, topology=self.topology, generator=self.luck.at("pairing", self.now)
        )
        return with_self_talk(drawn, self._self_talk[drawn.speakers], self.luck.at("self-talk", self.now))

    def _play(self) -> Feedback:
        """Play one step and return what the listeners thought of it."""
        exchanges = self._exchanges()
        mail, feedback = play(self.blocks, self.now, exchanges, self.training.games_per_step)
        earned = reward(feedback.success, mail.lengths, length_cost=self.channel.length_cost)
        self._last_step = {"loss": -feedback.log_likelihood.double().mean(), "reward": earned.double().mean()}
        self.games += len(exchanges.speakers) * self.training.games_per_step
        return feedback

    def _replace(self, turnover: Turnover) -> list[Row]:
        """Put newcomers in the places of those who leave, and return that as events of the coming step."""
        leaving = turnover.leaving(self.born, self.luck.at("turnover", self.now))
        for block in self.blocks:
            block.replace(leaving[block.owns(leaving)], self.now)
        self.born[leaving] = self.now
        return [{"step": self.now + 1, "kind": "agent-replaced", "source": int(agent)} for agent in leaving]

    def _rewire(self) -> list[dict[str, Any]]:
        """Change the links as the rules that are due say, and return the changes as events of the coming step."""

        def success() -> np.ndarray:
            return self.crossplay("train", self._some_referents("train", JUDGED_REFERENTS)).success

        new = self.rewiring.apply(self.topology, self.luck, success=success, step=self.now)
        before, self.topology = self.topology, new
        return edge_events(self.now + 1, before, new)

    def _check_finite(self) -> None:
        if not all(block.is_finite() for block in self.blocks):
            raise RunError(
                f"training diverged before step {self.now}: weights are no longer finite; "
                f"lower training.learning_rate (now {self.training.learning_rate})"
            )


def _check_fits(state: State, own: Mapping[str, torch.Tensor]) -> None:
    """Refuse a checkpoint that belongs to another configuration, or to no population."""
    needed = {name: tuple(tensor.shape) for name, tensor in own.items()}
    got = {name: tuple(tensor.shape) for name, tensor in state.tensors.items() if name.startswith("agents.")}
    for name in [*needed, *got]:
        if needed.get(name) != got.get(name):
            raise StoreError(
                f"checkpoint: expected {name} of shape {needed.get(name)}, got {got.get(name)}; "
                "it belongs to another configuration"
            )
    for name in ("topology.sources", "topology.targets", "born", "step", "games", "last_step"):
        if name not in state.tensors and name not in state.values:
            raise StoreError(f"checkpoint: expected {name}, got nothing")
