"""Populations whose agents learn to communicate."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

import numpy as np
import pydantic
from pydantic import Field

from hubbub.analysis.dialects import pair_means, similarity_matrix
from hubbub.scenarios.agent_emergence import emergence_metrics
from hubbub.scenarios.devices import device_named
from hubbub.scenarios.scenario import Scenario
from hubbub.scenarios.systems.catalogue import system
from hubbub.scenarios.tables import referents_table, topology_files
from hubbub.simulator.agents import Agent, agent
from hubbub.simulator.agents.associative import Associative
from hubbub.simulator.agents.compiled import Compiled
from hubbub.simulator.channel import Channel
from hubbub.simulator.configuration import Choice, Section, choice, field_is, retyped
from hubbub.simulator.engine import Observation, Row, Team
from hubbub.simulator.errors import ConfigurationError
from hubbub.simulator.games import Game, game
from hubbub.simulator.games.referents import referents
from hubbub.simulator.games.rewards import Reward
from hubbub.simulator.memory_limit import refuse_more_than_memory
from hubbub.simulator.pairing import pairing
from hubbub.simulator.population import (
    FUSED_AGENTS,
    FUSED_DEVICES,
    FUSED_GAMES,
    Intervention,
    Kernel,
    OtherAgents,
    Population,
    PopulationParts,
    Recording,
    Training,
    Turnover,
)
from hubbub.simulator.randomness import RandomStreams
from hubbub.simulator.store import Lexicon
from hubbub.simulator.topology import Topology, build_topology, topology
from hubbub.simulator.topology.rewiring import Rewiring, ScheduledRule, scheduled_rule

if TYPE_CHECKING:
    import pyarrow as pa

S = TypeVar("S", bound="CommunicationScenario")

SMALL = 8
"""Largest number of agents at which populations gain from computing their steps together; larger ones gain nothing."""


class CommunicationScenario(Scenario):
    """The settings of agents that communicate, whether they are one population or many."""

    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "if": field_is("channel", "estimator", {"const": "reinforce"}),
            "then": {"properties": {"training": {"properties": {"games_per_step": {"minimum": 2}}}}},
        },
        {
            "if": field_is("engine", "kernel", {"const": "fused"}),
            "then": {
                "properties": {
                    "agent": {"properties": {"kind": {"const": "gru"}}},
                    "game": {"properties": {"kind": {"enum": ["reconstruction", "discrimination"]}}},
                    "engine": {"properties": {"device": {"const": "cpu"}, "compile": {"const": False}}},
                }
            },
        },
    )
    topology: Choice
    """Who may hear whom."""
    referents: Choice = Field(default={"kind": "symbolic"}, validate_default=True)
    """What agents talk about."""
    game: Choice = Field(default={"kind": "reconstruction"}, validate_default=True)
    """The rules of one exchange."""
    channel: Channel = Channel()
    """How messages travel."""
    agent: Choice = Field(default={"kind": "gru"}, validate_default=True)
    """The kind of agent, with its architecture."""
    training: Training = Training()
    """How long and how the agents learn."""

    @cached_property
    def n_agents(self) -> int:
        """N; where the topology has no such option, its graph is built to count them."""
        given = self.topology.options().get("n_agents")
        return int(given) if given is not None else build_topology(self.topology, RandomStreams(self.seed)).n_agents

    @property
    def size(self) -> int:
        """Steps times agents times games times symbols times units."""
        per_agent = self.training.games_per_step * self.channel.max_length * self.agent.options().get("hidden", 1)
        return int(self.length * self.n_agents * per_agent)

    @pydantic.model_validator(mode="after")
    def _games_for_a_baseline(self) -> CommunicationScenario:
        if self.channel.estimator == "reinforce" and self.training.games_per_step < 2:
            raise ValueError(
                "training.games_per_step: expected at least 2 with channel.estimator=reinforce, whose baseline is the "
                f"mean over the games of an exchange, got {self.training.games_per_step}"
            )
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its agents."""
        return (self.agent.kind,)

    @property
    def reward(self) -> Choice:
        """What a game earns."""
        return self.game.beside("reward")

    @property
    def kernel(self) -> Kernel:
        """What computes the steps: with `auto` the fused step, where all agents and the game have one."""
        return "autograd" if self.engine.kernel == "autograd" or self._without_fused_step() else "fused"

    @property
    def kernel_reason(self) -> str:
        """Why the steps are not fused, though that was not asked for."""
        return (self._without_fused_step() or "") if self.engine.kernel == "auto" else ""

    def _without_fused_step(self) -> str | None:
        """Return the setting that has no fused step, with the reason, or None."""
        for kind in self.kinds:
            if agent[kind] not in FUSED_AGENTS:
                return f"agent.kind={kind}, because only gru agents have a fused step"
        if game[self.game.kind] not in FUSED_GAMES:
            return f"game.kind={self.game.kind}, because only reconstruction and discrimination have a fused step"
        if self.reward.kind != "success":
            return f"game.reward={self.reward.kind}, because agents follow success in the fused step"
        if self.engine.device not in FUSED_DEVICES:
            return f"engine.device={self.engine.device}, because the fused step is for a CPU"
        if self.engine.compile:
            return "engine.compile=true, which compiles the step of autograd"
        return None

    @pydantic.model_validator(mode="after")
    def _a_kernel_that_fits(self) -> CommunicationScenario:
        reason = self._without_fused_step()
        if self.engine.kernel == "fused" and reason:
            raise ValueError(f"engine.kernel: expected 'auto' or 'autograd' with {reason}; got 'fused'")
        return self

    @pydantic.model_validator(mode="after")
    def _a_reward_that_can_be_followed(self) -> CommunicationScenario:
        kind = self.reward.kind
        if kind == "success":
            return self
        for agents in self.kinds:
            if inspect.isclass(agent[agents]) and issubclass(agent[agents], Associative):  # type: ignore[arg-type]
                raise ValueError(
                    f"game.reward: expected 'success' with agent.kind={agents}, which learns from success alone, "
                    f"got {kind!r}"
                )
        of_messages = [name for name in Reward(kind).wanted if name in ("lengths", "messages")]
        if of_messages and self.channel.estimator == "gumbel":
            raise ValueError(
                f"channel.estimator: expected 'reinforce' with game.reward={kind}, which asks for {of_messages[0]}, of "
                "which gumbel has no gradient, got 'gumbel'"
            )
        return self

    def parts(self, team: Team | None = None) -> PopulationParts:
        """Return what the agents share: game, channel, kind of agent, training and device."""
        objects = self.referents.build(generator=RandomStreams(self.seed).at("referents"))
        chosen = Reward(self.reward.kind, self.reward.options())
        rules: Game = self.game.build(referents=objects).paying(chosen)
        device = device_named(self.engine.device, team=team)
        return PopulationParts(rules, self.channel, self.kind_of(self.agent, rules), self.training, device, self.kernel)

    def refuse_too_large(self, kind: Agent, *, n_agents: int, members: int = 1) -> None:
        """Refuse sizes for which the memory of this machine is too small, before anything is allocated.

        Four numbers are kept for each weight (itself, two moments, its gradient), and one for each symbol that each
        game of a step may have, of the agents in a block.
        """
        weights = 16.0 * n_agents * sum(math.prod(shape) for shape in kind.layout.values()) / members
        own = {name: value for name, value in self.agent.options().items() if type(value) is int}
        sizes = {f"agent.{name}": value for name, value in sorted(own.items(), key=lambda item: -item[1])}
        refuse_more_than_memory(weights, {**sizes, "agents": n_agents})
        games, channel = self.training.games_per_step, self.channel
        symbols = 4.0 * min(n_agents, self.engine.agents_per_block(n_agents)) * games
        largest = {
            "training.games_per_step": games,
            "channel.max_length": channel.max_length,
            "channel.vocabulary": channel.vocabulary,
        }
        most = dict(sorted(largest.items(), key=lambda item: -item[1]))
        refuse_more_than_memory(symbols * channel.max_length * channel.vocabulary, most)

    def kind_of(self, chosen: Choice, rules: Game) -> Agent:
        """Return the kind of agent that is chosen, for a game."""
        kind: Agent = chosen.build(game=rules, channel=self.channel)
        if self.engine.compile and isinstance(kind, Associative):
            raise ConfigurationError("engine.compile: expected false with associative agents, got true")
        return Compiled(kind) if self.engine.compile else kind


class Others(Section):
    """A second kind of agent in the same population."""

    first: Annotated[int, Field(ge=1)]
    """Number of the first agent of the second kind; all agents from this number on are of this kind."""
    agent: Choice
    """The second kind of agent."""


class PopulationRecording(Recording):
    """What is recorded of a population besides the metrics."""

    emergence: bool = False
    """Whether the path emergence of every agent is recorded with each lexicon; all agents must be of kind gru."""


class PopulationScenario(CommunicationScenario):
    """A named, configured population with its recordings."""

    length_field: ClassVar[str] = "training.steps"
    schema_rules: ClassVar[tuple[dict[str, Any], ...]] = (
        {
            "if": {"required": ["others"], "properties": {"others": {"type": "object"}}},
            "then": field_is("channel", "estimator", {"const": "reinforce"}),
        },
        {
            "if": field_is("recording", "emergence", {"const": True}),
            "then": {"properties": {"agent": {"properties": {"kind": {"const": "gru"}}}, "others": {"type": "null"}}},
        },
    )
    system: Literal["population"] = "population"
    """Kind of system."""
    others: Others | None = None
    """A second kind of agent; without it, all agents are of the same kind."""
    rewiring: tuple[ScheduledRule, ...] = ()
    """How the links change during the run."""
    turnover: Turnover | None = None
    """How agents are replaced during the run; without it, none is."""
    interventions: tuple[Intervention, ...] = ()
    """What is changed during the run besides links and agents."""
    recording: PopulationRecording = PopulationRecording()
    """What is recorded besides the metrics."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of its agents."""
        return (self.agent.kind, *((self.others.agent.kind,) if self.others else ()))

    @property
    def snapshot_every(self) -> int:
        """Steps between two lexicons."""
        return self.recording.lexicon_every or self.engine.record_every

    @property
    def shape(self) -> str | None:
        """All that decides how a step is computed; topology, seed, length and learning rate may differ."""
        learns_by_gradients = not issubclass(agent[self.agent.kind], Associative)  # type: ignore[arg-type]
        in_one_block = self.n_agents <= min(SMALL, self.engine.agents_per_block(self.n_agents))
        if self.others or self.engine.compile or not learns_by_gradients or not in_one_block:
            return None
        if self.reward.kind != "success" or self.tracking:
            return None  # rewards may ask for referents by number, and some trackers show one run at a time
        sections = (self.modules, self.referents, self.game, self.channel, self.agent, self.training.games_per_step)
        return repr((*sections, self.engine.device, self.engine.threads, self.kernel))

    @property
    def rows(self) -> int:
        """N."""
        return self.n_agents

    @pydantic.model_validator(mode="after")
    def _lexicons_at_records(self) -> PopulationScenario:
        every, record = self.snapshot_every, self.engine.record_every
        if every % record:
            raise ValueError(
                f"recording.lexicon_every: expected a multiple of engine.record_every ({record}), got {every}"
            )
        return self

    @pydantic.model_validator(mode="after")
    def _paths_that_can_be_counted(self) -> PopulationScenario:
        if self.recording.emergence and (self.agent.kind != "gru" or self.others):
            got = f"agent.kind={self.agent.kind}" + (" with others" if self.others else "")
            raise ValueError(f"recording.emergence: expected false, or agent.kind=gru without others, got {got}")
        return self

    @pydantic.model_validator(mode="after")
    def _a_signal_that_all_kinds_can_give(self) -> PopulationScenario:
        if self.others and self.channel.estimator != "reinforce":
            raise ValueError(
                "channel.estimator: expected 'reinforce' with others, whose agents may not give the gradient with "
                f"respect to a message, got {self.channel.estimator!r}"
            )
        return self


@system("population")
class PopulationKind:
    """N agents on a communication graph who learn to communicate."""

    headline: ClassVar[tuple[str, ...]] = (
        "success_over_links",
        "success_all_pairs",
        "success_self",
        "generalisation_over_links",
    )
    shown: ClassVar[tuple[str, ...]] = ("topology", "lexicon", "before", "weights", "channel", "game")

    def model(self) -> type[PopulationScenario]:
        """Return the strict model, with every topology, game, agent and rule that is registered by now."""
        others: Any = retyped(Others, agent=choice(agent))
        rules: Any = tuple[scheduled_rule(), ...]  # type: ignore[misc]
        return with_kinds(PopulationScenario, rewiring=rules, others=others | None)

    def assemble(self, scenario: PopulationScenario, topology: Topology | None, team: Team) -> Population:
        """Return the population at step 0."""
        rng = RandomStreams(scenario.seed)
        links = topology or build_topology(scenario.topology, rng)
        if scenario.turnover and scenario.turnover.agents > links.n_agents:
            raise ConfigurationError(
                f"turnover.agents: expected at most {links.n_agents}, the number of agents, "
                f"got {scenario.turnover.agents}"
            )
        parts, others = scenario.parts(team), None
        scenario.refuse_too_large(parts.kind, n_agents=links.n_agents, members=team.size)
        if scenario.others:
            if scenario.others.first >= links.n_agents:
                raise ConfigurationError(
                    f"others.first: expected less than {links.n_agents}, the number of agents, "
                    f"got {scenario.others.first}"
                )
            others = OtherAgents(scenario.others.first, scenario.kind_of(scenario.others.agent, parts.game))
        return Population(
            topology=links,
            parts=parts,
            others=others,
            recording=scenario.recording,
            observe_weights=scenario.recording.emergence or scenario.asks_for("weights"),
            rewiring=Rewiring(scenario.rewiring),
            turnover=scenario.turnover,
            interventions=scenario.interventions,
            rng=rng,
            block_agents=scenario.engine.agents_per_block(links.n_agents),
            team=team,
        )

    def describe(self, built: Population) -> Mapping[str, pa.Table | str]:
        """Return agents, the graph at the start, and the recorded referents."""
        return {**topology_files(built.topology), "referents.parquet": referents_table(built)}

    def measure(self, built: Population) -> Callable[[Observation], Iterable[Row]]:
        """Return the function that turns a lexicon into success, similarity and generalisation."""

        def rows(observation: Observation) -> Iterable[Row]:
            if observation.snapshot is None:
                return []
            assert isinstance(observation.snapshot, Lexicon)
            found = language_metrics(observation.snapshot, built.topology, built.channel)
            emerging = getattr(built.recording, "emergence", False)
            return found + emergence_metrics(observation, built.game) if emerging else found

        return rows

    def show(self, built: Population, observation: Observation) -> Mapping[str, Any]:
        """Return the graph, the rules, and with a lexicon this and, where they are observed, the weights."""
        shown: dict[str, Any] = {"topology": built.topology, "channel": built.channel, "game": built.game}
        if isinstance(observation.snapshot, Lexicon):
            shown["lexicon"] = observation.snapshot
        if observation.tensors:
            names = {name: re.sub(r"^agents\.|weights\.|memory\.", "", name) for name in observation.tensors}
            shown["weights"] = {names[name]: tensor.cpu().numpy() for name, tensor in observation.tensors.items()}
        return shown


def language_metrics(lexicon: Lexicon, topology: Topology, channel: Channel) -> list[Row]:
    """Return success, similarity and generalisation of a lexicon as metric rows."""
    edges = np.column_stack([topology.sources, topology.targets])
    train = lexicon.splits["train"]
    success = pair_means(train.success, edges)
    alike = similarity_matrix(train.messages, lengths=train.lengths, end_symbol=0 if channel.end_symbol else None)
    similarity = pair_means(alike, edges)
    values = {
        **{f"success_{pairs}": success[pairs] for pairs in ("over_links", "all_pairs", "unlinked", "self")},
        **{f"similarity_{pairs}": similarity[pairs] for pairs in ("over_links", "all_pairs")},
    }
    if "held_out" in lexicon.splits:
        values["generalisation_over_links"] = pair_means(lexicon.splits["held_out"].success, edges)["over_links"]
    return [{"name": name, "value": value} for name, value in values.items()]


def with_kinds(model: type[S], **more: Any) -> type[S]:
    """Return a model of scenarios whose sections with a `kind` offer everything that is registered by now."""
    return retyped(
        model,
        topology=choice(topology),
        referents=choice(referents),
        game=choice(game),
        agent=choice(agent),
        training=retyped(type(model.model_fields["training"].default), pairing=Literal[tuple(pairing)]),
        **more,
    )
