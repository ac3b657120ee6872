"""The configuration of a run: one strict model, made of the sections of the rooms."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic
from pydantic import Field

from simulator.agents import agent
from simulator.channel import Channel
from simulator.configuration import Choice, Section, choice
from simulator.engine import Engine
from simulator.games import game
from simulator.games.referents import referents
from simulator.pairing import pairing
from simulator.population import Recording, Training
from simulator.topology import topology
from simulator.topology.rewiring import ScheduledRule, scheduled_rule


class Scenario(Section):
    """A named, configured population with its recordings."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    """Name of the scenario; run directories begin with it."""
    description: str = ""
    """One line for the list of scenarios."""
    system: Literal["population"] = "population"
    """What is stepped."""
    seed: Annotated[int, Field(ge=0)] = 0
    """The seed from which all draws of the run follow."""
    modules: tuple[str, ...] = ()
    """Your own modules (dotted names or paths of .py files) that register topologies, games, rules …"""
    topology: Choice
    """Who may hear whom."""
    rewiring: tuple[ScheduledRule, ...] = ()
    """How the links change during the run."""
    referents: Choice = Field(default={"kind": "symbolic"}, validate_default=True)
    """What is talked about."""
    game: Choice = Field(default={"kind": "reconstruction"}, validate_default=True)
    """The rule of one exchange."""
    channel: Channel = Channel()
    """How messages travel."""
    agent: Choice = Field(default={"kind": "gru"}, validate_default=True)
    """Who talks."""
    training: Training = Training()
    """How long and how the agents learn."""
    recording: Recording = Recording()
    """What is written down."""
    engine: Engine = Engine()
    """How the run is run."""

    @pydantic.model_validator(mode="after")
    def _games_for_a_baseline(self) -> Scenario:
        if self.channel.estimator == "reinforce" and self.training.games_per_step < 2:
            raise ValueError(
                "training.games_per_step: expected at least 2 with channel.estimator=reinforce, whose baseline is the "
                f"mean over the games of an exchange, got {self.training.games_per_step}"
            )
        return self

    @pydantic.model_validator(mode="after")
    def _lexicons_at_records(self) -> Scenario:
        every, record = self.recording.lexicon_every, self.engine.record_every
        if every and every % record:
            raise ValueError(
                f"recording.lexicon_every: expected a multiple of engine.record_every ({record}), got {every}"
            )
        return self


def _with_pairings() -> type[Training]:
    """Return the section `training` with all pairing rules that are registered by now."""
    field = Training.model_fields["pairing"]
    named: Any = (Literal[tuple(pairing)], Field(default=field.default, description=field.description))
    return pydantic.create_model("Training", __base__=Training, __doc__=Training.__doc__, pairing=named)


def scenario_model() -> type[Scenario]:
    """Return the model of a scenario with all topologies, games, agents and rules that are registered by now."""
    types: dict[str, Any] = {
        "topology": choice(topology),
        "rewiring": tuple[scheduled_rule(), ...],  # type: ignore[misc]
        "referents": choice(referents),
        "game": choice(game),
        "agent": choice(agent),
        "training": _with_pairings(),
    }
    fields: dict[str, Any] = {}
    for name, annotation in types.items():
        field = Scenario.model_fields[name]
        default = field.default.model_dump() if isinstance(field.default, Section) else field.default
        fields[name] = (annotation, Field(default=default, description=field.description, validate_default=True))
    return pydantic.create_model("Scenario", __base__=Scenario, __doc__=Scenario.__doc__, **fields)
