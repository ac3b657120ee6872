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
    modules: list[str] = Field(default_factory=list)
    """Your own modules (dotted names or paths of .py files) that register topologies, games, rules …"""
    topology: Choice
    """Who may hear whom."""
    rewiring: list[ScheduledRule] = Field(default_factory=list)
    """How the links change during the run."""
    referents: Choice
    """What is talked about."""
    game: Choice
    """The rule of one exchange."""
    channel: Channel = Channel()
    """How messages travel."""
    agent: Choice
    """Who talks."""
    training: Training = Training()
    """How long and how the agents learn."""
    recording: Recording = Recording()
    """What is written down."""
    engine: Engine = Engine()
    """How the run is run."""


def scenario_model() -> type[Scenario]:
    """Return the model of a scenario with all topologies, games, agents and rules that are registered by now."""
    default: dict[str, Any] = {
        "referents": {"kind": "symbolic"},
        "game": {"kind": "reconstruction"},
        "agent": {"kind": "gru"},
    }
    sections: dict[str, Any] = {"topology": (choice(topology), ...)}
    for name, registry in {"referents": referents, "game": game, "agent": agent}.items():
        sections[name] = (choice(registry), Field(default=default[name], validate_default=True))
    sections["rewiring"] = (list[scheduled_rule()], [])  # type: ignore[misc]
    for name, (annotation, value) in sections.items():
        described = Scenario.model_fields[name].description
        extra = value if isinstance(value, pydantic.fields.FieldInfo) else Field(default=value)
        extra.description = described
        sections[name] = (annotation, extra)
    return pydantic.create_model("Scenario", __base__=Scenario, __doc__=Scenario.__doc__, **sections)
